/**
 * The store on one SQLite file, for one server: waiting units are run one after another in one commit, and answered when it is on the
 * disk, which costs a fraction of a commit each. The disk works beside the event loop; what arrives meanwhile is the next commit.
 * Reads of one turn of the event loop share a snapshot in the same way (docs/decisions/hot-path.md).
 * Surprise: a snapshot taken while a commit is on its way to the disk shows it already, so its reader is answered when it has arrived.
 * The queue is bounded: a unit that finds it full is refused before anything was done.
 */

import type { TenantNumber } from '#domain/ids.ts'
import type { Store, Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import { WAITING_UNITS } from '#storage/engine-limits.ts'
import { Checkpoints } from '#storage/sqlite/checkpoints.ts'
import { Connection } from '#storage/sqlite/connection.ts'
import { type Ending, groupCommit } from '#storage/sqlite/group-commit.ts'
import { groupRead } from '#storage/sqlite/group-read.ts'
import { type DurableLog, LogSync } from '#storage/sqlite/log-sync.ts'
import { closeWriter, openReader, openWriter } from '#storage/sqlite/open-database.ts'

const BATCH = 256
const LARGEST_LOG_BYTES = 64 * 1024 * 1024

type Waiting = { readonly unit: () => Unit<unknown>; settle(value: unknown): void; fail(error: unknown): void }

export interface StoreOptions {
  readonly waitingUnits?: number
  readonly largestLog_bytes?: number
  /** What makes the log of the database at this path durable. */
  readonly log?: (databasePath: string) => DurableLog
}

export class SqliteStore implements Store {
  readonly #writer: Connection
  readonly #reader: Connection
  readonly #checkpoints: Checkpoints
  readonly #log: DurableLog
  readonly #waitingUnits: number
  #waiting: Waiting[] = []
  #reading: Waiting[] = []
  #scheduled = false
  #closing = false
  /** While a commit is on its way to the disk. */
  #arriving: Promise<void> | undefined
  /** Set when a commit may not have reached the disk: what is in memory is then no longer to be believed. */
  #broken: Refusal | undefined
  #drained: () => void = () => {}

  constructor(path: string, options: StoreOptions = {}) {
    const writer = openWriter(path)
    // Commits are made durable by `LogSync`; checkpoints sync by themselves as before.
    writer.exec('pragma synchronous = normal')
    this.#writer = new Connection(writer)
    this.#log = options.log?.(path) ?? new LogSync(path)
    this.#reader = new Connection(openReader(path))
    this.#waitingUnits = options.waitingUnits ?? WAITING_UNITS
    const { page_size } = this.#writer.database.prepare('pragma page_size').get() as { page_size: number }
    this.#checkpoints = new Checkpoints(path, (options.largestLog_bytes ?? LARGEST_LOG_BYTES) / page_size)
  }

  read<T>(_tenant: TenantNumber, unit: () => Unit<T>): Promise<T> {
    if (this.#closing) return Promise.reject(closed())
    if (this.#broken) return Promise.reject(this.#broken)
    return new Promise<T>((settle, fail) => {
      const group = this.#reading
      group.push({ unit, settle: settle as (value: unknown) => void, fail })
      if (group.length === 1) setImmediate(() => this.#readGroup())
      else if (group.length === BATCH) void this.#readGroup()
    })
  }

  write<T>(_tenant: TenantNumber, unit: () => Unit<T>): Promise<T> {
    if (this.#closing) return Promise.reject(closed())
    if (this.#broken) return Promise.reject(this.#broken)
    if (this.#waiting.length >= this.#waitingUnits) {
      return Promise.reject(
        new Refusal('temporarily_unavailable', undefined, { reason: 'too many units of work wait' }),
      )
    }
    return new Promise<T>((settle, fail) => {
      this.#waiting.push({ unit, settle: settle as (value: unknown) => void, fail })
      if (this.#scheduled) return
      this.#scheduled = true
      setImmediate(() => this.#commitNext())
    })
  }

  /** Finishes what waits, then lets go of the file. */
  async close(): Promise<void> {
    if (this.#closing) return
    this.#closing = true
    await this.#readGroup()
    if (this.#scheduled) {
      await new Promise<void>(resolve => {
        this.#drained = resolve
      })
    }
    await this.#checkpoints.close()
    this.#log.close()
    this.#reader.database.close()
    closeWriter(this.#writer.database)
  }

  /** Nothing to do where the group was full before its turn. */
  async #readGroup(): Promise<void> {
    const group = this.#reading
    if (group.length === 0) return
    this.#reading = []
    const endings = groupRead(
      this.#reader,
      group.map(one => one.unit),
    )
    await this.#arriving
    answer(group, endings, this.#broken)
  }

  async #commitNext(): Promise<void> {
    const batch = this.#waiting.length <= BATCH ? this.#waiting : this.#waiting.slice(0, BATCH)
    this.#waiting = this.#waiting.length <= BATCH ? [] : this.#waiting.slice(BATCH)
    const endings = groupCommit(
      this.#writer,
      batch.map(one => one.unit),
    )
    if (endings.some(ending => 'value' in ending)) {
      this.#checkpoints.noteCommit()
      this.#arriving = this.#log.run().catch(fault => this.#break(fault))
      await this.#arriving
      this.#arriving = undefined
    }
    const unknown =
      this.#broken && new Refusal('outcome_unknown', undefined, { reason: this.#broken.reason ?? 'the sync failed' })
    answer(batch, endings, unknown)
    this.#goOn()
  }

  #break(fault: Error): void {
    this.#broken = new Refusal('temporarily_unavailable', undefined, { reason: fault.message })
    for (const one of this.#waiting.splice(0)) one.fail(this.#broken)
  }

  #goOn(): void {
    if (this.#checkpoints.isDue) {
      void this.#checkpoints.restart().then(() => this.#goOn())
      return
    }
    if (this.#waiting.length > 0) {
      setImmediate(() => this.#commitNext())
      return
    }
    this.#scheduled = false
    this.#drained()
  }
}

function answer(group: readonly Waiting[], endings: readonly Ending[], broken: Refusal | undefined): void {
  group.forEach((one, n) => {
    const ending = endings[n]!
    if ('error' in ending) one.fail(ending.error)
    else if (broken) one.fail(broken)
    else one.settle(ending.value)
  })
}

function closed(): Refusal {
  return new Refusal('temporarily_unavailable', undefined, { reason: 'the store is being closed' })
}
