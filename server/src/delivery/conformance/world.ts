/**
 * A worker on a real store, with a clock that the cases move, and one candidate that sends to a real endpoint. What a test brings
 * is the store, its queries and a sealer; everything that the worker tells anybody is kept, to be searched for secrets.
 */
import type { Candidate } from '#delivery/conformance/candidate.ts'
import { type Endpoint, openEndpoint } from '#delivery/conformance/endpoint.ts'
import type { Settled } from '#delivery/outcome.ts'
import { DeliveryWorker } from '#delivery/worker.ts'
import type { Parcel } from '#domain/parcel.ts'
import type { OutboxQueries, OutboxRow, OutboxTrace } from '#domain/ports/outbox-queries.ts'
import type { Random } from '#domain/ports/random.ts'
import type { Sealer } from '#domain/ports/sealer.ts'
import { first, rowsOf, type Store } from '#domain/ports/store.ts'

export interface Ground {
  readonly store: Store
  readonly rows: OutboxQueries
  readonly sealer: Sealer
  readonly random: Random
}

export interface World {
  readonly endpoint: Endpoint
  readonly told: readonly unknown[]
  readonly outcomes: readonly Settled[]
  readonly prepared: readonly number[]
  now(): number
  /** Adds a row whose message goes to `url`, the endpoint's when nothing is said. */
  add(
    id: number,
    more?: { readonly url?: string; readonly destination?: string; readonly lasts_ms?: number },
  ): Promise<void>
  /** Sends what is due after so much time, and waits for it. */
  after(ms: number): Promise<void>
  row(id: number): Promise<OutboxRow | undefined>
  trace(id: number): Promise<readonly OutboxTrace[]>
  /** Another worker on the same store, as after a crash. */
  another(): DeliveryWorker
  close(): Promise<void>
}

export const TENANT = 1
const START_MS = 1_780_000_000_000

export async function openWorld({ store, rows, sealer, random }: Ground, candidate: Candidate): Promise<World> {
  const endpoint = await openEndpoint()
  const urls = new Map<number, string>()
  const prepared: number[] = []
  const told: unknown[] = []
  const outcomes: Settled[] = []
  const clock = { time: START_MS, now: () => clock.time }
  const tell = (fields: object, message: string) => told.push(fields, message)
  const prepare = async ({ tenant, id, attempt }: OutboxRow): Promise<Parcel | undefined> => {
    prepared.push(id)
    const parcel = candidate.parcelOf(urls.get(id) ?? endpoint.url, `planted ${id}`)
    const place = { table: 'outbox', column: 'body', row: String(id) }
    const body = sealer.seal(place, Buffer.from(JSON.stringify(parcel)))
    const kept = await store.write(tenant, () => first(rows.keepBody(tenant, id, attempt, body)))
    return kept && parcel
  }
  const newWorker = () =>
    new DeliveryWorker({
      ...{ store, rows, clock, random, loadSealer: async () => sealer },
      prepare: new Map([['wake', prepare]]),
      callbackRules: async () => ({ code: 'CALLBACKS', allowedRanges: ['127.0.0.0/8'], unregisteredLoopback: false }),
      vapid: async () => candidate.vapid,
      gateway: async () => ({
        ...{ code: 'GW', name: 'push', readOnly: true, type: 'WEB_PUSH', enabled: true, ttl_seconds: 60 },
      }),
      log: { warn: tell, error: tell },
      onOutcome: (_, outcome) => void outcomes.push(outcome),
    })
  const worker = newWorker()
  return {
    ...{ endpoint, told, outcomes, prepared, now: clock.now, another: newWorker },
    async add(id, { url, destination = `client:${id}`, lasts_ms = 600_000 } = {}) {
      if (url !== undefined) urls.set(id, url)
      const times = { dueAt: clock.time, createdAt: clock.time, notAfter: clock.time + lasts_ms }
      const row = { id, kind: 'wake', subject: id, destination, ...times } as const
      await store.write(TENANT, () => first(rows.add(TENANT, row)))
    },
    async after(ms) {
      clock.time += ms
      await worker.tick()
      await worker.idle()
    },
    row: id => store.read(TENANT, () => first(rows.about(TENANT, 'wake', id))),
    trace: id => store.read(TENANT, () => rowsOf(rows.traceOf(TENANT, id))),
    async close() {
      await worker.stop()
      await endpoint.close()
    },
  }
}
