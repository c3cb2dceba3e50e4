/** E1, H5: whoever asks for a code learns by nothing whether there is such a person: equal queries, bytes, headers, rows of the outbox. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { rowsOf } from '#domain/ports/store.ts'
import { sql } from '#storage/sql.ts'
import { type DoneUnit, type Measure, watchStore } from '../store-work.ts'
import { scim } from '../world.ts'
import {
  ask,
  makePerson,
  messagesTo,
  newest,
  nothingWaits,
  type OobWorld,
  type Person,
  register,
  startOob,
} from './people.ts'

let given: OobWorld
const NOBODY = 'nobody@nowhere.example'
let measured: Measure

beforeAll(async () => {
  given = await startOob()
  // The first failure of a period takes a slice of the tenant's budget of failures; that is nobody's in particular.
  await ask(given, NOBODY, '123456')
  // What proofs ask of the store; a delivery worker works beside them.
  const only = ({ queries }: DoneUnit) => queries.some(({ text }) => text.includes('login_name'))
  measured = await watchStore(given.world, { only, delivering: true })
})
afterAll(() => given.world.close())

interface Row {
  readonly kind: string
  readonly length: number
}

async function workFor(username: string, password: string, more: Record<string, string> = {}) {
  const before = await rows()
  const { answer, ...work } = await measured(() => ask(given, username, password, more))
  const { status, text, headers } = answer
  const kept = [...headers].filter(([name]) => name !== 'date' && name !== 'x-correlation-id')
  const added = (await rows()) - before
  return { status, text, headers: kept, added, ...work }
}

async function rows(): Promise<number> {
  const { store } = given.world.ground
  const tenant = await given.world.office.directory.find(given.world.demo.tenant)
  const found = await store.read(tenant?.number ?? 0, () =>
    rowsOf(
      sql<Row>`select kind as "kind", length(destination) as "length" from outbox where tenant_number = ${tenant?.number ?? 0}`,
    ),
  )
  return found.filter(({ kind }) => kind === 'message').length
}

const SEND = { noToken: '1' }

test('E1: a code is asked for: for nobody, without an authenticator, with one, with an activation code that is not shown', async () => {
  const known = await makePerson(given)
  await register(given, known)
  const bare = await makePerson(given)
  const guarded = await makePerson(given)
  await register(given, guarded, { activationCode: 'right' })
  const unreachable = await makePerson(given, { phoneNumbers: [], emails: [] })
  await register(given, unreachable)
  const ofNobody = await workFor(NOBODY, 'null', SEND)
  expect([ofNobody.status, ofNobody.added, ofNobody.cost.units]).toEqual([200, 1, 1])
  for (const one of [known, bare, guarded, unreachable]) expect(await workFor(one.name, 'null', SEND)).toEqual(ofNobody)
  // Again at once: nothing new goes out, and nothing shows it.
  expect(await workFor(known.name, 'null', SEND)).toEqual(ofNobody)
  expect((await messagesTo(given, known.mobile)).length).toBe(1)
})

test('E1: a wrong activation code is answered like nobody’s', async () => {
  const known = await makePerson(given)
  await register(given, known, { activationCode: 'right' })
  const open = await makePerson(given)
  await register(given, open)
  const ofNobody = await workFor(NOBODY, 'wrong', SEND)
  expect([ofNobody.status, ofNobody.added]).toEqual([400, 0])
  for (const one of [known, open]) expect(await workFor(one.name, 'wrong', SEND)).toEqual(ofNobody)
})

test('E1: a wrong code is answered like nobody’s, with an open one, a dead one and none', async () => {
  const known = await makePerson(given)
  await register(given, known)
  const ofNobody = await workFor(NOBODY, '123456')
  expect(await workFor(known.name, '123456')).toEqual(ofNobody)
  await ask(given, known.name, 'null', SEND)
  await newest(given, known.mobile)
  expect(await workFor(known.name, 'abc')).toEqual(ofNobody)
  for (let n = 0; n < 5; n++) await ask(given, known.name, 'abc')
  expect(await workFor(known.name, 'abc')).toEqual(ofNobody)
})

test('E1, M1: past the budget the answer stays, and nothing is sent', async () => {
  const known = await makePerson(given)
  await register(given, known)
  const ofNobody = await workFor(NOBODY, 'null', SEND)
  for (let n = 0; n < 12; n++) {
    expect(await workFor(known.name, 'null', SEND)).toEqual(ofNobody)
    given.world.pass(11)
  }
  await nothingWaits(given)
  expect((await messagesTo(given, known.mobile, 8)).length).toBe(8)
  // Whoever asks for nobody spends nothing that is anybody's.
  const other = await makePerson(given)
  await register(given, other)
  for (let n = 0; n < 20; n++) await ask(given, NOBODY, 'null', SEND)
  await ask(given, other.name, 'null', SEND)
  await newest(given, other.mobile)
})

test('M1: one number that many people have has a budget of its own, however it is written', async () => {
  const mobile = '+447700900123'
  const written = [mobile, '0044 7700 900123', '+44 (7700) 900-123']
  const people: Person[] = []
  for (let n = 0; n < 12; n++) {
    const value = written[n % written.length] as string
    const person = await makePerson(given, { phoneNumbers: [{ value }] })
    await register(given, person)
    people.push(person)
  }
  for (const { name } of people) await ask(given, name, 'null', SEND)
  await nothingWaits(given)
  const sent = written.flatMap(to => given.inbox.messages.filter(one => one.to === to))
  expect(sent.length).toBe(8)
})

test('M1: what goes to dear numbers ends at the ceiling of the day', async () => {
  // The row that counts it is filled here.
  const person = await makePerson(given, { phoneNumbers: [{ value: '+8821512345678' }] })
  await register(given, person)
  const { store } = given.world.ground
  const tenant = (await given.world.office.directory.find(given.world.demo.tenant))?.number ?? 0
  await ask(given, person.name, 'null', SEND)
  await messagesTo(given, '+8821512345678')
  await store.write(tenant, function* () {
    yield [
      sql`update budget set spent = 10000 where tenant_number = ${tenant} and name = 'messages_prefix_day' and subject = 'sms 882'`,
    ]
  })
  given.world.pass(11)
  await ask(given, person.name, 'null', SEND)
  await nothingWaits(given)
  expect((await messagesTo(given, '+8821512345678')).length).toBe(1)
  const { body } = await scim(given.world, given.bearer, 'GET', `/Authenticator/${person.id}.AT_OOB`)
  expect(body.statistics.challengeCount).toBe('2')
})
