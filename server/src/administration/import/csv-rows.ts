/**
 * RFC 4180: comma-separated fields, quotes doubled inside quotes, lines ended by CRLF or LF; a line that starts a row
 * gives it its number. Bounds are checked while reading: rows, fields of a row, letters of a field. The surprise: a
 * quote that is never closed would swallow the rest of the file, so it is refused with the line it began on.
 */
import { Refusal } from '#domain/refusal.ts'

export interface CsvRow {
  readonly line: number
  readonly fields: readonly string[]
}

export const MAX_ROWS = 100_000
const MAX_FIELDS = 32
const MAX_FIELD_LETTERS = 1024

/** Empty lines are passed over. The first row is the header. */
export function* csvRows(text: string): Generator<CsvRow, void> {
  let rows = 0
  let at = 0
  let line = 1
  while (at < text.length) {
    const row = readRow(text, at, line)
    if (row.fields.length > 1 || row.fields[0] !== '') {
      rows += 1
      if (rows > MAX_ROWS + 1) throw new Refusal('too_large', `The file has more than ${MAX_ROWS} rows.`)
      yield { line, fields: row.fields }
    }
    at = row.next
    line += row.lines
  }
}

interface ReadRow {
  readonly fields: readonly string[]
  readonly next: number
  readonly lines: number
}

function readRow(text: string, start: number, line: number): ReadRow {
  const fields: string[] = []
  let at = start
  let lines = 1
  for (;;) {
    const field = text[at] === '"' ? quoted(text, at, line) : bare(text, at, line)
    lines += field.lines
    fields.push(field.value)
    if (fields.length > MAX_FIELDS) throw malformed(line, `has more than ${MAX_FIELDS} fields`)
    const sign = text[field.next]
    if (sign === ',') at = field.next + 1
    else return { fields, lines, next: field.next + (text.startsWith('\r\n', field.next) ? 2 : 1) }
  }
}

interface Field {
  readonly value: string
  readonly next: number
  readonly lines: number
}

const bareEnd = /[,"\r\n]/g

function bare(text: string, start: number, line: number): Field {
  bareEnd.lastIndex = start
  const next = bareEnd.exec(text)?.index ?? text.length
  if (text[next] === '"') throw malformed(line, 'has a quote inside a field without quotes')
  endOfField(text, next, line)
  return { value: bounded(text.slice(start, next), line).trim(), next, lines: 0 }
}

function quoted(text: string, start: number, line: number): Field {
  let value = ''
  let at = start + 1
  for (;;) {
    const close = text.indexOf('"', at)
    if (close < 0) throw malformed(line, 'has a quote that is never closed')
    value = bounded(value + text.slice(at, close), line)
    if (text[close + 1] !== '"') {
      endOfField(text, close + 1, line)
      return { value: value.trim(), next: close + 1, lines: value.split('\n').length - 1 }
    }
    value += '"'
    at = close + 2
  }
}

function endOfField(text: string, at: number, line: number): void {
  const sign = text[at]
  if (sign === undefined || sign === ',' || sign === '\n' || text.startsWith('\r\n', at)) return
  throw malformed(line, 'has letters after a closing quote or a carriage return alone')
}

function bounded(value: string, line: number): string {
  if (value.length > MAX_FIELD_LETTERS) throw malformed(line, `has a field of more than ${MAX_FIELD_LETTERS} letters`)
  return value
}

function malformed(line: number, what: string): Refusal {
  return new Refusal('invalid_request', `The row on line ${line} ${what}.`)
}
