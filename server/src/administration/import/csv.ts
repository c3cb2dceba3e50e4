/**
 * The documented CSV of token seeds (docs/operate/import.md): UTF-8 with or without a byte order mark, a header, one
 * key per row. A row names its slot or is the next one of its serial number. A bad row becomes a Problem with its line;
 * a file that cannot be read as CSV is refused as a whole.
 */
import { createHash } from 'node:crypto'
import { setImmediate as letOthersRun } from 'node:timers/promises'
import { parseSuite } from '@countersign/protocol/oath/suite.ts'
import { bytesOfBase32, bytesOfHex, timeOf, wholeNumber } from '#administration/import/cell-reading.ts'
import { type CsvColumn, readHeader } from '#administration/import/csv-header.ts'
import { csvRows } from '#administration/import/csv-rows.ts'
import { checkRecord } from '#administration/import/record-rule.ts'
import { RowProblem } from '#administration/import/row-problem.ts'
import {
  type HashName,
  type ImportReport,
  MAX_FILE_BYTES,
  type Problem,
  type TokenRecord,
} from '#administration/import/token-record.ts'
import { Refusal } from '#domain/refusal.ts'

type Cells = (column: CsvColumn) => string | undefined

const ROWS_AT_ONCE = 200

export async function readCsv(content: Uint8Array): Promise<ImportReport> {
  const rows = csvRows(textOf(content))
  const header = rows.next().value
  const columns = readHeader(header?.fields ?? [])
  const records: TokenRecord[] = []
  const problems: Problem[] = []
  const slots = new Map<string, number>()
  const seen = new Set<string>()
  for (const { line, fields } of rows) {
    const cells: Cells = column => fields[columns.get(column) ?? fields.length] || undefined
    try {
      if (fields.length !== columns.size) {
        throw new RowProblem('row', 'columns', `The row has ${fields.length} fields, the header ${columns.size}.`)
      }
      const record = readRow(line, cells, slots)
      if (cells('slot') === undefined) checkOnce(record, seen)
      records.push(record)
    } catch (error) {
      if (!(error instanceof RowProblem)) throw error
      problems.push(error.at(line))
    }
    if ((records.length + problems.length) % ROWS_AT_ONCE === 0) await letOthersRun()
  }
  if (records.length + problems.length === 0)
    throw new Refusal('invalid_value', 'The file has no row after its header.')
  return { records, problems }
}

/** A row that was pasted twice must not become a second slot. */
function checkOnce({ serial, algorithm, secret }: TokenRecord, seen: Set<string>): void {
  const key = `${serial}\n${algorithm}\n${createHash('sha256').update(secret).digest('base64')}`
  if (seen.has(key)) {
    throw new RowProblem('serial', 'duplicate', 'The same key of the same device stands in the file twice.')
  }
  seen.add(key)
}

function textOf(content: Uint8Array): string {
  if (content.length > MAX_FILE_BYTES) throw new Refusal('too_large', 'The file is larger than 16 MB.')
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content)
  } catch {
    throw new Refusal('invalid_request', 'The file must be in UTF-8.')
  }
}

function readRow(line: number, cells: Cells, slots: Map<string, number>): TokenRecord {
  const serial = cells('serial') ?? ''
  const slot = numberIn(cells, 'slot') ?? (slots.get(serial) ?? 0) + 1
  slots.set(serial, slot)
  const algorithm = algorithmIn(cells)
  const step = numberIn(cells, 'step')
  const drift = numberIn(cells, 'drift')
  const manufacturer = cells('manufacturer')
  const friendlyName = cells('name')
  const start = timeIn(cells, 'start')
  const expiry = timeIn(cells, 'expiry')
  const { suiteStep_seconds, ...terms } = termsIn(cells, algorithm)
  const step_seconds = suiteStep_seconds ?? (algorithm === 'TOTP' ? (step ?? 30) : undefined)
  return checkRecord({
    row: line,
    serial,
    slot,
    ...terms,
    secret: secretIn(cells),
    ...(algorithm !== 'TOTP' && { counter: numberIn(cells, 'counter') ?? 0 }),
    ...(step_seconds !== undefined && { step_seconds }),
    ...(drift !== undefined && { drift_steps: drift }),
    ...(manufacturer && { manufacturer }),
    ...(friendlyName && { friendlyName }),
    ...(start !== undefined && { start_at_ms: start }),
    ...(expiry !== undefined && { expiry_at_ms: expiry }),
  })
}

