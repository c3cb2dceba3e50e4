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
      const { statement, rowOf } = this.#prepared(query)
      if (query.counts) return touchedRows(statement.run(...(query.values.map(exact) as never[])).changes)
      const rows = statement.all(...(query.values.map(exact) as never[]))
      return rows.length === 0 ? rows : rows.map(row => rowOf(row as unknown as unknown[]))
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

interface Prepared {
  readonly statement: StatementSyncInstance
  readonly rowOf: (values: readonly unknown[]) => object
}

function prepare(database: Database, text: string): Prepared {
  const statement = database.prepare(text)
  statement.setReturnArrays(true)
  return { statement, rowOf: rowMaker(statement.columns().map(({ name }) => name as string)) }
}

/**
 * Rows come as arrays and get their names here, by a literal written out for each statement: a tenth of the price of setting twenty names
 * in a loop, and all its rows are of one shape. The names are those of our own text, quoted all the same.
 */
function rowMaker(names: readonly string[]): Prepared['rowOf'] {
  const members = names.map((name, n) => `${JSON.stringify(name)}: values[${n}]`)
  return new Function('values', `return { ${members.join(', ')} }`) as Prepared['rowOf']
}

const ONE: readonly object[] = [{}]
const NONE: readonly object[] = []

function touchedRows(changes: number | bigint): readonly object[] {
  const count = Number(changes)
  return count === 0 ? NONE : count === 1 ? ONE : Array.from({ length: count }, () => ({}))
}

// The API binds numbers as floating point: 7 / 2 would be 3.5 and a text column would keep '96743.0'.
function exact(value: unknown): unknown {
  return Number.isSafeInteger(value) ? BigInt(value as number) : value
}
