/**
 * Empties the outbox: leases what is due, asks the owning room to make the bytes where none are kept, sends them with no
 * connection held, settles by (id, attempt). Whatever is cut short anywhere is done again when its lease has run out.
 * Surprise: `tick` does not wait for what it sent off, so that one that hangs keeps nobody but itself.
 */
import { nextAttemptAt } from '#delivery/back-off.ts'
import { Circuits } from '#delivery/circuits.ts'
import { endOf, type Outcome, type Settled } from '#delivery/outcome.ts'
import { ATTEMPT_MS } from '#delivery/post.ts'
import { type RoadNeeds, sendParcel } from '#delivery/send-parcel.ts'
import type { TenantNumber } from '#domain/ids.ts'
import type { Parcel } from '#domain/parcel.ts'
import type { OutboxKind, OutboxQueries, OutboxRow } from '#domain/ports/outbox-queries.ts'
import type { Sealer } from '#domain/ports/sealer.ts'
import { first, rowsOf, type Store, type Unit, WHOLE_STORE } from '#domain/ports/store.ts'
import { Fault } from '#domain/refusal.ts'

export interface DeliveryNeeds extends RoadNeeds {
  readonly store: Store
  readonly rows: OutboxQueries
  loadSealer(tenant: TenantNumber): Promise<Sealer>
  /**
   * Of the room that owns a kind: decides, makes the bytes, keeps them by `keepBody` in a unit of its own. Undefined when
   * there is nothing to send, and also when `keepBody` found that another attempt runs.
   */
  readonly prepare: ReadonlyMap<OutboxKind, (row: OutboxRow) => Promise<Parcel | undefined>>
  readonly log: DeliveryLog
  /** After the row was settled. May be missed when the process dies between the two. */
  onOutcome?(row: OutboxRow, outcome: Settled): Promise<void> | void
}

export interface DeliveryLog {
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** Put back unsent, without a trace, as nothing was tried. */
interface PutBack {
  readonly putBackUntil: number
}

const IN_FLIGHT = 64
const LEASE_MS = 30_000
const COALESCED_MS = 20
/** A destination's failures; the others say nothing about it. */
const FAILURES: ReadonlySet<string> = new Set([
  'redirected',
  'refused',
  'throttled',
  'failed',
  'timeout',
  'unreachable',
])

export class DeliveryWorker {
  readonly #needs: DeliveryNeeds
  readonly #circuits = new Circuits()
  readonly #flights = new Set<Promise<void>>()
  #timer: NodeJS.Timeout | undefined
  #filling: Promise<void> | undefined
  #again = false
  #stopped = false

  constructor(needs: DeliveryNeeds) {
    this.#needs = needs
  }

  /** Sends off what is due, as far as there is room. */
  tick(): Promise<void> {
    this.#again = true
    this.#filling ??= this.#fill()
    return this.#filling
  }

  /** There may be something new. */
  nudge(): void {
    if (this.#stopped || this.#timer) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.tick().catch(error => this.#needs.log.error({ err: error }, 'the outbox could not be read'))
    }, COALESCED_MS)
    this.#timer.unref()
  }

