/** A server is told to stop: requests under way are answered, nothing new is taken, the process ends with 0. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { countersign, startProcess } from '../process.ts'
import { form, send } from '../world.ts'

const home = mkdtempSync(join(tmpdir(), 'countersign-stop-'))
const environment = { COUNTERSIGN_HOME: home }
afterAll(() => rmSync(home, { recursive: true, force: true }))

test('SIGTERM drains: every request that was sent is answered', async () => {
  const server = await startProcess('demo', environment)
  const { client, users } = server.demo!
  const [user] = users
  const login = () =>
    send(`${server.base}/demo/authn/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form({ grant_type: 'password', ...client, username: user!.externalId, password: user!.password }),
    })
  const underWay = Array.from({ length: 8 }, login)
  await new Promise(later => setTimeout(later, 30))
  // Connections are taken in their order: those before it are the server's, too.
  expect((await send(`${server.base}/readyz`)).status).toBe(200)
  const ended = server.stop()
  const answers = await Promise.all(underWay)
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  expect(await ended).toBe(0)
  await expect(login()).rejects.toThrow()
})

test('the home is free again, and what was answered is there', async () => {
  const { code, stdout } = await countersign(['verify'], environment)
  expect({ code, stdout: stdout.slice(0, 6) }).toEqual({ code: 0, stdout: 'Clean:' })
  const again = await startProcess('demo', environment)
  const second = await startProcess('demo', environment).catch((error: Error) => error.message)
  expect(second).toContain('in use by another server')
  expect(await again.stop()).toBe(0)
})

test('serve refuses what is unsafe and says what to change', async () => {
  const { code, stderr } = await countersign(['serve'], { COUNTERSIGN_HOME: `${home}-none` })
  expect(code).toBe(1)
  expect(stderr).toContain('Set COUNTERSIGN_URL')
})
