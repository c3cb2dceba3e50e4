/** E1, H5: an unknown user costs what a known one costs, and is answered with the same bytes. Counts, not clocks. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Query, Store, Unit } from '#domain/ports/store.ts'
import {
  clientToken,
  giveAuthenticator,
  givePassword,
  giveToken,
  makeUser,
  startWorld,
  token,
  type World,
} from '../world.ts'

let world: World
let bearer: string
let known: string
const counts = { units: 0, queries: 0, names: [] as string[] }

beforeAll(async () => {
  world = await startWorld()
  bearer = await clientToken(world)
  const user = await makeUser(world, bearer)
  known = user.name
  await givePassword(world, bearer, user.id)
  await giveAuthenticator(world, bearer, user.id)
  await giveToken(world, bearer, user.id)
  // The first failure of a period takes a slice of the tenant's budget of failures; that is nobody's in particular.
  await token(
    world,
    { grant_type: 'password', username: 'x', password: 'x', authType: 'AT_OTP' },
    { authorization: `Bearer ${bearer}` },
  )
  count(world.ground.store)
})
afterAll(() => world.close())

/** Counts every unit and query that the store is given from now on. */
function count(store: Store): void {
  const write = store.write.bind(store)
  store.write = <T>(tenant: number, unit: () => Unit<T>) => {
    counts.units += 1
    return write(tenant, () => counted(unit()))
  }
}

function* counted<T>(unit: Unit<T>): Unit<T> {
  let step = unit.next()
  while (!step.done) {
    counts.queries += step.value.length
    counts.names.push(...step.value.map((query: Query) => query.name))
    step = unit.next(yield step.value)
  }
  return step.value
}

async function workFor(username: string, authType: string) {
  counts.units = 0
  counts.queries = 0
  counts.names = []
  const { status, text, headers } = await token(
    world,
    { grant_type: 'password', username, password: '123456', authType },
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

test('H5: an unknown client is answered like a wrong secret', async () => {
  const wrong = { grant_type: 'client_credentials', client_secret: 'x'.repeat(43) }
  const ofKnown = await token(world, { ...wrong, client_id: world.demo.rp.client_id })
  const ofUnknown = await token(world, { ...wrong, client_id: '1'.repeat(40) })
  expect({ status: ofUnknown.status, text: ofUnknown.text }).toEqual({ status: ofKnown.status, text: ofKnown.text })
})
