/**
 * The sealer: each second it puts new events into their tenants' trees, signs a checkpoint over all heads and sends it
 * off the database. One node at a time: it holds a leased row and writes only in units that begin by holding that row
 * under its own epoch, so a sealer that slept through its lease writes nothing when it wakes.
 */
import { type CheckpointSigner, checkpointOf, signCheckpoint } from '#audit/checkpoint.ts'
import { type CheckpointPlace, checkpointLine } from '#audit/checkpoint-place.ts'
import type { EventStamp } from '#audit/event-stamp.ts'
import { type SealedRun, sealRun } from '#audit/seal-run.ts'
import { TenantTree } from '#audit/tenant-tree.ts'
import type { TenantNumber } from '#domain/ids.ts'
import type { AuditLog } from '#domain/ports/audit-log.ts'
import type { Clock } from '#domain/ports/clock.ts'
import { first, rowsOf, type Store, type Unit, WHOLE_STORE } from '#domain/ports/store.ts'
import { Fault } from '#domain/refusal.ts'

const LEASE_MS = 6_000
const LATE_MS = 10_000
const RUNS_AT_ONCE = 64
const UNITS_PER_TICK = 100
const HEADS_AT_ONCE = 1_000
const LINES_AT_ONCE = 100
const FULL_EACH = 3_600
const KEEP_MS = 30 * 86_400_000

export type AuditAlert =
  /** An event has waited more than ten seconds for its seal. */
  | { readonly kind: 'unsealed'; readonly age_ms: number }
  /** An event stands behind a gap, and nobody with the store's key made it. */
  | { readonly kind: 'forged'; readonly run: number; readonly number: number }
  /** Numbers that no event will ever take: their process crashed. */
  | { readonly kind: 'lost'; readonly run: number; readonly count: number }
  | { readonly kind: 'place'; readonly name: string; readonly cause: unknown }

type Needs = {
  readonly store: Store
  readonly log: AuditLog
  readonly clock: Clock
  readonly stamp: EventStamp
  /** Unique to this process: its run. */
  readonly holder: string
  /** The store's epoch, read at start; it rises with each restore. */
  readonly epoch: number
  readonly signer: CheckpointSigner
  readonly places: readonly CheckpointPlace[]
  readonly onAlert: (alert: AuditAlert) => void
}

/** What a sealer knows only while the row is its own. */
type Held = { readonly epoch: number; readonly tree: TenantTree; leaseUntil: number; fullDue: boolean }

export class Sealer {
  readonly #needs: Needs
  #held: Held | undefined
  #changed = new Set<TenantNumber>()
  #ticking = false
  readonly #sending = new Map<string, Promise<void>>()
  /** Age of the oldest event that waits for its seal, as of the last tick; for the metrics. */
  unsealedAge_ms = 0

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** Whether this process seals at present. */
  get seals(): boolean {
    return this.#held !== undefined
  }

