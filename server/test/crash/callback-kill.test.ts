/**
 * C14: kill -9 between decisions and their callbacks, again and again on a process of its own. After the restart the callback arrives, and
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
import { clientToken, send, type World } from '../world.ts'

const KILLS = 8
const AT_ONCE = 3
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

interface Decision {
  readonly handle: string
  /** Bodies of its callbacks so far. */
  told(): readonly string[]
}

async function decided({ user, phone }: { user: Person; phone: Phone }): Promise<Decision> {
  const more = { client_notification_token: 'the-token-of-the-client' }
  const { handle, request } = await opened(world(), client.bearer, user, phone, { createSession: '1' }, more)
  expect(await phone.container.answer(request, 'accept')).toEqual({ status: 'accept' })
  const quoted = JSON.stringify(handle)
  return {
    handle,
    told: () => listener.received.flatMap(({ body }) => (body.includes(quoted) ? [body.toString()] : [])),
  }
}

test(`C14: ${KILLS} kills, ${KILLS * AT_ONCE} decisions: each callback arrives with the same bytes`, {
  timeout: 500_000,
}, async () => {
  const held = []
  for (let n = 0; n < AT_ONCE; n++) held.push(await givePersonWithPhone(world(), bearer))
  for (let round = 0; round < KILLS; round++) {
    // Whatever is tried before the kill fails, so that all of it must be tried again.
    listener.answer(...Array.from({ length: AT_ONCE }, () => statusOf(500)))
    const decisions = await Promise.all(held.map(decided))
    await new Promise(later => setTimeout(later, randomInt(0, 60)))
    await server.kill()
    const before = decisions.map(({ told }) => told().length)
    server = await startProcess('demo', environment)
    for (const [n, { handle, told }] of decisions.entries()) {
      // A lease that the killed server held runs out after half a minute; a try that failed comes again by itself.
      const delivered = await within(60_000, () => told().length > (before[n] ?? 0))
      const traces = delivered ? '' : await deliveries(handle)
      expect(delivered, `round ${round}, ${before[n]} before the kill: ${traces}`).toBe(true)
      expect([...new Set(told())], `round ${round}`).toHaveLength(1)
      const { access_token } = JSON.parse(told()[0] ?? '{}')
      const info = await send(`${server.base}/demo/authn/userinfo`, {
        headers: { authorization: `Bearer ${access_token}` },
      })
      expect(info.status).toBe(200)
    }
    bearer = await clientToken(world())
    client = await renewed(world(), client)
  }
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
