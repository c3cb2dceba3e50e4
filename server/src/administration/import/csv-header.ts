/**
 * The header of an import CSV: which column stands where, in any order, written in any case. An unknown column is
 * refused by its name. The surprise: a file without a header has a seed in its first line, so a name is repeated only
 * when the line is surely a header and the name has no digit; otherwise the column's number is told.
 */
import { Refusal } from '#domain/refusal.ts'

export const csvColumns = [
  'serial',
  'slot',
  'algorithm',
  'seed_hex',
  'seed_base32',
  'digits',
  'counter',
  'step',
  'drift',
  'hash',
  'suite',
  'start',
  'expiry',
  'manufacturer',
  'name',
] as const
export type CsvColumn = (typeof csvColumns)[number]

/** Where each named column stands. */
export function readHeader(fields: readonly string[]): ReadonlyMap<CsvColumn, number> {
  const names = fields.map(field => field.toLowerCase())
  const columns = new Map<CsvColumn, number>()
  const surelyHeader = names.includes('serial') && (names.includes('seed_hex') || names.includes('seed_base32'))
  if (!surelyHeader) {
    throw new Refusal(
      'invalid_value',
      'The first line must name the columns, separated by commas: serial, algorithm and seed_hex or seed_base32 at least.',
    )
  }
  for (const [index, name] of names.entries()) {
    const column = name === 'type' ? 'algorithm' : csvColumns.find(known => known === name)
    if (!column) throw new Refusal('invalid_value', `The column ${shown(name, index)} is not known.`)
    if (columns.has(column)) throw new Refusal('invalid_value', `The column ${column} is named twice.`)
    columns.set(column, index)
  }
  if (!columns.has('algorithm')) throw new Refusal('invalid_value', 'The column algorithm is missing.')
  return columns
}

function shown(name: string, index: number): string {
  return /^[a-z][a-z_ ]{0,23}$/.test(name) ? name : `with number ${index + 1}`
}
