/** People who get codes: made by SCIM, with addresses; and the inbox that their messages end in. */
import { randomBytes } from 'node:crypto'
import { Inbox } from '#cli/inbox.ts'
import type { InboxMessage } from '#domain/parcel.ts'
import { first, WHOLE_STORE } from '#domain/ports/store.ts'
import { sql } from '#storage/sql.ts'
import { clientToken, type EngineName, type Reply, scim, startWorld, token, type World } from '../world.ts'

export interface OobWorld {
  readonly world: World
  readonly bearer: string
  readonly inbox: Inbox
}

const QUARTER_S = 900

export async function startOob(engine: EngineName = 'SQLite'): Promise<OobWorld> {
  const inbox = new Inbox()
  const world = await startWorld(engine, {}, inbox)
  // Budgets begin anew with each quarter of an hour: not in the middle of a test.
  world.pass(QUARTER_S - (world.now_seconds() % QUARTER_S) + 1)
  return { world, bearer: await clientToken(world), inbox }
}

export interface Person {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly mobile: string
}

export async function makePerson({ world, bearer }: OobWorld, more: Record<string, unknown> = {}): Promise<Person> {
  const name = `oob-${randomBytes(5).toString('hex')}@test.example`
  const mobile = `+4470${String(randomBytes(4).readUInt32BE() % 1e8).padStart(8, '0')}`
  const { status, body, text } = await scim(world, bearer, 'POST', '/Users', {
    userName: name,
    externalId: name,
    emails: [{ value: name }],
    phoneNumbers: [{ value: mobile }],
    ...more,
  })
  if (status !== 201) throw new Error(`no person was made: ${status} ${text}`)
  return { id: body.id as string, name, email: name, mobile }
}

export const ACTION = 'urn:hid:scim:api:idp:2.0:Action'

export const action = (name: string, attributes: Record<string, string> = {}) => ({
  schemas: [ACTION],
  [ACTION]: { action: name, attributes: Object.entries(attributes).map(([name, value]) => ({ name, value })) },
})

export function register(
  { world, bearer }: OobWorld,
  person: Person,
  {
    policy = 'AT_OOB',
    deviceType = 'DT_OOB',
    ...more
  }: { policy?: string; deviceType?: string } & Record<string, unknown> = {},
): Promise<Reply> {
  return scim(world, bearer, 'POST', '/Authenticator', {
    policy: { value: policy },
    owner: { value: person.id },
    ...more,
    ...action('REGISTER-OOB', { OOB_DEVICETYPE_CODE: deviceType }),
  })
}

/** The token endpoint, by the client's token. */
export function ask(
  { world, bearer }: OobWorld,
  username: string,
  password: string,
  more: Record<string, string> = {},
): Promise<Reply> {
  return token(
    world,
    { grant_type: 'password', username, password, authType: 'AT_OOB', ...more },
    { authorization: `Bearer ${bearer}` },
  )
}

export const send = (given: OobWorld, person: Person, shown = 'null', more: Record<string, string> = {}) =>
  ask(given, person.name, shown, { noToken: '1', ...more })

/** The messages to an address, once there are as many; delivery waits for nobody. */
export async function messagesTo({ inbox }: OobWorld, to: string, count = 1): Promise<readonly InboxMessage[]> {
  const deadline = Date.now() + 10_000
  for (;;) {
    const found = inbox.messages.filter(one => one.to === to)
    if (found.length >= count) return found
    if (Date.now() > deadline) throw new Error(`${found.length} of ${count} messages came to ${to}`)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

/** Waits until every message was sent, or was not needed. */
export async function nothingWaits({ world }: OobWorld): Promise<void> {
  const waiting = sql<{ n: number }>`select count(*) as "n" from outbox where state = 'WAITING'`
  for (let tries = 0; tries < 500; tries++) {
    const left = await world.ground.store.read(WHOLE_STORE, () => first(waiting))
    if (Number(left?.n) === 0) return
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  throw new Error('messages still wait to be sent')
}

export const codeIn = (message: InboxMessage | undefined): string => {
  const found = message?.text.match(/\b\d{6,10}\b/)?.[0]
  if (found === undefined) throw new Error(`no code in ${message?.text}`)
  return found
}

export async function newest(given: OobWorld, to: string, count = 1): Promise<string> {
  return codeIn((await messagesTo(given, to, count)).at(-1))
}
