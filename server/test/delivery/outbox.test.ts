/** The rows of the outbox on both engines: leases are fair and fenced, bytes are kept once, what has ended goes away. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { NewOutboxRow } from '#domain/ports/outbox-queries.ts'
import { first, rowsOf, WHOLE_STORE } from '#domain/ports/store.ts'
import { outboxQueries as rows } from '#storage/outbox.ts'
import { engines, type FreshStore } from '../fresh-store.ts'

const NOW = 1_780_000_000_000
const LEASE_MS = 30_000

describe.each(engines)('$name', engine => {
  let fresh: FreshStore

  beforeEach(async ({ skip }) => {
    if (engine.absent) skip()
    fresh = await engine.open()
  })
  afterEach(() => fresh?.close())

  const newRow = (id: number, more: Partial<NewOutboxRow> = {}): NewOutboxRow => ({
    ...{
      id,
      kind: 'wake',
      subject: id,
      destination: `device:${id}`,
      dueAt: NOW,
      notAfter: NOW + 60_000,
      createdAt: NOW,
    },
    ...more,
  })
  const add = (tenant: number, ...added: readonly NewOutboxRow[]) =>
    fresh.store.write(tenant, function* () {
      yield added.map(row => rows.add(tenant, row))
    })
  const lease = (limit = 64, now = NOW) =>
    fresh.store.write(WHOLE_STORE, () => rowsOf(rows.lease(now, now + LEASE_MS, limit)))
  const settle = (tenant: number, id: number, attempt: number, end: Parameters<typeof rows.settle>[3]) =>
    fresh.store.write(tenant, () => first(rows.settle(tenant, id, attempt, end)))

  it('a row is leased once, again when its lease ran out, and settled only by the attempt that runs', async () => {
    await add(1, newRow(5))
    const [leased] = await lease()
    expect(leased).toMatchObject({
      ...{ tenant: 1, id: 5, kind: 'wake', subject: 5, destination: 'device:5', state: 'WAITING', body: null },
      ...{ attempt: 1, leaseUntil: NOW + LEASE_MS, doneAt: null, notAfter: NOW + 60_000, createdAt: NOW, dueAt: NOW },
    })
    expect(await lease()).toEqual([])
    expect((await lease(64, NOW + LEASE_MS))[0]?.attempt).toBe(2)
    const done = { state: 'DONE', dueAt: NOW, at: NOW + 1 } as const
    expect(await settle(1, 5, 1, done)).toBeUndefined()
    expect(await settle(1, 5, 2, done)).toBeDefined()
    expect(await settle(1, 5, 2, done)).toBeUndefined()
    expect(await lease(64, NOW + 10 * LEASE_MS)).toEqual([])
  })

  it('what is put back is due when it says', async () => {
    await add(1, newRow(5), newRow(6, { dueAt: NOW + 500 }))
    await lease()
    await settle(1, 5, 1, { state: 'WAITING', dueAt: NOW + 1000, at: NOW })
    expect(await lease(64, NOW + 499)).toEqual([])
    expect((await lease(64, NOW + 999)).map(({ id }) => id)).toEqual([6])
    expect((await lease(64, NOW + 1000)).map(({ id, attempt }) => [id, attempt])).toEqual([[5, 2]])
  })

  it('200 workers at once: each row is leased by one of them', async () => {
    for (let tenant = 1; tenant <= 4; tenant++)
      await add(tenant, ...Array.from({ length: 16 }, (_, n) => newRow(n + 1)))
    const leased = (await Promise.all(Array.from({ length: 200 }, () => lease(7)))).flat()
    while (leased.length < 64) leased.push(...(await lease(7)))
    expect(new Set(leased.map(({ tenant, id }) => `${tenant} ${id}`)).size).toBe(64)
    expect(leased).toHaveLength(64)
    expect(await lease()).toEqual([])
  })

  it('no tenant waits behind the flood of another, and no destination takes more than four', async () => {
    const flood = Array.from({ length: 150 }, (_, n) => newRow(n + 1, { dueAt: NOW - 1000, destination: 'client:1' }))
    await add(1, ...flood, newRow(999))
    await add(2, ...Array.from({ length: 40 }, (_, n) => newRow(n + 1, { dueAt: NOW - 2000 })))
    await add(3, newRow(1))
    const one = await lease(3)
    expect(one.map(({ tenant }) => tenant).sort()).toEqual([1, 2, 3])
    const rest = [...one, ...(await lease())]
    const of = (tenant: number) => rest.filter(row => row.tenant === tenant)
    expect(of(1).filter(({ destination }) => destination === 'client:1')).toHaveLength(4)
    expect(of(1).map(({ id }) => id)).toContain(999)
    expect(of(2)).toHaveLength(16)
    expect(await lease()).toEqual([])
    await settle(2, of(2)[0]?.id ?? 0, 1, { state: 'DONE', dueAt: NOW, at: NOW })
    expect((await lease()).map(({ tenant }) => tenant)).toEqual([2])
  })

  it('bytes are kept once, by the attempt that runs; given up they stay to be fetched until their time is over', async () => {
    await add(1, newRow(5))
    await lease()
    const keep = (attempt: number, text: string) =>
      fresh.store.write(1, () => first(rows.keepBody(1, 5, attempt, Buffer.from(text))))
    const kept = () => fresh.store.read(1, () => first(rows.about(1, 'wake', 5)))
    expect(await keep(2, 'late')).toBeUndefined()
    expect(await keep(1, 'bytes')).toBeDefined()
    expect(await keep(1, 'other bytes')).toBeUndefined()
    expect(Buffer.from((await kept())?.body ?? []).toString()).toBe('bytes')
    await settle(1, 5, 1, { state: 'WAITING', dueAt: NOW, at: NOW })
    expect((await lease())[0]?.body).not.toBeNull()
    await settle(1, 5, 2, { state: 'GAVE_UP', dueAt: NOW, at: NOW + 9 })
    expect(await kept()).toMatchObject({ state: 'GAVE_UP', doneAt: NOW + 9 })
    expect((await kept())?.body).not.toBeNull()
    const forget = (now: number) =>
      fresh.store.write(1, function* () {
        yield [rows.forgetBodies(1, now)]
      })
    const { notAfter } = newRow(5)
    await forget(notAfter)
    expect((await kept())?.body).not.toBeNull()
    await forget(notAfter + 1)
    expect((await kept())?.body).toBeNull()
  })

  it('news that arrived by another road ends a waiting row, also under a lease', async () => {
    await add(1, newRow(5))
    await lease()
    const finish = () => fresh.store.write(1, () => first(rows.finish(1, 5, NOW)))
    expect(await finish()).toBeDefined()
    expect(await finish()).toBeUndefined()
    expect(await settle(1, 5, 1, { state: 'WAITING', dueAt: NOW, at: NOW })).toBeUndefined()
  })

  it('the trace of a subject is the newest hundred; ended rows go with theirs, in pieces', async () => {
    await add(1, ...Array.from({ length: 30 }, (_, n) => newRow(n + 1, { subject: 7 })), newRow(900, { subject: 7 }))
    await fresh.store.write(1, function* () {
      for (let id = 1; id <= 30; id++) {
        yield [1, 2, 3, 4].map(attempt =>
          rows.addTrace(1, { outbox: id, attempt, at: NOW + id, outcome: 'timeout', status: null }),
        )
      }
    })
    const trace = () => fresh.store.read(1, () => rowsOf(rows.traceOf(1, 7)))
    const [newest] = await trace()
    expect(newest).toEqual({ outbox: 30, kind: 'wake', attempt: 4, at: NOW + 30, outcome: 'timeout', status: null })
    expect(await trace()).toHaveLength(100)
    for (let id = 1; id <= 29; id++) await fresh.store.write(1, () => first(rows.finish(1, id, NOW)))
    const dropped = await fresh.store.write(1, function* () {
      const gone = yield* rowsOf(rows.dropDone(1, 500))
      yield [rows.dropTraces(1, 500)]
      return gone
    })
    expect(dropped).toHaveLength(29)
    expect((await trace()).map(({ outbox }) => outbox)).toEqual([30, 30, 30, 30])
  })
})
