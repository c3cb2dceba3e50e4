/** What a newcomer reads when the demo has started: where to click first, and lines that work when they are pasted. */
import { BANK, type DemoWorld } from '#cli/demo-world.ts'

export function greeting({ content: { base, tenant, approve, bank }, file }: DemoWorld): readonly string[] {
  return [
    '',
    `Countersign is there:  ${base}/   (what to try)`,
    `                       ${base}/docs   (every call)`,
    '',
    ...firstClicks(base, approve, bank),
    'Or paste these lines into another terminal, in this folder; they validate a one-time password:',
    '',
    ...pastedLines(base, tenant, file).map(line => `  ${line}`),
    '',
    `All names and secrets of this demo stand in ${file}. Stop with Ctrl-C.`,
    '',
  ]
}

function firstClicks(base: string, approve: string | undefined, bank: string | undefined): readonly string[] {
  if (approve === undefined) return ['The approve app and the bank are not built here (npm run build makes them).', '']
  const app = `The approve app:       ${approve}/   (plays the phone; it works in this browser)`
  if (bank === undefined) return [app, 'The example bank is not running.', '']
  return [
    `Click here first:      ${bank}/   (${BANK}: enrol a phone, then approve a transfer)`,
    app,
    `Sign people in:        ${base}/people   (who, their passwords, and what happens)`,
    '',
  ]
}

/** They read the file of the demo through the shell, so that no secret stands on a page or in this output. */
export function pastedLines(base: string, tenant: string, file: string): readonly string[] {
  return [
    `demo() { node -p "JSON.parse(require('fs').readFileSync('${file}')).$1"; }`,
    `curl -s ${base}/${tenant}/authn/token -u "$(demo client.client_id):$(demo client.client_secret)" \\`,
    '  -d grant_type=password -d authType=AT_OTP -d username="$(demo try.user)" \\',
    '  -d password="$(npx countersign token --seed "$(demo try.seed)" --type "$(demo try.type)" otp)"; echo',
  ]
}
