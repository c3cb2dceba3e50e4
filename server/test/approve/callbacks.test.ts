/**
 * C2: nobody is called but who registered, and nobody in a network of ours. C5: a dead push service or client keeps nobody from
 * approving. C14: a result is made once: every attempt sends the same bytes, and there is one session, wherever it was cut short.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Endpoint, openEndpoint, silent, statusOf } from '#delivery/conformance/endpoint.ts'
import { outboxQueries } from '#storage/outbox.ts'
import { sql } from '#storage/sql.ts'
import { ask } from '../held-phone.ts'
import { clientToken, engineNames, makeUser, scim, send, startWorld, type World } from '../world.ts'
import {
  collect,
  giveClient,
  givePersonWithPhone,
  type Outbox,
  opened,
  outboxOf,
  type Person,
  type Phone,
  renewed,
  rows,
  type TestClient,
  wakeAt,
} from './phones.ts'

const TOKEN = { client_notification_token: 'the-token-of-the-client' }

/** None of them may be called: networks of our own, in every spelling. */
const inside = [
  'https://10.0.0.1/cb',
  'https://192.168.1.1/cb',
  'https://172.16.0.9/cb',
  'https://169.254.169.254/latest/meta-data',
  'https://100.64.0.1/cb',
  'https://0.0.0.0/cb',
  'https://[fd00::1]/cb',
  'https://[fe80::1]/cb',
  'https://[::ffff:10.0.0.1]/cb',
  'http://192.0.2.1/cb',
]
/** Of a provision: none is registered, and most are no addresses. */
const unregistered = [
  'https://evil.example/cb',
  'https://10.0.0.1/cb',
  'http://169.254.169.254/latest',
  'https://user:pass@127.0.0.1/cb',
  'https://127.0.0.1@evil.example/cb',
  'javascript:alert(1)',
  'file:///etc/passwd',
  'ftp://127.0.0.1/cb',
  '//127.0.0.1/cb',
  'https://127.0.0.1.evil.example/cb',
]

