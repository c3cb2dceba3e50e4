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
  #young = new Map<string, StatementSyncInstance>()
  #old = new Map<string, StatementSyncInstance>()

  constructor(database: Database) {
    this.database = database
  }

  rows(query: Query): readonly unknown[] {
    try {
      return this.#prepared(query).all(...(query.values.map(exact) as never[]))
    } catch (cause) {
      throw new Fault(`statement ${query.name} failed: ${(cause as Error).message}`, { cause })
    }
  }

  get preparedCount(): number {
    return this.#young.size + this.#old.size
  }

  #prepared(query: Query): StatementSyncInstance {
    const hot = this.#young.get(query.name)
    if (hot !== undefined) return hot
    if (this.#young.size >= PREPARED_STATEMENTS / 2) {
      this.#old = this.#young
      this.#young = new Map()
    }
    const statement = this.#old.get(query.name) ?? this.database.prepare(query.text)
    this.#old.delete(query.name)
    this.#young.set(query.name, statement)
    return statement
  }
}

// The API binds numbers as floating point: 7 / 2 would be 3.5 and a text column would keep '96743.0'.
function exact(value: unknown): unknown {
  return Number.isSafeInteger(value) ? BigInt(value as number) : value
}
