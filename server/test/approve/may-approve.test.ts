/**
 * C1: whoever was locked, disabled or has expired gets nothing, at whichever of the four moments it happens and however the client is
 * told. A table: what stops × when × how. Each cell is made good again, and the same phone approves: what refused was what was changed.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Endpoint, openEndpoint } from '#delivery/conformance/endpoint.ts'
import type { Query } from '#domain/ports/store.ts'
import { sql } from '#storage/sql.ts'
import { ask } from '../held-phone.ts'
import { api, clientToken, type EngineName, engineNames, scim, startWorld, type World } from '../world.ts'
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
  within,
} from './phones.ts'

const deliveries = ['poll', 'ping', 'push'] as const
type Delivery = (typeof deliveries)[number]

interface Cell {
  readonly world: World
  readonly bearer: string
  readonly user: Person
  readonly phone: Phone
  client: TestClient
}

interface Stop {
  readonly what: string
  on(cell: Cell): Promise<unknown>
  /** Undefined: it cannot be undone, so each cell has a phone and a client of its own. */
  off?(cell: Cell): Promise<unknown>
}

const ok = async (reply: ReturnType<typeof scim>) => {
  const { status, text } = await reply
  if (status >= 300) throw new Error(`${status} ${text}`)
}
const put = ({ world, bearer }: Cell, path: string, body: object) => ok(scim(world, bearer, 'PUT', path, body))
const state = (path: (cell: Cell) => string, on: object, off: object) => ({
  on: (cell: Cell) => put(cell, path(cell), on),
  off: (cell: Cell) => put(cell, path(cell), off),
})
const keyOf = async ({ world, phone }: Cell) => {
  const [row] = await rows(
    world,
    sql<{
      id: number
    }>`select logon_id as "id" from app where tenant_number = 1 and device_id = ${Number(phone.device)}`,
  )
  return row?.id ?? 0
}
const status = (one: string) => ({ status: { status: one } })
const LATER = 4_000_000_000_000
/** Past, or far away. */
const expiry = (query: (cell: Cell, at: number) => Query | Promise<Query>) => ({
  on: async (cell: Cell) => rows(cell.world, await query(cell, (cell.world.now_seconds() - 86_400) * 1000)),
  off: async (cell: Cell) => rows(cell.world, await query(cell, LATER)),
})
/** As after so many failures in a row, the last of them now. */
const failures = (policy: string, count: number) => ({
  on: ({ world, user }: Cell) =>
    rows(
      world,
      sql`
      update authenticator_state set started = forgiven + ${count}, last_attempt_at = ${world.now_seconds() * 1000}
      where tenant_number = 1 and user_id = ${Number(user.id)} and policy = ${policy}`,
    ),
  off: ({ world, user }: Cell) =>
    rows(
      world,
      sql`
      update authenticator_state set forgiven = started
      where tenant_number = 1 and user_id = ${Number(user.id)} and policy = ${policy}`,
    ),
})

const stops: readonly Stop[] = [
  { what: 'user disabled', ...state(({ user }) => `/Users/${user.id}`, { active: false }, { active: true }) },
  {
    what: 'authenticator disabled',
    ...state(({ user }) => `/Authenticator/${user.id}.AT_PASA`, status('DISABLED'), status('ENABLED')),
  },
  {
    what: 'authenticator expired',
    ...expiry(
      ({ user }, at) => sql`
      update authenticator set expiry_at = ${at}
      where tenant_number = 1 and user_id = ${Number(user.id)} and policy = 'AT_PASA'`,
    ),
  },
  { what: 'authenticator locked by failures', ...failures('AT_PASA', 8) },
  { what: 'user locked over all factors', ...failures('AT_EMPOTP', 50) },
  {
    what: 'device suspended',
    ...state(({ phone }) => `/Device/${phone.device}`, status('SUSPENDED'), status('ACTIVE')),
  },
  {
    what: 'device expired',
    ...expiry(
      ({ phone }, at) => sql`
      update device set expiry_at = ${at} where tenant_number = 1 and id = ${Number(phone.device)}`,
    ),
  },
  {
    what: 'key suspended',
    on: async cell => put(cell, `/Credential/${await keyOf(cell)}`, status('SUSPENDED')),
    off: async cell => put(cell, `/Credential/${await keyOf(cell)}`, status('ACTIVE')),
  },
  {
    what: 'key expired',
    ...expiry(
      async (cell, at) =>
        sql`update credential set expiry_at = ${at} where tenant_number = 1 and id = ${await keyOf(cell)}`,
    ),
  },
  { what: 'client disabled', ...state(({ client }) => `/Users/${client.user}`, { active: false }, { active: true }) },
  {
    what: 'client without its role',
    ...state(({ client }) => `/Users/${client.user}`, { roles: [] }, { roles: [{ value: 'RL_CLIENTIDM2M' }] }),
  },
  { what: 'tenant closed', on: ({ world }) => tenant(world, 'DISABLED'), off: ({ world }) => tenant(world, 'ACTIVE') },
  {
    what: 'authenticator removed',
    on: c => ok(scim(c.world, c.bearer, 'DELETE', `/Authenticator/${c.user.id}.AT_PASA`)),
  },
  { what: 'user removed', on: c => ok(scim(c.world, c.bearer, 'DELETE', `/Users/${c.user.id}`)) },
  { what: 'device revoked', on: c => put(c, `/Device/${c.phone.device}`, status('REVOKED')) },
  { what: 'device removed', on: c => ok(scim(c.world, c.bearer, 'DELETE', `/Device/${c.phone.device}`)) },
  {
    what: 'device given to another',
    on: c => put(c, `/Device/${c.phone.device}`, { owner: { value: c.client.user } }),
  },
  {
    what: 'client removed',
    on: c => ok(api(c.world, c.bearer, 'DELETE', `/${c.world.demo.tenant}/authn/register/${c.client.id}`)),
  },
]

