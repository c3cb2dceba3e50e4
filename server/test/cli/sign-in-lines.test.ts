/** docs/integrate/sign-in.md: its lines, pasted into a shell after those of clients.md, push a request and redeem the code that a browser brings back. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Browser } from '../sign-in/browser.ts'
import { startWorld, type World } from '../world.ts'

const blocksOf = (page: string) => {
  const text = readFileSync(new URL(`../../../docs/integrate/${page}`, import.meta.url), 'utf8')
  return [...text.matchAll(/^( *)```sh\n([\s\S]*?)^ *```$/gm)].map(([, , lines = '']) => lines)
}

let world: World
let folder: string
beforeAll(async () => {
  world = await startWorld()
  folder = mkdtempSync(join(tmpdir(), 'countersign-lines-'))
  symlinkSync(world.home, join(folder, '.countersign'))
})
afterAll(async () => {
  await world?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Not synchronously: the server runs in this process. */
async function shell(lines: string, more: Record<string, string> = {}): Promise<string[]> {
  const options = { cwd: folder, env: { PATH: process.env.PATH ?? '', ...more }, timeout: 30_000 }
  const { stdout } = await promisify(execFile)('bash', ['-c', `set -e\n${lines}`], options)
  return stdout.trimEnd().split('\n')
}

test('the lines of the page', async () => {
  const [prepare = ''] = blocksOf('clients.md')
  const [register, push, redeem = '', ...others] = blocksOf('sign-in.md')
  expect(others).toEqual([])
  const [address = '', kept = ''] = await shell(`${prepare}\n${register}\n${push}\necho $authn $ID $SECRET $VERIFIER`)
  const [authn = '', ID = '', SECRET = '', VERIFIER = ''] = kept.split(' ')
  expect(address).toMatch(/\/demo\/authn\/login\?client_id=\d+&request_uri=urn:hid:[0-9a-f-]{36}$/)

  const browser = new Browser(world)
  await browser.visit({ id: ID }, new URL(address).searchParams.get('request_uri') ?? '')
  const [, bob] = world.demo.users
  const proved = await browser.code({
    authType: 'AT_STDPWD',
    username: bob?.externalId ?? '',
    password: bob?.password ?? '',
  })
  expect([proved.status, proved.text]).toEqual([200, expect.any(String)])
  const back = await browser.end()
  expect([back.get('state'), back.get('iss')]).toEqual(['s-1', authn])

  // As it stands in the address, where a plus sign is written %2B.
  const CODE = encodeURIComponent(back.get('code') ?? '')
  const [answer = ''] = await shell(redeem, { authn, ID, SECRET, VERIFIER, CODE })
  expect(JSON.parse(answer)).toMatchObject({
    token_type: 'Bearer',
    scope: 'openid profile',
    id_token: expect.any(String),
  })
})
