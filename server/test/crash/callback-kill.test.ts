/**
 * C14: kill -9 between decisions and their callbacks, again and again on a process of its own. After the restart the callback arrives, and
 * whatever was attempted before carries the same bytes: nothing was minted twice, and the session in it is good.
 */
import { randomInt } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Answer, type Endpoint, openEndpoint, type Received, statusOf } from '#delivery/conformance/endpoint.ts'
import { freePort } from '../../../tools/free-port.ts'
import {
  giveClient,
  givePersonWithPhone,
  opened,
  type Person,
  type Phone,
  type TestClient,
  within,
} from '../approve/phones.ts'
import { countersign, type ServerProcess, startProcess } from '../process.ts'
import { clientToken, send, type World } from '../world.ts'

const KILLS = 20
const AT_ONCE = 2
/** Each with a client of its own: so many that nobody asks, and none is asked, more often than allowed. */
const PAIRS = 6
const home = mkdtempSync(join(tmpdir(), 'countersign-callback-kill-'))
let environment: Record<string, string>
let server: ServerProcess
let listener: Endpoint
let bearer: string

/** Of what makes up a world only the address is needed here. */
const world = () => ({ ...server, now_seconds: () => Math.floor(Date.now() / 1000) }) as unknown as World

beforeAll(async () => {
  // The phone knows the service by its port: it comes back on the same one.
  environment = { COUNTERSIGN_HOME: home, PORT: String(await freePort()) }
  server = await startProcess('demo', environment)
  listener = await openEndpoint()
  bearer = await clientToken(world())
}, 120_000)
afterAll(async () => {
  await server?.kill()
  await listener?.close()
  rmSync(home, { recursive: true, force: true })
})

/** What the client answered with 500. */
const refused = new Set<Received | undefined>()
const refuse: Answer = response => {
  refused.add(listener.received.at(-1))
  statusOf(500)(response)
}

interface Pair {
  readonly user: Person
  readonly phone: Phone
  readonly client: TestClient
}

async function givePair(): Promise<Pair> {
  const client = await giveClient(world(), bearer, {
    backchannel_token_delivery_mode: 'push',
    backchannel_client_notification_endpoint: listener.url,
  })
  return { ...(await givePersonWithPhone(world(), bearer)), client }
}

interface Decision {
  readonly handle: string
  readonly client: TestClient
}

async function decided({ user, phone, client }: Pair): Promise<Decision> {
  const more = { client_notification_token: 'the-token-of-the-client' }
  const { handle, request } = await opened(world(), client.bearer, user, phone, { createSession: '1' }, more)
  expect(await phone.container.answer(request, 'accept')).toEqual({ status: 'accept' })
  return { handle, client }
}

const callbacksOf = (handle: string) => listener.received.filter(({ body }) => body.includes(JSON.stringify(handle)))

test(`C14: ${KILLS} kills, ${KILLS * AT_ONCE} decisions: each callback arrives with the same bytes`, {
  timeout: 500_000,
}, async () => {
  const pairs: Pair[] = []
  for (let n = 0; n < PAIRS; n++) pairs.push(await givePair())
  const decisions: Decision[] = []
  for (let round = 0; round < KILLS; round++) {
    // In every other round what is tried before the kill fails, in the others it may have arrived unnoticed.
    if (round % 2 === 0) listener.answer(...Array.from({ length: AT_ONCE }, () => refuse))
    const asked = Array.from({ length: AT_ONCE }, (_, n) => pairs[(round * AT_ONCE + n) % PAIRS]!)
    decisions.push(...(await Promise.all(asked.map(decided))))
    await new Promise(later => setTimeout(later, randomInt(0, 60)))
    await server.kill()
    server = await startProcess('demo', environment)
  }

  for (const [n, { handle, client }] of decisions.entries()) {
    // A lease that a killed server held runs out after half a minute; a try that failed comes again within a minute.
    const arrived = await within(120_000, () => callbacksOf(handle).some(one => !refused.has(one)))
    expect(arrived, arrived ? '' : `decision ${n}: ${await deliveries(handle, client)}`).toBe(true)
    const bodies = new Set(callbacksOf(handle).map(({ body }) => body.toString()))
    expect(bodies.size).toBe(1)
    const { access_token } = JSON.parse([...bodies][0] ?? '{}')
    const info = await send(`${server.base}/demo/authn/userinfo`, {
      headers: { authorization: `Bearer ${access_token}` },
    })
    expect(info.status).toBe(200)
  }
  const verified = await countersign(['verify', '--json'], environment)
  expect(verified.code, `${verified.stdout}${verified.stderr}`).toBe(0)
})

/** What the server says it tried. */
async function deliveries(handle: string, client: TestClient): Promise<string> {
  const address = `${server.base}/demo/authn/bcauthorize/deliveries?auth_req_id=${encodeURIComponent(handle)}`
  return (await send(address, { headers: { authorization: `Bearer ${client.bearer}` } })).text
}
