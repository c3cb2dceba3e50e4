/**
 * The store on one SQLite file, for one server: waiting units are run one after another in one durable commit
 * and answered after it, which costs a fraction of a commit each.
 * Surprise: the first unit of an idle queue waits for the end of the turn, so that its neighbours can join. The queue
 * is bounded: a unit that finds it full is refused before anything was done.
 */

import type { TenantNumber } from '#domain/ids.ts'
import type { Store, Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import { WAITING_UNITS } from '#storage/engine-limits.ts'
import { Checkpoints } from '#storage/sqlite/checkpoints.ts'
import { Connection } from '#storage/sqlite/connection.ts'
import { groupCommit } from '#storage/sqlite/group-commit.ts'
import { closeWriter, openReader, openWriter } from '#storage/sqlite/open-database.ts'
import { runUnit } from '#storage/sqlite/run-unit.ts'

const BATCH = 256
const LARGEST_LOG_BYTES = 64 * 1024 * 1024

type Waiting = { readonly unit: () => Unit<unknown>; settle(value: unknown): void; fail(error: unknown): void }

export class SqliteStore implements Store {
  readonly #writer: Connection
  readonly #reader: Connection
  readonly #checkpoints: Checkpoints
  readonly #waitingUnits: number
  #waiting: Waiting[] = []
  #scheduled = false
  #closing = false
  #drained: () => void = () => {}

  constructor(path: string, options: { waitingUnits?: number; largestLog_bytes?: number } = {}) {
    this.#writer = new Connection(openWriter(path))
    this.#reader = new Connection(openReader(path))
    this.#waitingUnits = options.waitingUnits ?? WAITING_UNITS
    const { page_size } = this.#writer.database.prepare('pragma page_size').get() as { page_size: number }
    this.#checkpoints = new Checkpoints(path, (options.largestLog_bytes ?? LARGEST_LOG_BYTES) / page_size)
  }

  async read<T>(_tenant: TenantNumber, unit: () => Unit<T>): Promise<T> {
    if (this.#closing) throw closed()
    // No transaction is needed for a snapshot: only this process writes, and no commit falls into this turn.
    return runUnit(this.#reader, unit)
  }

  write<T>(_tenant: TenantNumber, unit: () => Unit<T>): Promise<T> {
    if (this.#closing) return Promise.reject(closed())
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
    if (this.#scheduled) {
      await new Promise<void>(resolve => {
        this.#drained = resolve
      })
    }
    await this.#checkpoints.close()
    this.#reader.database.close()
    closeWriter(this.#writer.database)
  }

  #commitNext(): void {
    const batch = this.#waiting.length <= BATCH ? this.#waiting : this.#waiting.slice(0, BATCH)
    this.#waiting = this.#waiting.length <= BATCH ? [] : this.#waiting.slice(BATCH)
    const endings = groupCommit(
      this.#writer,
      batch.map(one => one.unit),
    )
    this.#checkpoints.noteCommit()
    batch.forEach((one, n) => {
      const ending = endings[n]!
      if ('error' in ending) one.fail(ending.error)
      else one.settle(ending.value)
    })
    this.#goOn()
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

function closed(): Refusal {
  return new Refusal('temporarily_unavailable', undefined, { reason: 'the store is being closed' })
}
