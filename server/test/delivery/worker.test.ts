/** The worker over real stores and sockets: what is cut short is repaired, what is dead hurts nobody else, nothing is lost. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Endpoint, openEndpoint, silent, statusOf } from '#delivery/conformance/endpoint.ts'
import type { Ground } from '#delivery/conformance/world.ts'
import type { Settled } from '#delivery/outcome.ts'
import { type DeliveryNeeds, DeliveryWorker } from '#delivery/worker.ts'
import type { Parcel } from '#domain/parcel.ts'
import type { NewOutboxRow, OutboxRow } from '#domain/ports/outbox-queries.ts'
import { first, rowsOf, WHOLE_STORE } from '#domain/ports/store.ts'
import { Fault } from '#domain/refusal.ts'
import { engines } from '../fresh-store.ts'
import { groundOn } from './delivery-ground.ts'

const START = 1_780_000_000_000
const LEASE_MS = 30_000

describe.each(engines)('$name', engine => {
  let ground: Ground
  let close: () => Promise<void>
  let endpoint: Endpoint
  let time = START
  const workers: DeliveryWorker[] = []
  const told: unknown[] = []
  const outcomes: (readonly [number, Settled])[] = []
  const prepared: number[] = []

  beforeEach(async ({ skip }) => {
    if (engine.absent) skip()
    time = START
    for (const list of [workers, told, outcomes, prepared]) list.length = 0
    ;({ ground, close } = await groundOn(engine))
    endpoint = await openEndpoint()
  })
  afterEach(async () => {
    await Promise.all(workers.map(worker => worker.stop()))
    await endpoint?.close()
    await close?.()
  })

  const parcelOf = (id: number, url = endpoint.url): Parcel => ({
    ...{ kind: 'callback', url, bearer: 'b', body: JSON.stringify({ id, made: prepared.length }), registered: true },
  })
  const keep = async ({ tenant, id, attempt }: OutboxRow, parcel: Parcel) => {
    const { store, rows, sealer } = ground
    const place = { table: 'outbox', column: 'body', row: String(id) }
    const body = sealer.seal(place, Buffer.from(JSON.stringify(parcel)))
    return (await store.write(tenant, () => first(rows.keepBody(tenant, id, attempt, body)))) && parcel
  }
  const newWorker = (more: Partial<DeliveryNeeds> = {}) => {
    const tell = (fields: object, message: string) => told.push([message, fields])
    const prepare = async (row: OutboxRow) => {
      prepared.push(row.id)
      return keep(row, parcelOf(row.id))
    }
    const worker = new DeliveryWorker({
      ...{ ...ground, clock: { now: () => time }, loadSealer: async () => ground.sealer },
      prepare: new Map([['result', prepare]]),
      callbackRules: async () => ({ code: 'CALLBACKS', allowedRanges: ['127.0.0.0/8'], unregisteredLoopback: false }),
      vapid: async () => undefined,
      gateway: async () => undefined,
      log: { warn: tell, error: tell },
      onOutcome: ({ id }, outcome) => void outcomes.push([id, outcome]),
      ...more,
    })
    workers.push(worker)
    return worker
  }
  const add = (id: number, more: Partial<NewOutboxRow> = {}, tenant = 1) => {
    const times = { dueAt: time, createdAt: time, notAfter: time + 600_000 }
    const row = { id, kind: 'result', subject: id, destination: `client:${id}`, ...times, ...more } as const
    return ground.store.write(tenant, () => first(ground.rows.add(tenant, row)))
  }
  const run = async (worker: DeliveryWorker) => {
    await worker.tick()
    await worker.idle()
  }
  /** Of a worker that is not needed afterwards. Else its nudge, 20 ms later, takes rows meant for the next one. */
  const runOnce = async (worker: DeliveryWorker) => {
    await worker.tick()
    await worker.stop()
  }
  const rowOf = (id: number, tenant = 1) =>
    ground.store.read(tenant, () => first(ground.rows.about(tenant, 'result', id)))
  const traceOf = async (id: number) =>
    (await ground.store.read(1, () => rowsOf(ground.rows.traceOf(1, id)))).map(({ outcome }) => outcome).reverse()
  const bodies = () => endpoint.received.map(({ body }) => JSON.parse(body.toString()))
  const lease = () => ground.store.write(WHOLE_STORE, () => rowsOf(ground.rows.lease(time, time + LEASE_MS, 64)))

  it('C14: killed before, while and after the bytes are kept: the same bytes go out once the lease ran out', async () => {
    await add(1)
    await add(2)
    const leased = await lease() // and dies
    const two = leased.find(({ id }) => id === 2)
    if (!two) throw new Error('not leased')
    const parcel = parcelOf(2)
    await keep(two, parcel) // and dies
    const worker = newWorker()
    await run(worker)
    expect(endpoint.received).toHaveLength(0)
    time += LEASE_MS
    await run(worker)
    expect(prepared).toEqual([1])
    expect(bodies()).toHaveLength(2)
    expect(bodies()).toContainEqual(JSON.parse((parcel as { body: string }).body))
    expect([(await rowOf(1))?.attempt, (await rowOf(2))?.attempt]).toEqual([2, 2])
  })

  it('C14: killed between sending and settling: it comes again, byte for byte, and a late settlement changes nothing', async () => {
    await add(1)
    let stuck = () => {}
    const dying = newWorker({
      // The store of a process that dies: what was sent is never settled.
      store: {
        read: (tenant, unit) => ground.store.read(tenant, unit),
        write: async (tenant, unit) => {
          if (endpoint.received.length === 1)
            await new Promise<void>(resolve => {
              stuck = resolve
            })
          return ground.store.write(tenant, unit)
        },
      },
    })
    await dying.tick()
    while (endpoint.received.length < 1) await new Promise(resolve => setTimeout(resolve, 5))
    time += LEASE_MS
    await runOnce(newWorker())
    expect(bodies()[1]).toEqual(bodies()[0])
    expect(prepared).toEqual([1])
    stuck()
    await dying.idle()
    expect(outcomes.map(([id, { name }]) => [id, name])).toEqual([[1, 'delivered']])
    expect(await traceOf(1)).toEqual(['delivered'])
  })

  it('two workers at once send each row once', async () => {
    for (let id = 1; id <= 30; id++) await add(id, {}, 1 + (id % 3))
    const pair = [newWorker(), newWorker()]
    for (let n = 0; n < 4; n++) await Promise.all(pair.map(run))
    expect(
      bodies()
        .map(({ id }) => id)
        .sort((a, b) => a - b),
    ).toEqual(Array.from({ length: 30 }, (_, n) => n + 1))
  })

  it('a tenant whose other side hangs keeps nobody but itself, and no more than its share', async () => {
    endpoint.answer(...Array.from({ length: 16 }, () => silent))
    for (let id = 1; id <= 40; id++) await add(id)
    const worker = newWorker()
    await worker.tick()
    while (endpoint.received.length < 16) await new Promise(resolve => setTimeout(resolve, 5))
    await add(1, {}, 2)
    worker.nudge()
    while ((await rowOf(1, 2))?.state !== 'DONE') await new Promise(resolve => setTimeout(resolve, 5))
    expect(endpoint.received).toHaveLength(17)
  })

  it('a nudge sends at once, many are one, and what follows a full house needs no other', async () => {
    let leases = 0
    const rows = {
      ...ground.rows,
      lease: (...given: Parameters<typeof ground.rows.lease>) => {
        leases += 1
        return ground.rows.lease(...given)
      },
    }
    const worker = newWorker({ rows })
    for (let n = 0; n < 100; n++) worker.nudge()
    while (leases === 0) await new Promise(resolve => setTimeout(resolve, 5))
    await new Promise(resolve => setTimeout(resolve, 60))
    expect(leases).toBe(1)
    for (let id = 1; id <= 50; id++) await add(id)
    worker.nudge()
    const deadline = Date.now() + 20_000
    while (bodies().length < 50 && Date.now() < deadline) await new Promise(resolve => setTimeout(resolve, 10))
    expect(bodies()).toHaveLength(50)
  })

  it('a tick that comes while another ends looks again, at whatever step it comes', async () => {
    let looks = 0
    const store: DeliveryNeeds['store'] = {
      read: (tenant, unit) => ground.store.read(tenant, unit),
      write: async () => {
        looks += 1
        return [] as never
      },
    }
    const worker = newWorker({ store })
    for (let steps = 0; steps < 20; steps++) {
      const before = worker.tick()
      for (let step = 0; step < steps; step++) await undefined
      const seen = looks
      await worker.tick()
      expect(looks, `after ${steps} steps`).toBeGreaterThan(seen)
      await before
    }
  })

  it('a destination that failed five times rests half a minute; its rows are put back, not lost, and others go on', async () => {
    endpoint.answer(...Array.from({ length: 5 }, () => statusOf(500)))
    const worker = newWorker()
    for (let id = 1; id <= 5; id++) {
      await add(id, { destination: 'client:dead' })
      await run(worker)
    }
    await add(6, { destination: 'client:dead' })
    await add(7)
    await run(worker)
    expect(bodies().map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 7])
    expect(await traceOf(6)).toEqual([])
    time += 29_999
    await run(worker)
    expect(endpoint.received).toHaveLength(6)
    time += 1
    for (let n = 0; n < 3; n++) await run(worker)
    for (let id = 1; id <= 7; id++) expect((await rowOf(id))?.state).toBe('DONE')
  })

  it('what is not to be sent is dropped, what is too late is not prepared, both with a trace', async () => {
    await add(1)
    await add(2, { notAfter: time })
    await runOnce(newWorker({ prepare: new Map([['result', async ({ id }) => void prepared.push(id)]]) }))
    expect(prepared).toEqual([1])
    expect([(await rowOf(1))?.state, (await rowOf(2))?.state]).toEqual(['DROPPED', 'DROPPED'])
    expect([await traceOf(1), await traceOf(2)]).toEqual([['not_needed'], ['expired']])
  })

  it('a room that fails to prepare is told in the log and asked again; so is a kind that nobody prepares', async () => {
    await add(1)
    let broken = true
    const prepare = async (row: OutboxRow) => {
      if (broken) throw new Fault('no words')
      return keep(row, parcelOf(row.id))
    }
    const worker = newWorker({ prepare: new Map([['result', prepare]]) })
    await run(worker)
    broken = false
    time += 2000
    await add(2, { kind: 'ping' })
    await run(worker)
    expect(await traceOf(1)).toEqual(['not_prepared', 'delivered'])
    expect(await traceOf(2)).toEqual(['not_prepared'])
    expect(told.map(entry => (entry as [string])[0])).toEqual(Array(2).fill('a message could not be made ready'))
  })

  it('bytes that do not open are a fault, never sent', async () => {
    await add(1)
    const [row] = await lease()
    await ground.store.write(1, () => first(ground.rows.keepBody(1, 1, row?.attempt ?? 0, Buffer.from('tampered'))))
    time += LEASE_MS
    await runOnce(newWorker())
    expect(await traceOf(1)).toEqual(['not_prepared'])
    expect(endpoint.received).toHaveLength(0)
  })

  it('who takes longer than the lease allows to prepare does not send', async () => {
    await add(1)
    const slow = async (row: OutboxRow) => {
      time += 21_000
      return keep(row, parcelOf(row.id))
    }
    await runOnce(newWorker({ prepare: new Map([['result', slow]]) }))
    expect(endpoint.received).toHaveLength(0)
    await runOnce(newWorker())
    expect(bodies()).toHaveLength(1)
    expect(prepared).toEqual([])
  })

  it('C2: an address of our own network is given up at once, and who audits it is told', async () => {
    for (const [id, url] of [
      [1, 'http://10.0.0.1/'],
      [2, 'https://169.254.169.254/latest'],
      [3, 'https://[::ffff:a00:1]/'],
    ] as const) {
      await add(id)
      await runOnce(
        newWorker({ prepare: new Map([['result', async (row: OutboxRow) => keep(row, parcelOf(id, url))]]) }),
      )
      expect((await rowOf(id))?.state).toBe('GAVE_UP')
    }
    expect(outcomes.map(([, { name, state }]) => [name, state])).toEqual(Array(3).fill(['address_refused', 'GAVE_UP']))
  })

  it('C2: an address that nobody registered is called on loopback alone, where the tenant allows it', async () => {
    const rules = { code: 'CALLBACKS', allowedRanges: ['127.0.0.0/8'], unregisteredLoopback: true } as const
    const prepare = new Map([
      ['result', async (row: OutboxRow) => keep(row, { ...parcelOf(row.id), registered: false } as Parcel)],
    ] as const)
    await add(1)
    await runOnce(newWorker({ prepare }))
    await add(2)
    await runOnce(newWorker({ prepare, callbackRules: async () => rules }))
    expect(outcomes.map(([id, { name }]) => [id, name])).toEqual([
      [1, 'address_refused'],
      [2, 'delivered'],
    ])
  })

  it('a tenant without a gateway or with one that is off sends no push', async () => {
    const push = {
      kind: 'web-push',
      endpoint: endpoint.url,
      p256dh: '',
      auth: '',
      message: '{}',
      ttl_seconds: 0,
    } as const
    await add(1)
    await runOnce(newWorker({ prepare: new Map([['result', async (row: OutboxRow) => keep(row, push)]]) }))
    expect([(await rowOf(1))?.state, await traceOf(1)]).toEqual(['DROPPED', ['no_gateway']])
  })
})
