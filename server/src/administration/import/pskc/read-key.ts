/**
 * One Key element with its Data (RFC 6030 section 4.1) as a TokenRecord.
 * Encrypted numbers are big-endian bytes, plain ones decimal text. Time is only checked for its form: a token that
 * was in use elsewhere is met by the look-ahead window and TimeDrift, and steps below the clock are dead here anyway.
 */
import { bytesOfBase64, wholeNumber } from '#administration/import/cell-reading.ts'
import { readAlgorithm } from '#administration/import/pskc/algorithm.ts'
import type { Element } from '#administration/import/pskc/element.ts'
import { find, PSKC } from '#administration/import/pskc/names.ts'
import type { OpenValue } from '#administration/import/pskc/open-values.ts'
import { checkPolicy, datesOf } from '#administration/import/pskc/policy.ts'
import { checkRecord } from '#administration/import/record-rule.ts'
import { RowProblem } from '#administration/import/row-problem.ts'
import type { TokenRecord } from '#administration/import/token-record.ts'

export interface KeyPlace {
  readonly row: number
  readonly serial: string
  readonly slot: number
  readonly device: Element | undefined
}

/** Throws a RowProblem when the key cannot be used. */
export function readKey(key: Element, place: KeyPlace, open: OpenValue): TokenRecord {
  const { suiteStep_seconds, ...terms } = readAlgorithm(key)
  checkPolicy(key, terms.algorithm)
  const data = find(key, PSKC, 'Data')
  const counter = numberIn(data, 'Counter', open)
  const interval = numberIn(data, 'TimeInterval', open)
  const drift = numberIn(data, 'TimeDrift', open)
  numberIn(data, 'Time', open)
  const step = suiteStep_seconds ?? (terms.algorithm === 'TOTP' ? (interval ?? 30) : undefined)
  const manufacturer = find(place.device, PSKC, 'Manufacturer')?.text
  const friendlyName = find(key, PSKC, 'FriendlyName')?.text
  return checkRecord({
    row: place.row,
    serial: place.serial,
    slot: place.slot,
    ...terms,
    secret: secretIn(data, open),
    ...(terms.algorithm !== 'TOTP' && { counter: counter ?? 0 }),
    ...(step !== undefined && { step_seconds: step }),
    ...(drift !== undefined && { drift_steps: drift }),
    ...(manufacturer && { manufacturer }),
    ...(friendlyName && { friendlyName }),
    ...datesOf(place.device, key),
  })
}

function secretIn(data: Element | undefined, open: OpenValue): Uint8Array {
  const where = 'Data/Secret'
  const value = find(data, PSKC, 'Secret')
  if (!value) throw new RowProblem(where, 'secret_missing', 'The key has no secret.')
  const plain = plainOf(value, where)
  if (plain === undefined) return open(value, where)
  const bytes = bytesOfBase64(plain)
  if (!bytes) throw new RowProblem(where, 'base64', 'The secret must be base64.')
  return bytes
}

function numberIn(data: Element | undefined, name: string, open: OpenValue): number | undefined {
  const where = `Data/${name}`
  const value = find(data, PSKC, name)
  if (!value) return undefined
  const plain = plainOf(value, where)
  const number = plain === undefined ? numberOf(open(value, where)) : wholeNumber(plain)
  if (number === undefined) throw new RowProblem(where, 'number', 'It must be a whole number.')
  return number
}

/** The text of PlainValue, or undefined when the value is encrypted; one of the two, never both. */
function plainOf(value: Element, where: string): string | undefined {
  const plain = find(value, PSKC, 'PlainValue')
  const encrypted = find(value, PSKC, 'EncryptedValue')
  if (plain && !encrypted) return plain.text
  if (encrypted && !plain) return undefined
  throw new RowProblem(where, 'value', 'It needs either a PlainValue or an EncryptedValue.')
}

/** 4 bytes (xs:int) or 8 bytes (xs:long), big-endian and signed. */
function numberOf(bytes: Uint8Array): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length === 4) return view.getInt32(0)
  if (bytes.length !== 8) return undefined
  const number = Number(view.getBigInt64(0))
  return Number.isSafeInteger(number) ? number : undefined
}
