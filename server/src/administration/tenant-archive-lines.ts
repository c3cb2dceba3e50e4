/** One row of a tenant's file: `{"table": …, "row": {…}}`, bytes in base64url, nothing but the columns the table has. */
import type { Place } from '#domain/ports/sealer.ts'
import type { ArchivedRow, ArchivedTable, ArchivedValue } from '#domain/ports/tenant-archive-queries.ts'
import { Refusal } from '#domain/refusal.ts'

type Reseal = (place: Place, sealed: Uint8Array) => Uint8Array

export function rowLine(table: ArchivedTable, row: ArchivedRow, reseal: Reseal): string {
  const values: Record<string, string | number | null> = {}
  for (const column of table.columns) {
    const value = column === table.sealed?.column ? resealed(table, row, column, reseal) : (row[column] ?? null)
    values[column] = value instanceof Uint8Array ? Buffer.from(value).toString('base64url') : value
  }
  return JSON.stringify({ table: table.table, row: values })
}

/** Undefined for a line that is no row. */
export function readEntry(
  tables: readonly ArchivedTable[],
  line: string,
  reseal: Reseal,
): [ArchivedTable, ArchivedRow] | undefined {
  const entry = JSON.parse(line) as { table?: unknown; row?: Record<string, unknown> }
  if (entry.table === undefined) return undefined
  const table = tables.find(one => one.table === entry.table)
  if (!table || typeof entry.row !== 'object') throw unknown(String(entry.table))
  const row: Record<string, ArchivedValue> = {}
  for (const column of table.columns) {
    const value = entry.row[column] ?? null
    if (typeof value !== 'string' && typeof value !== 'number' && value !== null)
      throw unknown(`${table.table}.${column}`)
    row[column] = typeof value === 'string' && table.bytes.includes(column) ? Buffer.from(value, 'base64url') : value
  }
  if (table.sealed) row[table.sealed.column] = resealed(table, row, table.sealed.column, reseal)
  return [table, row]
}

function resealed({ table, sealed }: ArchivedTable, row: ArchivedRow, column: string, reseal: Reseal): Uint8Array {
  const value = row[column]
  if (!(value instanceof Uint8Array)) throw unknown(`${table}.${column}`)
  return reseal({ table, column, row: String(row[sealed?.row ?? '']) }, value)
}

function unknown(what: string): Refusal {
  return new Refusal('invalid_request', `The file holds ${what.slice(0, 60)}, which this release does not know.`)
}
