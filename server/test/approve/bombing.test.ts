/**
 * C3: a user who is asked again and again is not worn down. Budgets, one open request per user and purpose, pauses that grow with each
 * "no", silence after a report; counted by what reaches the device.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Endpoint, openEndpoint } from '#delivery/conformance/endpoint.ts'
import { sql } from '#storage/sql.ts'
import { ask } from '../held-phone.ts'
import { clientToken, engineNames, type Reply, startWorld, type World } from '../world.ts'
import {
  codeOf,
  giveClient,
  givePersonWithPhone,
  type Outbox,
  opened,
  outboxOf,
  type Person,
  renewed,
  rows,
  type TestClient,
  wakeAt,
} from './phones.ts'

const PER_MINUTE = 24
const UNANSWERED = 8

describe.each(engineNames)('on %s', engine => {
  let world: World
  let bearer: string
  let outbox: Outbox
  let pushService: Endpoint
  let withNumber: TestClient
  beforeAll(async () => {
    world = await startWorld(engine)
    outbox = await outboxOf()
    bearer = await clientToken(world)
    pushService = await openEndpoint()
    withNumber = await giveClient(world, bearer, { number_matching: true })
  })
  afterAll(async () => {
    await world?.close()
    await pushService?.close()
  })

  const wakes = async (act: () => Promise<unknown>) => {
    const before = pushService.received.length
    await act()
    await outbox.settled()
    return pushService.received.length - before
  }
  const asked = (client: { bearer: string }, user: Person, more: Record<string, string> = {}) =>
    ask(world, client.bearer, { usercode: user.name, tds: 'Log on', ...more })
  const ends = (replies: readonly Reply[]) => replies.map(({ status }) => status)
  const openOf = async ({ id }: Person) =>
    (
      await rows(
        world,
        sql<{ purpose: string }>`
        select purpose as "purpose" from approval where tenant_number = 1 and user_id = ${Number(id)} and state = 'OPEN'`,
      )
    ).map(({ purpose }) => purpose)
  const freshBearers = async () => {
    bearer = await clientToken(world)
    withNumber = await renewed(world, withNumber)
  }

  test('C3: 200 requests in a minute: no more than the unanswered ones allowed reach the device', async () => {
    const { user, phone } = await givePersonWithPhone(world, bearer)
    await phone.container.setWake(wakeAt(pushService.url))
    const replies: Reply[] = []
    const woken = await wakes(async () => {
      for (let n = 0; n < 20; n++)
        replies.push(...(await Promise.all(Array.from({ length: 10 }, () => asked({ bearer }, user)))))
    })
    expect(woken).toBeLessThanOrEqual(UNANSWERED)
    expect(ends(replies).filter(status => status === 200)).toHaveLength(UNANSWERED)
    expect((await phone.container.inbox()).requests).toHaveLength(1)
  })

  test('C3: answered ones count, too: half as many where no number is to be typed', async () => {
    for (const [client, most] of [
      [{ bearer }, PER_MINUTE / 2],
      [withNumber, PER_MINUTE],
    ] as const) {
      const { user, phone } = await givePersonWithPhone(world, bearer)
      let taken = 0
      for (let n = 0; n < PER_MINUTE + 4; n++) {
        const { status, body } = await asked(client, user)
        if (status !== 200) {
          expect([status, body.error]).toEqual([429, 'temporarily_unavailable'])
          continue
        }
        taken += 1
        const [{ id } = { id: '' }] = (await phone.container.inbox()).requests
        const request = await phone.container.retrieve(id)
        await phone.container.answer(request, 'accept', body.number === undefined ? {} : { number: body.number })
      }
      expect(taken).toBe(most)
      world.pass(61)
      expect((await asked(client, user)).status).toBe(200)
    }
  })

  test('C3: one open request per user and purpose, however many are opened at once', async () => {
    await freshBearers()
    const { user } = await givePersonWithPhone(world, bearer)
    const policies = ['AT_PASA', 'AT_PASA-2FA', 'AT_TDS']
    const replies = await Promise.all(
      Array.from({ length: 18 }, (_, n) => asked({ bearer }, user, { authpol: policies[n % 3]! })),
    )
    expect(ends(replies)).toContain(200)
    expect((await openOf(user)).sort()).toEqual(['action', 'logon'])
    const all = await rows(
      world,
      sql<{ n: number }>`select count(*) as "n" from approval where tenant_number = 1 and user_id = ${Number(user.id)}`,
    )
    expect(Number(all[0]?.n)).toBeLessThanOrEqual(PER_MINUTE / 2)
  })

  test('C3: a "no" makes the client wait, each further one longer; a denied request is never shown again', async () => {
    const { user, phone } = await givePersonWithPhone(world, bearer)
    const other = await giveClient(world, bearer)
    const pauses: number[] = []
    for (let n = 0; n < 4; n++) {
      const { request } = await opened(world, bearer, user, phone)
      await phone.container.answer(request, 'deny')
      expect(await codeOf(phone.container.retrieve(request.id))).toBe('already_answered')
      expect((await phone.container.inbox()).requests).toEqual([])
      const refused = await asked({ bearer }, user)
      expect([refused.status, refused.body.error]).toEqual([429, 'temporarily_unavailable'])
      pauses.push(Number(refused.headers.get('retry-after')))
      // Another client is not held back by it, and what it asks can be answered.
      if (n === 0) expect((await asked(other, user)).status).toBe(200)
      world.pass((pauses[n] ?? 0) + 1)
      bearer = await clientToken(world)
    }
    expect(pauses).toEqual([15, 60, 240, 960])
    const { request } = await opened(world, bearer, user, phone)
    await phone.container.answer(request, 'accept')
    expect((await asked({ bearer }, user)).status).toBe(200)
  })

  test('C3: after a report nobody asks this user for a while, and the audit is alerted', async () => {
    await freshBearers()
    const { user, phone } = await givePersonWithPhone(world, bearer)
    await phone.container.setWake(wakeAt(pushService.url))
    const other = await giveClient(world, bearer)
    const { request } = await opened(world, bearer, user, phone)
    await phone.container.answer(request, 'report')
    await outbox.settled()
    const replies: Reply[] = []
    const woken = await wakes(async () => {
      for (const client of [{ bearer }, other]) replies.push(await asked(client, user), await asked(client, user))
      replies.push(await asked({ bearer }, user, { authpol: 'AT_TDS' }))
    })
    expect([woken, ends(replies).includes(200)]).toEqual([0, false])
    const alerts = await rows(
      world,
      sql<{
        body: Uint8Array
      }>`select body as "body" from audit_event where tenant_number = 1 order by id desc limit 60`,
    )
    expect(alerts.filter(({ body }) => /Alert/.test(Buffer.from(body).toString())).length).toBeGreaterThan(0)
    world.pass(901)
    const later = await giveClient(world, await clientToken(world))
    expect((await asked(later, user)).status).toBe(200)
  })

  test('C3: another client’s request replaces the open one, whose client hears that it is over', async () => {
    await freshBearers()
    const { user, phone } = await givePersonWithPhone(world, bearer)
    const other = await giveClient(world, bearer)
    const first = await opened(world, bearer, user, phone)
    const second = await opened(world, other.bearer, user, phone)
    expect(await codeOf(phone.container.retrieve(first.request.id))).toBe('request_expired')
    expect((await phone.send(first.request.id, await phone.sign(first.request))).body.error).toBe('request_expired')
    await phone.container.answer(second.request, 'accept')
  })
})