  /** Once a second. A tick that finds the one before still at work does nothing. */
  async tick(): Promise<void> {
    if (this.#ticking) return
    this.#ticking = true
    try {
      await this.#seal()
    } catch (error) {
      // What was committed is unknown: forget, and read it again under the lease.
      this.#held = undefined
      throw error
    } finally {
      this.#ticking = false
    }
    if (this.#held === undefined) return
    for (const place of this.#needs.places) {
      if (this.#sending.has(place.name)) continue
      this.#sending.set(
        place.name,
        this.#send(place).finally(() => this.#sending.delete(place.name)),
      )
    }
  }

  /** Resolves when what is being sent is sent or has failed; a slow place does not hold up the ticks. */
  async sent(): Promise<void> {
    await Promise.all(this.#sending.values())
  }

  async #seal(): Promise<void> {
    const held = await this.#hold()
    if (held === undefined) return
    const { store, log, clock, onAlert } = this.#needs
    const now = clock.now()
    const runs = await store.read(WHOLE_STORE, () => rowsOf(log.runsToSeal(RUNS_AT_ONCE)))
    let oldest = now
    let units = UNITS_PER_TICK
    for (const { run, state, aliveUntil, sealedTo } of runs) {
      if (state === 'open' && aliveUntil < now) await this.#write(held, () => rowsOf(log.endRunsNotAlive(now)))
      else if (state === 'open' && !(await this.#hasNew(run, sealedTo))) continue
      let result: SealedRun | undefined
      do {
        result = await this.#write(held, () => sealRun(this.#needs, run, now))
        if (result === undefined) return
        for (const [tenant, head] of result.heads) {
          held.tree.set(tenant, head)
          this.#changed.add(tenant)
        }
        if (result.lost > 0) onAlert({ kind: 'lost', run, count: result.lost })
        if (result.forged !== undefined) onAlert({ kind: 'forged', run, number: result.forged.number })
      } while (result.more && --units > 0)
      oldest = Math.min(oldest, result.waitingSince ?? now)
    }
    this.unsealedAge_ms = now - oldest
    if (this.unsealedAge_ms > LATE_MS) onAlert({ kind: 'unsealed', age_ms: this.unsealedAge_ms })
    if (this.#changed.size > 0) await this.#checkpoint(held)
  }

  async #hasNew(run: number, sealedTo: number): Promise<boolean> {
    const { store, log } = this.#needs
    return (await store.read(WHOLE_STORE, () => first(log.eventsAfter(run, sealedTo, 1)))) !== undefined
  }

  /** Takes or keeps the sealer's row. Without it, undefined. */
  async #hold(): Promise<Held | undefined> {
    const { store, log, clock, holder } = this.#needs
    const now = clock.now()
    if (this.#held !== undefined && this.#held.leaseUntil - now > LEASE_MS / 2) return this.#held
    const leaseUntil = now + LEASE_MS
    const taken = await store.write(WHOLE_STORE, () => first(log.takeSealing(holder, now, leaseUntil)))
    if (taken === undefined) {
      this.#held = undefined
      return undefined
    }
    if (this.#held?.epoch === taken.epoch) {
      this.#held.leaseUntil = leaseUntil
      return this.#held
    }
    return this.#takeOver(taken.epoch, leaseUntil)
  }

  /** Reads all heads, and signs them before anything is added: after a restore this is the record of where it began. */
  async #takeOver(epoch: number, leaseUntil: number): Promise<Held | undefined> {
    const { store, log } = this.#needs
    const tree = new TenantTree()
    for (let after = -1; ; ) {
      const heads = await store.read(WHOLE_STORE, () => rowsOf(log.headsAfter(after, HEADS_AT_ONCE)))
      for (const head of heads) tree.set(head.tenant, head)
      if (heads.length < HEADS_AT_ONCE) break
      after = heads.at(-1)!.tenant
    }
    const held = { epoch, tree, leaseUntil, fullDue: true }
    this.#held = held
    this.#changed = new Set()
    await this.#checkpoint(held)
    return this.#held
  }

  async #checkpoint(held: Held): Promise<void> {
    const { log, clock, epoch, signer } = this.#needs
    const { tree } = held
    const changed = [...this.#changed].sort((a, b) => a - b)
    const written = await this.#write(held, function* (): Unit<{ readonly full: boolean }> {
      const newest = yield* first(log.newestCheckpoint())
      if (newest !== undefined && newest.epoch > epoch) {
        throw new Fault(`this process began in epoch ${epoch}, the store is in epoch ${newest.epoch}`)
      }
      const number = (newest?.number ?? 0) + 1
      const full = held.fullDue || number % FULL_EACH === 0 || newest?.epoch !== epoch
      const named = full ? tree.heads() : changed.map(tenant => [tenant, tree.head(tenant)!] as const)
      const at = clock.now()
      const jws = signCheckpoint(checkpointOf(tree, named, { epoch, number, at, full }), signer)
      yield [log.addCheckpoint({ number, epoch, at, full: full ? 1 : 0, jws })]
      if (full) yield [log.dropCheckpoints(at - KEEP_MS)]
      return { full }
    })
    if (written === undefined) return
    held.fullDue = false
    this.#changed = new Set()
  }

  /** A unit that first holds the sealer's row under our epoch. Answers undefined, having written nothing, when it is lost. */
  async #write<T>(held: Held, unit: () => Unit<T>): Promise<T | undefined> {
    const { store, log, clock, holder } = this.#needs
    const leaseUntil = clock.now() + LEASE_MS
    const answer = await store.write(WHOLE_STORE, function* (): Unit<{ readonly value: T } | undefined> {
      const row = yield* first(log.holdSealing(holder, held.epoch, leaseUntil))
      return row === undefined ? undefined : { value: yield* unit() }
    })
    if (answer !== undefined) held.leaseUntil = leaseUntil
    else if (this.#held === held) this.#held = undefined
    return answer?.value
  }

  async #send(place: CheckpointPlace): Promise<void> {
    const { store, log, onAlert } = this.#needs
    try {
      const unsent = await store.read(WHOLE_STORE, function* () {
        const sent = yield* first(log.sentTo(place.name))
        return yield* rowsOf(log.checkpointsAfter(sent?.number ?? 0, LINES_AT_ONCE))
      })
      const newest = unsent.at(-1)
      const held = this.#held
      if (newest === undefined || held === undefined) return
      await place.publish(unsent.map(checkpointLine))
      await this.#write(held, () => rowsOf(log.setSentTo(place.name, newest.number)))
    } catch (cause) {
      onAlert({ kind: 'place', name: place.name, cause })
    }
  }
}