function algorithmIn(cells: Cells): TokenRecord['algorithm'] {
  const told = (cells('algorithm') ?? '').toUpperCase()
  if (told === 'HOTP' || told === 'TOTP' || told === 'OCRA') return told
  if (['AT', 'AI', 'AE', 'ACTIVID'].includes(told)) {
    throw new RowProblem('algorithm', 'algorithm_absent', 'The algorithm is proprietary and unpublished.')
  }
  throw new RowProblem('algorithm', 'algorithm_unknown', 'The algorithm must be HOTP, TOTP or OCRA.')
}

type Terms = Pick<TokenRecord, 'algorithm' | 'hash' | 'digits' | 'suite'> & { readonly suiteStep_seconds?: number }

function termsIn(cells: Cells, algorithm: TokenRecord['algorithm']): Terms {
  const digits = numberIn(cells, 'digits')
  const hash = hashIn(cells)
  const suite = cells('suite')
  if (algorithm !== 'OCRA') {
    if (suite !== undefined) throw new RowProblem('suite', 'suite', 'Only an OCRA key has a suite.')
    return { algorithm, hash: hash ?? 'SHA1', digits: digits ?? 6 }
  }
  const parsed = suite === undefined ? undefined : parseSuite(suite)
  if (suite === undefined || !parsed) {
    throw new RowProblem('suite', 'suite', 'An OCRA key needs its suite, written as RFC 6287 section 6 does.')
  }
  const { step_seconds } = parsed
  const told = { hash: hash ?? parsed.hash, digits: digits ?? parsed.digits }
  return { algorithm, ...told, suite, ...(step_seconds !== undefined && { suiteStep_seconds: step_seconds }) }
}

function hashIn(cells: Cells): HashName | undefined {
  const told = cells('hash')
  if (told === undefined) return undefined
  const found = /^(?:HMAC-?)?SHA-?(1|256|512)$/i.exec(told)
  if (found) return `SHA${found[1]}` as HashName
  throw new RowProblem('hash', 'hash', 'The hash must be SHA1, SHA256 or SHA512.')
}

function secretIn(cells: Cells): Uint8Array {
  const hex = cells('seed_hex')
  const base32 = cells('seed_base32')
  if (hex !== undefined && base32 !== undefined) {
    throw new RowProblem('seed_hex', 'value', 'Only one of seed_hex and seed_base32 may be filled.')
  }
  if (hex === undefined && base32 === undefined) {
    throw new RowProblem('seed_hex', 'secret_missing', 'The seed is missing.')
  }
  const bytes = hex === undefined ? bytesOfBase32(base32 ?? '') : bytesOfHex(hex)
  if (bytes) return bytes
  const where = hex === undefined ? 'seed_base32' : 'seed_hex'
  throw new RowProblem(where, 'secret_form', 'The seed is not written in the form that its column asks for.')
}

function numberIn(cells: Cells, column: CsvColumn): number | undefined {
  const told = cells(column)
  if (told === undefined) return undefined
  const number = wholeNumber(told)
  if (number === undefined) throw new RowProblem(column, 'number', 'It must be a whole number.')
  return number
}

function timeIn(cells: Cells, column: 'start' | 'expiry'): number | undefined {
  const told = cells(column)
  if (told === undefined) return undefined
  const time = timeOf(told)
  if (time === undefined) throw new RowProblem(column, 'date', 'The date must be written as 2026-01-31T00:00:00Z.')
  return time
}
