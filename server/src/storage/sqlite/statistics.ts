/**
 * What SQLite is told about the tables, once, when the schema is made or a step is added: fixed figures of a large tenant.
 * Without any it believes that a tenant has a handful of rows, and scans all of one tenant's keys to find those of one device.
 * Figures that were measured would change plans with the data; these keep every plan what it was when it was tested, so
 * nobody runs `analyze` or `pragma optimize` on these files.
 */
import type { Database } from '#storage/sqlite/open-database.ts'

/** Rows of one tenant in a table. */
const ROWS = 1_000_000
/** Rows that share the value of a column that names a kind: a status, a type, a policy. */
const KINDS = 10
/** Rows that share any other value that is not unique: the attributes of a user, the keys of a device. */
const FEW = 10
const kindColumns = new Set(['type', 'policy', 'group_code', 'role', 'expiry_at', 'noun', 'kind', 'name'])

export function writeStatistics(database: Database): void {
  database.exec('analyze sqlite_schema; delete from sqlite_stat1')
  const add = database.prepare('insert into sqlite_stat1 (tbl, idx, stat) values (?, ?, ?)')
  const tables = database
    .prepare("select name, sql from sqlite_schema where type = 'table' and name not like 'sqlite%'")
    .all() as unknown as { name: string; sql: string }[]
  for (const { name, sql } of tables) {
    const clustered = /without rowid/i.test(sql)
    const indexes = database.prepare(`pragma index_list(${name})`).all() as unknown as Index[]
    for (const index of indexes) {
      const columns = (database.prepare(`pragma index_info(${index.name})`).all() as unknown as { name: string }[]).map(
        column => column.name,
      )
      if (columns[0] !== 'tenant_number') continue
      add.run(name, index.origin === 'pk' && clustered ? name : index.name, statOf(columns, index.unique === 1))
    }
  }
}

interface Index {
  readonly name: string
  readonly unique: number
  readonly origin: string
}

/** How many rows there are, and how many share the first column, the first two, and so on. */
function statOf(columns: readonly string[], unique: boolean): string {
  const figures = [ROWS]
  let left = ROWS
  for (const [n, column] of columns.entries()) {
    if (column !== 'tenant_number') left = kindColumns.has(column) ? Math.max(1, left / KINDS) : Math.min(left, FEW)
    if (unique && n === columns.length - 1) left = 1
    figures.push(left)
  }
  return figures.join(' ')
}
