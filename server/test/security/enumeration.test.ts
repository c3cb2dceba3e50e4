/** E1, H5: an unknown user costs what a known one costs, and is answered with the same bytes. Counts, not clocks. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Query, Store, Unit } from '#domain/ports/store.ts'
import { HashPool } from '#keys/hasher.ts'
import {
  basic,
  clientToken,
  giveAuthenticator,
  givePassword,
  giveToken,
  makeUser,
  scim,
  startWorld,
  token,
  type World,
} from '../world.ts'

let world: World
let bearer: string
let known: string
let strangersDevice: string
const counts = { units: 0, queries: 0, names: [] as string[] }

beforeAll(async () => {
  world = await startWorld()
  bearer = await clientToken(world)
  const user = await makeUser(world, bearer)
  known = user.name
  await givePassword(world, bearer, user.id)
  await giveAuthenticator(world, bearer, user.id)
  await giveToken(world, bearer, user.id)
  const stranger = await makeUser(world, bearer)
  strangersDevice = (await giveToken(world, bearer, stranger.id)).deviceId
  // The first failure of a period takes a slice of the tenant's budget of failures; that is nobody's in particular.
  await token(
    world,
    { grant_type: 'password', username: 'x', password: 'x', authType: 'AT_OTP' },
    { authorization: `Bearer ${bearer}` },
  )
  // Jobs write beside the requests.
  await world.ground.jobs.stop()
  count(world.ground.store)
})
afterAll(() => world.close())

/** Counts every unit and query that the store is given from now on. */
function count(store: Store): void {
  const write = store.write.bind(store)
  store.write = <T>(tenant: number, unit: () => Unit<T>) => {
    return write(tenant, () => counted(unit()))
  }
}

function* counted<T>(unit: Unit<T>): Unit<T> {
  const asked: Query[] = []
  let step = unit.next()
  while (!step.done) {
    asked.push(...step.value)
    step = unit.next(yield step.value)
  }
  // A slice of the tenant's budget of failures is taken now and then, whoever failed.
  if (!asked.every(({ text }) => /\bbudget\b/.test(text))) {
    counts.units += 1
    counts.queries += asked.length
    counts.names.push(...asked.map(({ name }) => name))
  }
  return step.value
}

async function workFor(username: string, authType: string, more: Record<string, string> = {}) {
  counts.units = 0
  counts.queries = 0
  counts.names = []
  const { status, text, headers } = await token(
    world,
    { grant_type: 'password', username, password: '123456', authType, ...more },
    { authorization: `Bearer ${bearer}` },
  )
  const kept = [...headers].filter(([name]) => name !== 'date' && name !== 'x-correlation-id')
  return { status, text, headers: kept, units: counts.units, queries: counts.queries, names: counts.names }
}

test.each(['AT_STDPWD', 'AT_OTP'])('E1: %s: equal queries, equal bytes, equal headers', async policy => {
  const ofKnown = await workFor(known, policy)
  const ofUnknown = await workFor('nobody@nowhere.example', policy)
  expect(ofUnknown).toEqual(ofKnown)
  expect(ofKnown.queries).toBeGreaterThan(4)
})

test('E1: a known user without that authenticator is answered like an unknown one', async () => {
  expect(await workFor(known, 'AT_RESPWD')).toEqual(await workFor('nobody@nowhere.example', 'AT_RESPWD'))
})

test.each<[string, () => Record<string, string>]>([
  ['a device that nobody has', () => ({ device_id: '99999999' })],
  ['a device of somebody else', () => ({ device_id: strangersDevice })],
  ['a response to no challenge', () => ({ device_id: '99999999', mode: 'ASYNCHRONOUS' })],
  ['a signature', () => ({ mode: 'SIGNING', context: 'sign1:1:false sign2:2:false sign3:3:false' })],
  ['without a session', () => ({ noToken: '1' })],
])('E1, H5: %s: equal queries, equal bytes, equal headers', async (_, more) => {
  const ofKnown = await workFor(known, 'AT_OTP', more())
  expect(ofKnown.status).toBe(400)
  expect(await workFor('nobody@nowhere.example', 'AT_OTP', more())).toEqual(ofKnown)
})

