/**
 * Dates on the SCIM wire (RFC 7643 section 2.3.5). In: `Z`, `+hhmm` or `+hh:mm`, with or without a fraction, or milliseconds since 1970
 * as number or text. Out: always UTC in whole seconds, `2020-05-15T18:15:21Z`.
 * Surprise: ten digits are refused. They are seconds by mistake, and would silently mean a day of 1970.
 */
const dateTime =
  /^([1-9]\d{3})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])([01]\d|2[0-3]):?([0-5]\d))$/
const epochText = /^\d{11,15}$/
const EARLIEST_EPOCH_MS = 10_000_000_000
/** 9999-12-31T23:59:59.999Z: the last moment that four digits of a year can show. */
const LATEST_MS = 253_402_300_799_999

/** Milliseconds since 1970, or undefined when it is no date that we know. */
export function readDate(value: unknown): number | undefined {
  if (typeof value === 'number') return inEpochRange(value)
  if (typeof value !== 'string') return undefined
  const text = value.trim()
  return epochText.test(text) ? inEpochRange(Number(text)) : fromDateTime(text)
}

/** UTC in whole seconds. */
export function showDate(at_ms: number): string {
  return `${new Date(at_ms).toISOString().slice(0, 19)}Z`
}

function inEpochRange(ms: number): number | undefined {
  return Number.isInteger(ms) && ms >= EARLIEST_EPOCH_MS && ms <= LATEST_MS ? ms : undefined
}

function fromDateTime(text: string): number | undefined {
  const found = dateTime.exec(text)
  if (found === null) return undefined
  const [, year, month, day, hour, minute, second, fraction = '', sign, offsetHours, offsetMinutes] = found
  const wall = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second))
  // Date.UTC carries 31 February and 24:00 over into the next day; such a date was never written.
  if (new Date(wall).toISOString().slice(0, 19) !== text.slice(0, 19).toUpperCase()) return undefined
  const offset_ms = sign === undefined ? 0 : (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60_000
  const ms = wall + Number(fraction.padEnd(3, '0').slice(0, 3)) - (sign === '-' ? -offset_ms : offset_ms)
  return ms <= LATEST_MS ? ms : undefined
}
