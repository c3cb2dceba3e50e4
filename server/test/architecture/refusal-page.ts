/** The page of all refusals for integrators, made from the list in `domain/refusal.ts`: `docs/integrate/refusals.md`. */
import { type RefusalCode, refusals } from '#domain/refusal.ts'

const FRAME = `# How the server says no

Every expected refusal has one code. This page is made from the list in \`server/src/domain/refusal.ts\` and a test compares
the two; after a change of the list, \`npx vitest run server/test/refusal-documentation.test.ts -u\` writes it anew.

Each door words a refusal in its own dialect:

- **OpenID** answers \`{"error", "error_description"}\`. \`error\` is the code, or the name that OAuth has for it.
  A client that failed to prove itself in a Basic header gets 401 with a challenge, in the body 400.
- **SCIM and configuration** answer \`{"schemas", "status", "scimType", "errorCode", "detail"}\`. Where RFC 7644 has no
  \`scimType\` for a case, our own code stands there in camel case, so the member is never missing.

The sentence is the one that is sent when nothing more exact can be said; never decide by its text. No refusal tells whether a
user exists unless the caller is an authenticated client and the call is there to tell. 429 and 503 carry \`Retry-After\` where
the time is known. Anything unexpected is a 500 that names a correlation id, which the log has too.

| code | HTTP | \`scimType\` | \`errorCode\` | sentence |
|---|---|---|---|---|
`

const row = (code: RefusalCode) => {
  const [status, scimType, errorCode, sentence] = refusals[code]
  return `| \`${code}\` | ${status} | ${scimType === null ? 'own code' : `\`${scimType}\``} | ${errorCode} | ${sentence} |\n`
}

export function refusalPage(): string {
  return FRAME + (Object.keys(refusals) as RefusalCode[]).map(row).join('')
}
