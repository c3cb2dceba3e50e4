/** One row of a tenant's file: `{"table": …, "row": {…}}`, bytes in base64url, nothing but the columns the table has. */
import type { Place } from '#domain/ports/sealer.ts'
import type { ArchivedRow, ArchivedTable, ArchivedValue } from '#domain/ports/tenant-archive-queries.ts'
import { Refusal } from '#domain/refusal.ts'

type Reseal = (place: Place, sealed: Uint8Array) => Uint8Array

export function rowLine(table: ArchivedTable, row: ArchivedRow, reseal: Reseal): string {
  const values: Record<string, string | number | null> = {}
  for (const column of table.columns) {
    const value = resealed(table, row, column, reseal)
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
  for (const { column } of table.sealed) row[column] = resealed(table, row, column, reseal)
  const { column } = table.sealedMembers ?? {}
  if (column !== undefined) row[column] = resealed(table, row, column, reseal)
  return [table, row]
}

/** The value as it is where the column is not sealed or holds nothing. */
function resealed(archived: ArchivedTable, row: ArchivedRow, column: string, reseal: Reseal): ArchivedValue {
  const { table, sealed, sealedMembers } = archived
  const value = row[column] ?? null
  if (sealedMembers?.column === column && typeof value === 'string') {
    const place = { table, row: sealedMembers.row.map(name => String(row[name])).join('.') }
    return withSecrets(value, column, (name, bytes) => reseal({ ...place, column: name }, bytes))
  }
  const place = sealed.find(one => one.column === column)
  if (place === undefined || value === null) return value
  if (!(value instanceof Uint8Array)) throw unknown(`${table}.${column}`)
  return reseal({ table, column, row: place.row.map(name => String(row[name])).join('.') }, value)
}

/** The document as it is where it holds no secrets. */
function withSecrets(text: string, column: string, seal: (column: string, bytes: Uint8Array) => Uint8Array): string {
  const document = JSON.parse(text) as { readonly secrets?: Readonly<Record<string, string>> }
  if (document.secrets === undefined) return text
  const secrets = Object.entries(document.secrets).map(([name, sealed]) => {
    const fresh = seal(`${column}.secrets.${name}`, Buffer.from(sealed, 'base64url'))
    return [name, Buffer.from(fresh).toString('base64url')]
  })
  return JSON.stringify({ ...document, secrets: Object.fromEntries(secrets) })
}

function unknown(what: string): Refusal {
  return new Refusal('invalid_request', `The file holds ${what.slice(0, 60)}, which this release does not know.`)
}