test('E1, H5: an authType that nobody knows is refused before anybody is looked up', async () => {
  const ofKnown = await workFor(known, 'AT_NOWHERE')
  expect([ofKnown.status, JSON.parse(ofKnown.text).error]).toEqual([400, 'invalid_request'])
  expect(await workFor('nobody@nowhere.example', 'AT_NOWHERE')).toEqual(ofKnown)
  expect(ofKnown.units).toBe(0)
})

test('E1: the slow hash runs as often for nobody as for somebody', async () => {
  const admitted = vi.spyOn(HashPool.prototype, 'admit')
  await workFor(known, 'AT_STDPWD')
  const pool = admitted.mock.contexts[0] as HashPool
  admitted.mockRestore()
  for (const username of [known, 'nobody@nowhere.example']) {
    const before = pool.calls
    await workFor(username, 'AT_STDPWD')
    expect([username, pool.calls - before]).toEqual([username, 1])
  }
})

test('E1: a locked user is answered like an unknown one', async () => {
  const user = await makeUser(world, bearer)
  await giveAuthenticator(world, bearer, user.id)
  for (let n = 0; n < 9; n++) await workFor(user.name, 'AT_OTP')
  const ofLocked = await workFor(user.name, 'AT_OTP')
  expect(ofLocked).toEqual(await workFor('nobody@nowhere.example', 'AT_OTP'))
})

test('E1: a disabled user is answered like an unknown one', async () => {
  const user = await makeUser(world, bearer)
  await giveAuthenticator(world, bearer, user.id)
  await scim(world, bearer, 'PUT', `/Users/${user.id}`, { active: false })
  expect(await workFor(user.name, 'AT_OTP')).toEqual(await workFor('nobody@nowhere.example', 'AT_OTP'))
})

test.each(['body', 'Basic'])('H5: an unknown client is answered like a wrong secret: %s', async way => {
  const answerFor = async (client_id: string) => {
    const client_secret = 'x'.repeat(43)
    const grant = { grant_type: 'client_credentials' }
    counts.units = 0
    counts.queries = 0
    const { status, text, headers } =
      way === 'body'
        ? await token(world, { ...grant, client_id, client_secret })
        : await token(world, grant, { authorization: basic(client_id, client_secret) })
    const kept = [...headers].filter(([name]) => name !== 'date' && name !== 'x-correlation-id')
    return { status, text, headers: kept, units: counts.units, queries: counts.queries }
  }
  // The first failure of a period takes a slice of the client's own budget of failures.
  await answerFor(world.demo.rp.client_id)
  const ofKnown = await answerFor(world.demo.rp.client_id)
  expect(ofKnown.status).toBe(way === 'body' ? 400 : 401)
  expect(await answerFor('1'.repeat(40))).toEqual(ofKnown)
})

test('H5: a client that was disabled, or has no such grant, is told nothing without its secret', async () => {
  const tenant = await world.office.directory.find(world.demo.tenant)
  if (!tenant) throw new Error('no demo tenant')
  const made = await world.office.clients.register(tenant, { name: 'off', role: 'RL_OPENIDCLIENT', scopes: [] })
  await scim(world, bearer, 'PUT', `/Users/${made.user}`, { active: false })
  const wrong = { grant_type: 'client_credentials', client_secret: 'wrong' }
  const ofDisabled = await token(world, { ...wrong, client_id: made.clientId })
  const ofUnknown = await token(world, { ...wrong, client_id: '2'.repeat(40) })
  expect([ofDisabled.status, ofDisabled.text]).toEqual([ofUnknown.status, ofUnknown.text])
})
