/**
 * One SQLite connection with the statements it has prepared, keyed by the names of queries.
 * Two generations bound the cache: what is not used while a generation fills is dropped with the one before it, so a
 * hot statement costs one look-up and endless variants of a filter cannot grow it.
 */
import type { StatementSyncInstance } from '@photostructure/sqlite'
import type { Query } from '#domain/ports/store.ts'
import { Fault } from '#domain/refusal.ts'
import { PREPARED_STATEMENTS } from '#storage/engine-limits.ts'
import type { Database } from '#storage/sqlite/open-database.ts'

export class Connection {
  readonly database: Database
  #young = new Map<string, Prepared>()
  #old = new Map<string, Prepared>()

  constructor(database: Database) {
    this.database = database
  }

  rows(query: Query): readonly unknown[] {
    try {
      const { statement, names } = this.#prepared(query)
      if (query.counts) return touchedRows(statement.run(...(query.values.map(exact) as never[])).changes)
      const rows = statement.all(...(query.values.map(exact) as never[]))
      return names.length === 0 || rows.length === 0 ? rows : rows.map(row => named(row as unknown as unknown[], names))
    } catch (cause) {
      throw new Fault(`statement ${query.name} failed: ${(cause as Error).message}`, { cause })
    }
  }

  get preparedCount(): number {
    return this.#young.size + this.#old.size
  }

  #prepared(query: Query): Prepared {
    const hot = this.#young.get(query.name)
    if (hot !== undefined) return hot
    if (this.#young.size >= PREPARED_STATEMENTS / 2) {
      this.#old = this.#young
      this.#young = new Map()
    }
    const prepared = this.#old.get(query.name) ?? prepare(this.database, query.text)
    this.#old.delete(query.name)
    this.#young.set(query.name, prepared)
    return prepared
  }
}

/** Rows come as arrays and get their names here: half the price of objects made on the other side. */
interface Prepared {
  readonly statement: StatementSyncInstance
  readonly names: readonly string[]
}

function prepare(database: Database, text: string): Prepared {
  const statement = database.prepare(text)
  statement.setReturnArrays(true)
  return { statement, names: statement.columns().map(({ name }) => name as string) }
}

const ONE: readonly object[] = [{}]
const NONE: readonly object[] = []

function touchedRows(changes: number | bigint): readonly object[] {
  const count = Number(changes)
  return count === 0 ? NONE : count === 1 ? ONE : Array.from({ length: count }, () => ({}))
}

function named(row: readonly unknown[], names: readonly string[]): Record<string, unknown> {
  const object: Record<string, unknown> = {}
  for (let n = 0; n < names.length; n++) object[names[n] as string] = row[n]
  return object
}

// The API binds numbers as floating point: 7 / 2 would be 3.5 and a text column would keep '96743.0'.
function exact(value: unknown): unknown {
  return Number.isSafeInteger(value) ? BigInt(value as number) : value
}