/** No API closes a tenant for a time; the row can. */
async function tenant(world: World, to: string) {
  await rows(world, sql`update tenant set status = ${to}, version = version + 1 where tenant_number = 1`)
  // Directories may be two seconds behind.
  world.pass(3)
}

type Moment = 'start' | 'delivery' | 'answer' | 'issue'

describe.each(engineNames)('on %s', (engine: EngineName) => {
  let world: World
  let bearer: string
  let listener: Endpoint
  let pushService: Endpoint
  let outbox: Outbox

  beforeAll(async () => {
    world = await startWorld(engine)
    outbox = await outboxOf()
    bearer = await clientToken(world)
    listener = await openEndpoint()
    pushService = await openEndpoint()
  })
  afterAll(async () => {
    await world?.close()
    await listener?.close()
    await pushService?.close()
  })

  const clientFor = (delivery: Delivery) =>
    giveClient(world, bearer, {
      backchannel_token_delivery_mode: delivery,
      ...(delivery === 'poll' ? {} : { backchannel_client_notification_endpoint: listener.url }),
    })
  const notify = (delivery: Delivery): Record<string, string> =>
    delivery === 'poll' ? {} : { client_notification_token: 'a-token-of-the-client' }

  const told = () => listener.received.map(({ body }) => body.toString())
  const tokensIn = (texts: readonly string[]) => texts.filter(text => /"(?:access|id)_token"/.test(text))

  async function open({ user, client, phone }: Cell, delivery: Delivery) {
    const { handle, request } = await opened(world, client.bearer, user, phone, {}, notify(delivery))
    return { handle, request }
  }

  /** Whether the client got a token, or the phone what it must not have. */
  async function leaks(cell: Cell, stop: Stop, moment: Moment, delivery: Delivery): Promise<readonly string[]> {
    const { client, user, phone } = cell
    const found: string[] = []
    const before = [listener.received.length, pushService.received.length]
    if (moment === 'start') {
      await stop.on(cell)
      const hint = { usercode: user.name, tds: 'Log on', createSession: '1' }
      const { status, body } = await ask(world, client.bearer, hint, notify(delivery))
      if (status === 200 || body.auth_req_id) found.push('a request was opened')
    } else {
      const { handle, request, jws } = await outbox.whileHeld(async () => {
        const one = await open(cell, delivery)
        const signed = await phone.sign(one.request)
        if (moment === 'issue') await phone.container.answer(one.request, 'accept')
        await stop.on(cell)
        return { ...one, jws: signed }
      })
      if (moment === 'delivery') {
        await outbox.settled()
        if (pushService.received.length > (before[1] ?? 0)) found.push('the device was woken')
        const path = `/approve/v1/approvals/${request.id}`
        const shown = await phone.call({ method: 'GET', path, changes: false })
        if (shown.status === 200) found.push('the request was shown')
      }
      if (moment !== 'issue') {
        const { status } = await phone.send(request.id, jws)
        if (status === 200) found.push('an answer was taken')
      }
      const { status, text } = await collect(world, client.bearer, handle)
      if (status === 200 || tokensIn([text]).length > 0) found.push('the client fetched a token')
      await outbox.settled()
    }
    if (tokensIn(told().slice(before[0])).length > 0) found.push('the client was told a token')
    return found
  }

  async function healthy(cell: Cell, delivery: Delivery): Promise<boolean> {
    const { phone, client } = cell
    const before = listener.received.length
    const { handle, request } = await open(cell, delivery)
    await phone.container.answer(request, 'accept')
    if (delivery === 'push') return within(5000, () => tokensIn(told().slice(before)).length === 1)
    if (delivery === 'ping' && !(await within(5000, () => listener.received.length > before))) return false
    return (await collect(world, client.bearer, handle)).status === 200
  }

  const cellFor = async (delivery: Delivery): Promise<Cell> => {
    const [person, client] = await Promise.all([givePersonWithPhone(world, bearer), clientFor(delivery)])
    await person.phone.container.setWake(wakeAt(pushService.url))
    return { world, bearer, ...person, client }
  }

  test.each(stops.filter(({ off }) => off))('C1: $what', { timeout: 60_000 }, async stop => {
    const { user, phone } = await cellFor('poll')
    for (const delivery of deliveries) {
      const cell = { world, bearer, user, phone, client: await clientFor(delivery) }
      await phone.container.setWake(wakeAt(pushService.url))
      for (const moment of ['start', 'delivery', 'answer', 'issue'] as const) {
        expect([delivery, moment, await leaks(cell, stop, moment, delivery)]).toEqual([delivery, moment, []])
        await stop.off?.(cell)
        // Whoever is disabled loses the tokens he had.
        cell.client = await renewed(world, cell.client)
      }
      expect([delivery, await healthy(cell, delivery)]).toEqual([delivery, true])
      // So that what stayed unanswered is no reason of its own.
      world.pass(3700)
      bearer = await clientToken(world)
    }
  })

  const once = [
    ...(['start', 'delivery', 'answer', 'issue'] as const).map(moment => ({ moment, delivery: 'poll' as Delivery })),
    ...(['ping', 'push'] as const).map(delivery => ({ moment: 'issue' as Moment, delivery: delivery as Delivery })),
  ]
  test.each(stops.filter(({ off }) => !off))('C1: $what', { timeout: 60_000 }, async stop => {
    for (const { moment, delivery } of once) {
      const cell = await cellFor(delivery)
      expect([delivery, moment, await leaks(cell, stop, moment, delivery)]).toEqual([delivery, moment, []])
    }
  })
})
