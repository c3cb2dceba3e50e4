/** E1, H5: an unknown user costs what a known one costs, and is answered with the same bytes. Counts, not clocks. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { HashPool } from '#keys/hasher.ts'
import { type Measure, watchStore } from '../store-work.ts'
import {
  basic,
  clientToken,
  giveAuthenticator,
  givePassword,
  giveToken,
  makeUser,
  type Reply,
  scim,
  startWorld,
  token,
  type World,
} from '../world.ts'

let world: World
let bearer: string
let known: string
let strangersDevice: string
let measured: Measure

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
  measured = await watchStore(world)
})
afterAll(() => world.close())

/** What an answer shows, and what it cost. */
async function workOf(call: () => Promise<Reply>) {
  const { answer, ...work } = await measured(call)
  const kept = [...answer.headers].filter(([name]) => name !== 'date' && name !== 'x-correlation-id')
  return { status: answer.status, text: answer.text, headers: kept, ...work }
}

const workFor = (username: string, authType: string, more: Record<string, string> = {}) =>
  workOf(() =>
    token(
      world,
      { grant_type: 'password', username, password: '123456', authType, ...more },
      { authorization: `Bearer ${bearer}` },
    ),
  )

test.each(['AT_STDPWD', 'AT_OTP'])('E1: %s: equal queries, equal bytes, equal headers', async policy => {
  const ofKnown = await workFor(known, policy)
  const ofUnknown = await workFor('nobody@nowhere.example', policy)
  expect(ofUnknown).toEqual(ofKnown)
  expect(ofKnown.cost.statements).toBeGreaterThan(4)
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
  // The caller's own session is read, or is held.
  expect(ofKnown.cost.commits).toBe(0)
  expect(ofKnown.cost.units).toBeLessThan(2)
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
    return workOf(() =>
      way === 'body'
        ? token(world, { ...grant, client_id, client_secret })
        : token(world, grant, { authorization: basic(client_id, client_secret) }),
    )
  }
  // The first failure of a period takes a slice of the client's own budget of failures; what a client id stands for is read once.
  for (const id of [world.demo.rp.client_id, '1'.repeat(40)]) await answerFor(id)
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