describe.each(engineNames)('on %s', engine => {
  let world: World
  let bearer: string
  let outbox: Outbox
  let listener: Endpoint
  let client: TestClient
  let user: Person
  let phone: Phone
  beforeAll(async () => {
    world = await startWorld(engine)
    outbox = await outboxOf()
    bearer = await clientToken(world)
    listener = await openEndpoint()
    client = await giveClient(world, bearer, {
      backchannel_token_delivery_mode: 'push',
      backchannel_client_notification_endpoint: listener.url,
    })
    ;({ user, phone } = await givePersonWithPhone(world, bearer))
  })
  afterAll(async () => {
    await world?.close()
    await listener?.close()
  })
  afterEach(() => vi.restoreAllMocks())

  const said = () => listener.received.map(({ body }) => body.toString())
  const sessions = async () =>
    Number(
      (
        await rows(
          world,
          sql<{
            n: number
          }>`select count(*) as "n" from session where tenant_number = 1 and user_id = ${Number(user.id)}`,
        )
      )[0]?.n,
    )
  const answered = async () => {
    const one = await opened(world, client.bearer, user, phone, { createSession: '1' }, TOKEN)
    await phone.container.answer(one.request, 'accept')
    return one
  }
  /** Retries come with growing pauses, a circuit rests half a minute. */
  const later = async (seconds = 95) => {
    world.pass(seconds)
    await outbox.settled()
  }
  const freshBearers = async () => {
    bearer = await clientToken(world)
    client = await renewed(world, client)
  }

  test('C2: a cb_url that is not registered, or is no address, is refused with the provision', async () => {
    const one = await makeUser(world, bearer)
    const made = await scim(world, bearer, 'POST', '/Device', { type: 'DT_TDSV4E', externalId: `c2-${engine}` })
    await scim(world, bearer, 'PUT', `/Device/${made.body.id}`, { owner: { value: one.id } })
    const url = `${new URL(world.base).host}/demo`
    for (const cb of unregistered) {
      const { status, text } = await scim(world, bearer, 'POST', '/Device/Provision', {
        deviceType: 'DT_TDSV4E',
        description: `did=${made.body.id}, url=${url}, pch=CH_TDSPROV, pth=AT_TDSOOB, cb_url=${cb}, cb_notif_token=abc, mod=GEN, sec=`,
        attributes: [{ name: 'AUTH_TYPE', value: 'AT_SMK' }],
        owner: { value: one.id },
      })
      expect([cb, status], text).toEqual([cb, 400])
    }
    const left = await scim(world, bearer, 'POST', '/Device/Provision/.search', { filter: `owner.value eq ${one.id}` })
    expect(left.body.totalResults ?? 0).toBe(0)
  })

  test('C2: registered or not, nobody inside is called; it is told to the audit, and the result stays to be fetched', async () => {
    for (const address of inside) {
      await freshBearers()
      const { status } = await scim(world, bearer, 'PUT', `/Users/${client.user}`, {
        attributes: [{ name: 'ATR_CIBACB', value: address }],
      })
      expect(status).toBeLessThan(300)
      await rows(
        world,
        sql`update client set document = replace(document, ${listener.url}, ${address}) where tenant_number = 1`,
      )
      await rows(world, sql`update tenant set version = version + 1 where tenant_number = 1`)
      world.pass(3)
      const before = await alerts()
      const { handle } = await answered()
      await outbox.settled()
      const [row] = await rows(
        world,
        sql<{
          outcome: string
        }>`select outcome as "outcome" from outbox_trace where tenant_number = 1 order by outbox_id desc limit 1`,
      )
      expect([address, row?.outcome]).toEqual([address, 'address_refused'])
      expect(await alerts()).toBe(before + 1)
      expect([address, (await collect(world, client.bearer, handle)).status]).toEqual([address, 200])
      await rows(
        world,
        sql`update client set document = replace(document, ${address}, ${listener.url}) where tenant_number = 1`,
      )
      await rows(world, sql`update tenant set version = version + 1 where tenant_number = 1`)
      world.pass(3700)
    }
    await freshBearers()
    await scim(world, bearer, 'PUT', `/Users/${client.user}`, { attributes: [] })
    expect(said()).toEqual([])
  })

  const alerts = async () => {
    const events = await rows(
      world,
      sql<{
        body: Uint8Array
      }>`select body as "body" from audit_event where tenant_number = 1 order by id desc limit 500`,
    )
    return events.filter(({ body }) => /deliverMessage/.test(Buffer.from(body).toString())).length
  }

  test('C2: a subscription of a phone that leads inside is not called; the request is answered by pull', async () => {
    for (const endpoint of ['https://10.0.0.1/push', 'http://169.254.169.254/latest', 'https://[fd00::1]/push']) {
      world.pass(61)
      await freshBearers()
      await phone.container.setWake(wakeAt(endpoint))
      const before = await alerts()
      const { handle, request } = await opened(world, bearer, user, phone)
      await outbox.settled()
      expect([endpoint, await alerts()]).toEqual([endpoint, before + 1])
      await phone.container.answer(request, 'accept')
      expect((await collect(world, bearer, handle)).status).toBe(200)
    }
    await phone.container.setWake(null)
  })

  test('C2: a redirect is not followed', async () => {
    const hidden = await openEndpoint()
    const before = said().length
    listener.answer(statusOf(302, { location: hidden.url }), statusOf(307, { location: hidden.url }))
    await answered()
    await outbox.settled()
    await later()
    await later()
    expect(hidden.received).toEqual([])
    expect(new Set(said().slice(before)).size).toBe(1)
    await hidden.close()
  })

  test.each<[string, (service: Endpoint) => unknown]>([
    ['answers with errors', service => service.answer(...Array.from({ length: 9 }, () => statusOf(500)))],
    ['does not know the subscription', service => service.answer(...Array.from({ length: 9 }, () => statusOf(410)))],
    ['hangs', service => service.answer(...Array.from({ length: 9 }, () => silent))],
    ['is not there', service => service.close()],
  ])('C5: the push service %s: the request is answered by pull all the same', { timeout: 40_000 }, async (_, fails) => {
    world.pass(3700)
    await freshBearers()
    const service = await openEndpoint()
    await phone.container.setWake(wakeAt(service.url))
    await fails(service)
    const { handle, request } = await opened(world, bearer, user, phone)
    expect(await phone.container.answer(request, 'accept')).toEqual({ status: 'accept' })
    expect((await collect(world, bearer, handle)).status).toBe(200)
    await service.close()
    await phone.container.setWake(null)
  })

  test('C5: a push service that comes back is told once of what still waits, never of what is over', async () => {
    world.pass(3700)
    await freshBearers()
    const service = await openEndpoint()
    await phone.container.setWake(wakeAt(service.url))
    service.answer(statusOf(503), statusOf(503))
    const { request } = await opened(world, bearer, user, phone)
    await outbox.settled()
    await later(10)
    await later(10)
    const tried = service.received.length
    await later(10)
    expect(tried).toBeGreaterThan(1)
    expect(service.received.length).toBe(tried)
    expect(new Set(service.received.map(({ body }) => body.length)).size).toBe(1)
    await phone.container.answer(request, 'accept')
    await phone.container.setWake(null)
    await service.close()
  })

  test('C5, C14: a client that is down is told when it is back: once, the same bytes, one session', async () => {
    world.pass(3700)
    await freshBearers()
    const [before, open] = [said().length, await sessions()]
    listener.answer(statusOf(500), statusOf(503), ({ socket }) => socket?.destroy())
    const { handle } = await answered()
    await outbox.settled()
    for (let n = 0; n < 5; n++) await later(40)
    const bodies = said().slice(before)
    expect(bodies.length).toBe(4)
    expect(new Set(bodies).size).toBe(1)
    expect(JSON.parse(bodies[0] ?? '')).toMatchObject({ auth_req_id: handle, token_type: 'Bearer' })
    expect(listener.received.at(-1)?.headers.authorization).toBe(`Bearer ${TOKEN.client_notification_token}`)
    expect(await sessions()).toBe(open + 1)
    expect((await collect(world, client.bearer, handle)).body.error).toBe('invalid_grant')
  })

  test('C14: fetched while the callback fails: the same bytes, and the callback is called off', async () => {
    world.pass(3700)
    await freshBearers()
    const [before, open] = [said().length, await sessions()]
    listener.answer(statusOf(500))
    const { handle } = await answered()
    await outbox.settled()
    const { status, body } = await collect(world, client.bearer, handle)
    expect(status).toBe(200)
    await later(40)
    await later(40)
    const bodies = said().slice(before)
    expect(bodies.map(one => JSON.parse(one))).toEqual([body])
    expect(await sessions()).toBe(open + 1)
  })

  /** Each is a step between answer and delivered callback; it breaks once. */
  const steps = ['lease', 'keepBody', 'settle', 'addTrace'] as const
  test.each(steps)('C14: cut short at %s: one session, the same bytes, delivered', async step => {
    world.pass(3700)
    await freshBearers()
    const [before, open] = [said().length, await sessions()]
    const { handle, request } = await opened(world, client.bearer, user, phone, { createSession: '1' }, TOKEN)
    const original = outboxQueries[step] as (...given: unknown[]) => unknown
    let broken = 0
    vi.spyOn(outboxQueries, step as 'lease').mockImplementation(((...given: unknown[]) => {
      broken += 1
      if (broken === 1) throw new Error('cut short')
      return original(...given)
    }) as never)
    await phone.container.answer(request, 'accept')
    await outbox.settled().catch(() => {})
    for (let n = 0; n < 4; n++) await later(40)
    vi.restoreAllMocks()
    expect(broken).toBeGreaterThan(0)
    const bodies = said().slice(before)
    expect(bodies.length).toBeGreaterThan(0)
    expect(new Set(bodies).size).toBe(1)
    expect(await sessions()).toBe(open + 1)
    const { access_token, auth_req_id } = JSON.parse(bodies[0] ?? '{}')
    expect(auth_req_id).toBe(handle)
    const info = await send(`${world.base}/demo/authn/userinfo`, {
      headers: { authorization: `Bearer ${access_token}` },
    })
    expect([200, 401]).toContain(info.status)
    expect((await collect(world, client.bearer, handle)).body.error).toBe('invalid_grant')
  })

  test('C14: parallel polls of one answered request: one result', async () => {
    world.pass(3700)
    await freshBearers()
    const open = await sessions()
    const { handle, request } = await opened(world, bearer, user, phone, { createSession: '1' })
    await phone.container.answer(request, 'accept')
    const answers = await Promise.all(Array.from({ length: 20 }, () => collect(world, bearer, handle)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(await sessions()).toBe(open + 1)
  })

  test('C2: a client without an address is not called: it polls', async () => {
    const one = await ask(world, bearer, { usercode: user.name, deviceid: phone.device, tds: 'x' }, TOKEN)
    const before = said().length
    const [{ id } = { id: '' }] = (await phone.container.inbox()).requests
    await phone.container.answer(await phone.container.retrieve(id), 'accept')
    await outbox.settled()
    expect(said().length).toBe(before)
    expect((await collect(world, bearer, one.body.auth_req_id)).status).toBe(200)
  })
})
