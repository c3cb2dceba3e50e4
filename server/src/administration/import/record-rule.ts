/**
 * What every record must satisfy before it may become a device, whatever file it came from. Secrets of at least 128
 * bits are asked by RFC 4226 section 4 (R6), digits by section 5.3; counters stay exact numbers. A suite that asks for
 * a PIN or session data is refused: the server holds neither, so no answer could ever be right.
 */
import { parseSuite } from '@countersign/protocol/oath/suite.ts'
import { RowProblem } from '#administration/import/row-problem.ts'
import type { TokenRecord } from '#administration/import/token-record.ts'

const MIN_SECRET_BYTES = 16
const MAX_SECRET_BYTES = 128
const MAX_SLOT = 99
const MAX_DRIFT_STEPS = 1440
const serialForm = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$/

/** Answers the record, or throws the RowProblem that names the first broken rule. */
export function checkRecord(record: TokenRecord): TokenRecord {
  if (!serialForm.test(record.serial)) {
    throw new RowProblem('serial', 'serial', 'The serial number must be 1 to 64 letters, digits, dots or dashes.')
  }
  whole('slot', record.slot, 1, MAX_SLOT)
  const bytes = record.secret.length
  if (bytes < MIN_SECRET_BYTES || bytes > MAX_SECRET_BYTES) {
    const bounds = `${MIN_SECRET_BYTES} to ${MAX_SECRET_BYTES}`
    throw new RowProblem('secret', 'secret_length', `The secret must be ${bounds} bytes long.`)
  }
  if (record.counter !== undefined) whole('counter', record.counter, 0, Number.MAX_SAFE_INTEGER - 1)
  if (record.drift_steps !== undefined) whole('drift', record.drift_steps, -MAX_DRIFT_STEPS, MAX_DRIFT_STEPS)
  if (record.algorithm === 'OCRA') checkOcra(record)
  else whole('digits', record.digits, 6, 10)
  if (record.algorithm === 'TOTP') whole('step', record.step_seconds ?? 0, 15, 300)
  checkTexts(record)
  if (record.start_at_ms !== undefined && record.expiry_at_ms !== undefined) {
    if (record.start_at_ms >= record.expiry_at_ms) {
      throw new RowProblem('expiry', 'dates_in_wrong_order', 'The start date must be before the expiry date.')
    }
  }
  return record
}

function checkTexts(record: TokenRecord): void {
  if ((record.manufacturer?.length ?? 0) > 128) throw new RowProblem('manufacturer', 'too_long', 'At most 128 letters.')
  if ((record.friendlyName?.length ?? 0) > 128) throw new RowProblem('name', 'too_long', 'At most 128 letters.')
}

function checkOcra(record: TokenRecord): void {
  const terms = record.suite === undefined ? undefined : parseSuite(record.suite)
  if (!terms) throw new RowProblem('suite', 'suite', 'An OCRA key needs its suite, written as RFC 6287 section 6 does.')
  if (terms.pinHash !== undefined || terms.session_bytes !== undefined) {
    throw new RowProblem('suite', 'suite_input', 'The suite asks for a PIN or session data, which the server has not.')
  }
  if (terms.digits === 0) throw new RowProblem('suite', 'suite', 'The suite must name 4 to 10 digits.')
  if (terms.digits !== record.digits || terms.hash !== record.hash) {
    throw new RowProblem('suite', 'suite_differs', 'The digits or the hash given beside the suite differ from it.')
  }
}

function whole(where: string, value: number, smallest: number, largest: number): void {
  if (Number.isSafeInteger(value) && value >= smallest && value <= largest) return
  throw new RowProblem(where, 'out_of_bounds', `It must be a whole number from ${smallest} to ${largest}.`)
}