  /** Resolves when nothing is on its way: ten seconds and a little later at most. */
  async idle(): Promise<void> {
    await this.#filling?.catch(() => {})
    await Promise.all(this.#flights)
  }

  /** Sends nothing more off. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await this.idle()
  }

  async #fill(): Promise<void> {
    const { store, rows, clock } = this.#needs
    try {
      // So that it never ends before `tick` has kept it.
      await Promise.resolve()
      while (this.#again && !this.#stopped) {
        this.#again = false
        const room = IN_FLIGHT - this.#flights.size
        if (room <= 0) return
        const now = clock.now()
        const leased = await store.write(WHOLE_STORE, () => rowsOf(rows.lease(now, now + LEASE_MS, room)))
        for (const row of leased) this.#send(row)
      }
    } finally {
      // In one breath with the last look at `#again`: whoever comes a step later begins anew.
      this.#filling = undefined
    }
  }

  #send(row: OutboxRow): void {
    const flight = this.#attempt(row)
      .then(outcome => this.#settle(row, outcome))
      .catch(error => this.#needs.log.error({ ...nameOf(row), err: error }, 'an attempt was not settled'))
      .finally(() => {
        this.#flights.delete(flight)
        this.nudge()
      })
    this.#flights.add(flight)
  }

  async #attempt(row: OutboxRow): Promise<Outcome | PutBack> {
    const { clock, log } = this.#needs
    const now = clock.now()
    if (now >= row.notAfter) return { name: 'expired', status: null }
    const putBackUntil = this.#circuits.restUntil(circuitOf(row), now)
    if (putBackUntil > 0) return { putBackUntil }
    try {
      const parcel = await (row.body ? this.#kept(row, row.body) : this.#prepared(row))
      if (!parcel) return { name: 'not_needed', status: null }
      // Who took too long to prepare must not be sending still when the next attempt begins.
      if (clock.now() + ATTEMPT_MS >= row.leaseUntil) return { putBackUntil: clock.now() }
      return await sendParcel(row.tenant, parcel, this.#needs)
    } catch (error) {
      log.error({ ...nameOf(row), err: error }, 'a message could not be made ready')
      return { name: 'not_prepared', status: null }
    }
  }

  #prepared(row: OutboxRow): Promise<Parcel | undefined> {
    const prepare = this.#needs.prepare.get(row.kind)
    if (!prepare) throw new Fault(`nobody prepares ${row.kind}`)
    return prepare(row)
  }

  async #kept({ tenant, id }: OutboxRow, body: Uint8Array): Promise<Parcel> {
    const sealer = await this.#needs.loadSealer(tenant)
    const bytes = sealer.unseal({ table: 'outbox', column: 'body', row: String(id) }, body)
    return JSON.parse(Buffer.from(bytes).toString()) as Parcel
  }

  async #settle(row: OutboxRow, outcome: Outcome | PutBack): Promise<void> {
    const { store, rows, clock, random } = this.#needs
    const { tenant, id, attempt, notAfter } = row
    const at = clock.now()
    if ('putBackUntil' in outcome) {
      const dueAt = Math.min(outcome.putBackUntil, notAfter)
      await store.write(tenant, () => first(rows.settle(tenant, id, attempt, { state: 'WAITING', dueAt, at })))
      return
    }
    const { name, status } = outcome
    if (name === 'delivered' || FAILURES.has(name)) this.#circuits.note(circuitOf(row), name !== 'delivered', at)
    const dueAt = nextAttemptAt(attempt, outcome, at, random)
    const state =
      endOf(outcome, row.body !== null && row.kind !== 'message') ?? (dueAt < notAfter ? 'WAITING' : 'GAVE_UP')
    const settled = await store.write(tenant, function* (): Unit<boolean> {
      const mine = yield* first(rows.settle(tenant, id, attempt, { state, dueAt, at }))
      if (mine) yield [rows.addTrace(tenant, { outbox: id, attempt, at, outcome: name, status })]
      return mine !== undefined
    })
    if (settled) await this.#tell(row, { ...outcome, state })
  }

  async #tell(row: OutboxRow, outcome: Settled): Promise<void> {
    const { log } = this.#needs
    const { name, status, state } = outcome
    if (state === 'GAVE_UP') log.warn({ ...nameOf(row), outcome: name, status }, 'a message was given up')
    await this.#needs.onOutcome?.(row, outcome)
  }
}

const circuitOf = ({ tenant, destination }: OutboxRow) => `${tenant} ${destination}`

/** What may be told of a row. */
function nameOf({ tenant, id, kind, attempt }: OutboxRow) {
  return { tenant, outbox: id, kind, attempt }
}
