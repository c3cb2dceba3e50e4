/** docs/integrate/push-approval.md: its lines, pasted one block after the other into a shell beside a started demo, do what the page says. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../../tools/free-port.ts'
import { type ServerProcess, startProcess } from '../process.ts'

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url))
const page = readFileSync(path('../../../docs/integrate/push-approval.md'), 'utf8')
const blocks = [...page.matchAll(/^( *)```sh\n([\s\S]*?)^ *```$/gm)].map(([, , lines = '']) => lines)

let folder: string
let demo: ServerProcess
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-lines-'))
  demo = await startProcess('demo', { COUNTERSIGN_HOME: join(folder, '.countersign') })
})
afterAll(async () => {
  await demo?.stop()
  rmSync(folder, { recursive: true, force: true })
})

describe('the lines of the page', () => {
  it('enrol, ask in both dialects, are called, and check the signature', async () => {
    expect(blocks.length).toBe(9)
    const command = `npx() { shift; "${process.execPath}" "${path('../../bin/countersign.js')}" "$@"; }`
    const marked = blocks.map((block, n) => `${block}\necho; echo "=== ${n}"`).join('\n')
    const lines = `set -e\ntrap 'kill $(jobs -p) 2>&- || true' EXIT\n${command}\n${marked}`.replaceAll(
      '9009',
      String(await freePort()),
    )
    const output = execFileSync('bash', ['-c', lines], {
      cwd: folder,
      env: { PATH: process.env.PATH ?? '' },
      encoding: 'utf8',
      timeout: 50_000,
    })
    const said = output.split(/\n=== \d+\n/)
    const [activated = '', registered = '', bearer = '', standard = '', called = '', checked = ''] = said.slice(3)
    expect(activated).toContain('This phone is registered for alice@demo.example')
    expect(JSON.parse(registered)).toMatchObject({
      response: 'success',
      key_thumbprint: expect.stringMatching(/^.{43}$/),
    })
    expect(bearer).toContain('Answered: accept.')
    expect(standard).toContain('"access_token":"')
    expect(called.trim().split('\n').at(-1)).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/)
    expect(checked).toContain('Verified OK')
    expect(checked).toContain('"tds":"{Payee,Rosa Lund},{Amount,250.00 EUR}"')
  })
})
