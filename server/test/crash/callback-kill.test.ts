/**
 * C14: kill -9 between a decision and its callback, twenty times on a process of its own. After the restart the callback arrives, and
 * whatever was attempted before carries the same bytes: nothing was minted twice, and the session in it is good.
 */
import { randomInt } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Endpoint, openEndpoint, statusOf } from '#delivery/conformance/endpoint.ts'
import {
  giveClient,
  givePersonWithPhone,
  opened,
  type Person,
  type Phone,
  renewed,
  type TestClient,
  within,
} from '../approve/phones.ts'
import { countersign, type ServerProcess, startProcess } from '../process.ts'
import { clientToken, makeUser, send, type World } from '../world.ts'

const KILLS = 20
const home = mkdtempSync(join(tmpdir(), 'countersign-callback-kill-'))
let environment: Record<string, string>
let server: ServerProcess
let listener: Endpoint
let client: TestClient
let bearer: string

/** Of what makes up a world only the address is needed here. */
const world = () => ({ ...server, now_seconds: () => Math.floor(Date.now() / 1000) }) as unknown as World

beforeAll(async () => {
  // The phone knows the service by its port: it comes back on the same one.
  environment = { COUNTERSIGN_HOME: home, PORT: String(await freePort()) }
  server = await startProcess('demo', environment)
  listener = await openEndpoint()
  bearer = await clientToken(world())
  client = await giveClient(world(), bearer, {
    backchannel_token_delivery_mode: 'push',
    backchannel_client_notification_endpoint: listener.url,
  })
}, 120_000)
afterAll(async () => {
  await server?.kill()
  await listener?.close()
  rmSync(home, { recursive: true, force: true })
})

test(`C14: ${KILLS} times: the callback arrives with the same bytes`, { timeout: 400_000 }, async () => {
  const seen = { attempted: 0, untold: 0 }
  let held: { user: Person; phone: Phone } | undefined
  for (let round = 0; round < KILLS; round++) {
    // A user is asked so often in an hour and no more.
    if (round % 5 === 0) held = await givePersonWithPhone(world(), bearer)
    const { user, phone } = held as { user: Person; phone: Phone }
    const more = { client_notification_token: `token-${round}` }
    const { handle, request } = await opened(world(), client.bearer, user, phone, { createSession: '1' }, more)
    const told = () =>
      listener.received.flatMap(({ body }) => (body.includes(JSON.stringify(handle)) ? [body.toString()] : []))
    listener.answer(statusOf(500))
    expect(await phone.container.answer(request, 'accept')).toEqual({ status: 'accept' })
    await new Promise(later => setTimeout(later, randomInt(0, 60)))
    await server.kill()
    const before = told().length
    seen[before > 0 ? 'attempted' : 'untold'] += 1

    server = await startProcess('demo', environment)
    const tries = () => deliveries(handle)
    expect(
      await within(45_000, () => told().length > before),
      `round ${round}, ${before} before: ${await tries()}`,
    ).toBe(true)
    // Where the first attempt after the restart met the refusal, the next one comes by itself.
    if (before === 0) expect(await within(15_000, () => told().length > 1)).toBe(true)
    expect([...new Set(told())], `round ${round}`).toHaveLength(1)
    const { access_token } = JSON.parse(told()[0] ?? '{}')
    const info = await send(`${server.base}/demo/authn/userinfo`, {
      headers: { authorization: `Bearer ${access_token}` },
    })
    expect(info.status).toBe(200)
    bearer = await clientToken(world())
    client = await renewed(world(), client)
  }
  expect(await makeUser(world(), bearer)).toBeDefined()
  const verified = await countersign(['verify', '--json'], environment)
  expect(verified.code, `${verified.stdout}${verified.stderr}`).toBe(0)
})

/** What the server says it tried. */
async function deliveries(handle: string): Promise<string> {
  const address = `${server.base}/demo/authn/bcauthorize/deliveries?auth_req_id=${encodeURIComponent(handle)}`
  return (await send(address, { headers: { authorization: `Bearer ${client.bearer}` } })).text
}

function freePort(): Promise<number> {
  return new Promise(found => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => found(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
