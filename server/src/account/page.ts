/**
 * The page itself and its files. The page is the same for everybody and holds nothing of anybody: it asks for a token by a sign-in of
 * its own, and keeps it in its memory. RFC 6749 section 4.1 with RFC 7636.
 */
import { fileURLToPath } from 'node:url'
import { Type } from 'typebox'
import { Refusal } from '#domain/refusal.ts'
import { anyone, endpoint, type Situation } from '#http/endpoint.ts'
import { pageAt, readWebApp, type WebApp } from '#http/web-app.ts'

/** Undefined: not built. */
type Needs = { readonly app: WebApp | undefined }

// The same from the sources, from what tsc wrote and from the joined program.
const FOLDER = fileURLToPath(new URL('../../../web/dist/account', import.meta.url))

export const readAccountApp = (): WebApp | undefined => readWebApp(FOLDER)

export const page = endpoint({
  method: 'GET',
  path: '/{tenant}/account',
  summary: 'The page on which people see and change their devices and passwords.',
  access: anyone('a page without anything of anybody'),
  answers: { status: 200, shape: Type.String(), type: 'text/html;charset=UTF-8' },
  refusals: ['not_found'],
  async handle(_, { origin }: Situation, { app }: Needs) {
    if (!app) throw new Refusal('not_found', 'The page is not built here. Run: npm run build')
    return { body: pageAt(app, origin), headers: { 'cross-origin-opener-policy': 'same-origin' } }
  },
})

export const file = endpoint({
  method: 'GET',
  path: '/account-app/{file}',
  summary: 'A file that the page of people’s own devices names.',
  access: anyone('files of a page, the same for everybody'),
  params: Type.Object({ file: Type.String({ maxLength: 64 }) }),
  answers: { status: 200, shape: Type.String(), type: 'application/octet-stream' },
  refusals: ['not_found'],
  async handle({ path }, _: Situation, { app }: Needs) {
    const found = app?.files.get(path.file)
    if (!found) throw new Refusal('not_found')
    return { body: found.bytes, headers: found.headers }
  },
})
