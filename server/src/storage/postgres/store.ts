/**
 * The store on PostgreSQL, for many servers: each unit takes a connection, each of its yields is one pipelined flush.
 * `begin` travels with the first flush; the end of a read is not waited for. A read of one statement goes without a transaction (see
 * `lone-reads.ts`); one that asks for more after it is run again, in a transaction, and so is every later one that begins with that statement.
 * Surprise: when `begin` itself is refused, the statements behind it were each run on their own. Nobody but an operator
 * who cancels queries by hand can cause that; the unit then tells that its outcome is not known.
 */
import type { Pool, PoolClient } from 'pg'
import type { TenantNumber } from '#domain/ids.ts'
import type { Query, Store, Unit } from '#domain/ports/store.ts'
import { Fault, Refusal } from '#domain/refusal.ts'
import { STATEMENTS_PER_UNIT, tooManyStatements, WAITING_UNITS } from '#storage/engine-limits.ts'
import {
  busy,
  failureBeforeCommit,
  failureOfBegin,
  failureOfCommit,
  isRerun,
  isStale,
} from '#storage/postgres/failure.ts'
import { flush, Rendering, type Sent } from '#storage/postgres/flush.ts'
import { LoneReads } from '#storage/postgres/lone-reads.ts'
import { openPool, type PoolOptions } from '#storage/postgres/open-pool.ts'

const RERUNS = 3
const READ = 'begin isolation level repeatable read read only'
const WRITE = 'begin isolation level read committed'

type Begin = typeof READ | typeof WRITE

export class PostgresStore implements Store {
  readonly #pool: Pool
  readonly #rendering = new Rendering()
  readonly #lone = new LoneReads(() => this.#connection(), this.#rendering)
  /** Names of the first statements of reads that went on. */
  readonly #wentOn = new Set<string>()
  readonly #waitingUnits: number

  constructor(url: string, options: PoolOptions & { waitingUnits?: number } = {}) {
    this.#pool = openPool(url, options)
    this.#waitingUnits = options.waitingUnits ?? WAITING_UNITS
  }

  async read<T>(_tenant: TenantNumber, unit: () => Unit<T>): Promise<T> {
    const steps = unit()
    const step = steps.next([])
    if (step.done) return step.value
    const [query] = step.value
    if (query && step.value.length === 1 && this.#lone.takes(query) && !this.#wentOn.has(query.name)) {
      const rows = await this.#lone.ask(query).catch(error => {
        if (!isRerun(error)) throw error
      })
      const end = rows && steps.next([rows])
      if (end?.done) return end.value
      if (end) this.#wentOn.add(query.name)
    }
    return this.#run(READ, unit)
  }

  write<T>(_tenant: TenantNumber, unit: () => Unit<T>): Promise<T> {
    return this.#run(WRITE, unit)
  }

  /** Waits for the units that run, then closes the connections. */
  close(): Promise<void> {
    return this.#pool.ending ? Promise.resolve() : this.#pool.end()
  }

  async #run<T>(begin: Begin, unit: () => Unit<T>): Promise<T> {
    for (let run = 0; ; run++) {
      try {
        return await this.#runOnce(begin, unit)
      } catch (error) {
        if (!isRerun(error)) throw error
        if (run === RERUNS) throw failureBeforeCommit(error, [])
      }
    }
  }

  async #runOnce<T>(begin: Begin, unit: () => Unit<T>): Promise<T> {
    const client = await this.#connection()
    const transaction = new Transaction(client, this.#rendering)
    try {
      const value = await transaction.run(begin, unit)
      if (begin === READ) transaction.abandon()
      else await transaction.commit()
      return value
    } catch (error) {
      await transaction.rollBack(error)
      throw error
    }
  }

  async #connection(): Promise<PoolClient> {
    if (this.#pool.ending) {
      throw new Refusal('temporarily_unavailable', undefined, { reason: 'the store is being closed' })
    }
    if (this.#pool.waitingCount >= this.#waitingUnits) {
      throw new Refusal('temporarily_unavailable', undefined, { reason: 'too many units of work wait' })
    }
    try {
      return await this.#pool.connect()
    } catch (error) {
      throw busy(error)
    }
  }
}

/** One transaction on one connection; gives the connection back when it ends. */
class Transaction {
  readonly #client: PoolClient
  readonly #rendering: Rendering
  #open = false

  constructor(client: PoolClient, rendering: Rendering) {
    this.#client = client
    this.#rendering = rendering
  }

  async run<T>(begin: Begin, unit: () => Unit<T>): Promise<T> {
    const steps = unit()
    let left = STATEMENTS_PER_UNIT
    let step = steps.next([])
    while (step.done !== true) {
      const queries = step.value
      left -= queries.length
      if (left < 0) throw tooManyStatements()
      step = steps.next(await this.#flush(begin, queries))
    }
    return step.value
  }

  async commit(): Promise<void> {
    if (this.#open) {
      try {
        const { command } = await this.#client.query('commit')
        if (command !== 'COMMIT') throw new Fault(`commit was answered by ${command}`)
      } catch (error) {
        throw error instanceof Fault ? error : failureOfCommit(error)
      }
    }
    this.#client.release()
  }

  /** Ends a snapshot without making anybody wait for it. */
  abandon(): void {
    if (!this.#open) {
      this.#client.release()
      return
    }
    this.#client.query('rollback').then(
      () => this.#client.release(),
      error => this.#client.release(error),
    )
  }

  async rollBack(failure: unknown): Promise<void> {
    const broken = this.#open
      ? await this.#client.query('rollback').then(
          () => undefined,
          (error: Error) => error,
        )
      : undefined
    this.#client.release(isStale(failure) ? true : broken)
  }

  async #flush(begin: Begin, queries: readonly Query[]): Promise<readonly (readonly unknown[])[]> {
    const sent: Sent[] = queries.map(query => this.#rendering.render(this.#client, query))
    const opening = !this.#open
    this.#open = true
    if (opening) sent.unshift({ text: begin, values: [] })
    const { rows, failure } = await flush(this.#client, sent)
    if (failure === undefined) return opening ? rows.slice(1) : rows
    if (opening && failure.at === 0 && begin === WRITE) throw failureOfBegin(failure.error)
    throw isRerun(failure.error) ? failure.error : failureBeforeCommit(failure.error, queries)
  }
}
