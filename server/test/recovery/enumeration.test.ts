/** E1, H5: changing and recovering passwords costs for nobody what it costs for somebody, and answers the same. Counts, not clocks. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { rowsOf } from '#domain/ports/store.ts'
import { sql } from '#storage/sql.ts'
import { type Measure, watchStore } from '../store-work.ts'
import { freshPassword, type Holder, type RecoveryGround, recoveryGround } from './recovery-ground.ts'

const NOBODY = 'nobody@nowhere.example'
let g: RecoveryGround
let known: Holder
let measured: Measure

beforeAll(async () => {
  g = await recoveryGround()
  known = await g.holder()
  // The first failure of a period takes a slice of the tenant's budget of failures; that is nobody's in particular.
  await g.change(NOBODY, 'x', freshPassword())
  measured = await watchStore(g.world)
})
afterAll(() => g.world.close())

async function workOf(call: () => Promise<unknown>) {
  const [hashes, before] = [g.hasher.calls, await outboxRows()]
  const { answer, names: queries } = await measured(call)
  return { answer, queries, hashes: g.hasher.calls - hashes, rows: (await outboxRows()) - before }
}

const outboxRows = async () =>
  (
    await g.world.ground.store.read(g.tenant.number, () =>
      rowsOf(sql`select id from outbox where tenant_number = ${g.tenant.number}`),
    )
  ).length

test('E1: a request for a code: equal queries, one row of the outbox, one answer', async () => {
  const ofKnown = await workOf(() => g.ask(known.name))
  const repeated = await workOf(() => g.ask(known.name))
  const ofNobody = await workOf(() => g.ask(NOBODY))
  expect(ofKnown).toMatchObject({ answer: { sent: 'email' }, rows: 1, hashes: 0 })
  expect(ofKnown.queries.length).toBeGreaterThan(10)
  expect(ofNobody).toEqual(ofKnown)
  expect(repeated).toEqual(ofKnown)
  const [decoy, , real] = await g.sent()
  expect([decoy?.parcel.to, real?.parcel.to]).toEqual([undefined, `${known.id}@mail.example`])
  expect(JSON.stringify(decoy?.parcel).length + `,"to":"${real?.parcel.to}"`.length).toBe(
    JSON.stringify(real?.parcel).length,
  )
})

test('E1: a code: as much work for nobody, for somebody who asked for none, and for a wrong one', async () => {
  const other = await g.holder()
  await g.ask(known.name, { loginId: 9 })
  const wrong = await workOf(() => g.byCode(known.name, '00000000', freshPassword(), { loginId: 9 }))
  const none = await workOf(() => g.byCode(other.name, '00000000', freshPassword()))
  const nobody = await workOf(() => g.byCode(NOBODY, '00000000', freshPassword()))
  expect(wrong).toMatchObject({ answer: { outcome: 'rejected', reason: 'wrong' }, hashes: 0 })
  const { answer: _, ...work } = wrong
  expect(none).toMatchObject(work)
  expect(nobody).toMatchObject(work)
})

test('E1: a link that opens nothing costs the same, whatever it was', async () => {
  const made = await workOf(() => g.byLink('A'.repeat(40), freshPassword()))
  expect(await workOf(() => g.byLink('no link at all', freshPassword()))).toEqual(made)
})

test('E1: a change: equal queries and one slow hash for nobody', async () => {
  const ofKnown = await workOf(() => g.change(known.name, 'wrong', freshPassword()))
  const ofNobody = await workOf(() => g.change(NOBODY, 'wrong', freshPassword()))
  expect(ofKnown).toMatchObject({ answer: { outcome: 'rejected' }, hashes: 1 })
  expect([ofNobody.queries, ofNobody.hashes]).toEqual([ofKnown.queries, ofKnown.hashes])
})
