/**
 * How single values of an import file are read: whole numbers, times, hex, base32 and base64, strictly.
 * `undefined` means "not that"; whoever asks knows the place and makes the problem of it.
 * Buffer's own decoders skip what they do not know, so a mistyped seed would become another, shorter seed.
 */
import { Buffer } from 'node:buffer'

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const dateTime =
  /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(Z|[+-](?:0\d|1[0-4]):?[0-5]\d)?)?$/

export function wholeNumber(text: string): number | undefined {
  if (!/^-?\d{1,16}$/.test(text)) return undefined
  const number = Number(text)
  return Number.isSafeInteger(number) ? number : undefined
}

/** Milliseconds of an xs:dateTime or plain date; without a zone it is UTC. */
export function timeOf(text: string): number | undefined {
  const found = dateTime.exec(text)
  if (!found) return undefined
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map(part => Number(part ?? 0)) as number[]
  const fraction_ms = Math.floor(Number(`0.${found[7] ?? '0'}`) * 1000)
  if (hour! > 23 || minute! > 59 || second! > 59) return undefined
  const midnight = Date.UTC(year!, month! - 1, day!)
  // Date.UTC carries 31 February over into March; a real date comes back as it went in.
  if (new Date(midnight).getUTCDate() !== day || new Date(midnight).getUTCMonth() !== month! - 1) return undefined
  const local = midnight + ((hour! * 60 + minute!) * 60 + second!) * 1000 + fraction_ms
  return local - zone_ms(found[8] ?? 'Z')
}

function zone_ms(zone: string): number {
  if (zone === 'Z') return 0
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000
}

export function bytesOfHex(text: string): Uint8Array | undefined {
  if (text.length === 0 || text.length % 2 === 1 || !/^[0-9A-Fa-f]+$/.test(text)) return undefined
  return Uint8Array.from(Buffer.from(text, 'hex'))
}

/** RFC 4648 section 6; lower case and missing padding are accepted, stray bits at the end are not. */
export function bytesOfBase32(text: string): Uint8Array | undefined {
  const letters = text.toUpperCase().replace(/=+$/, '')
  if (letters.length === 0 || ![0, 2, 4, 5, 7].includes(letters.length % 8)) return undefined
  const bytes = new Uint8Array(Math.floor((letters.length * 5) / 8))
  let held = 0
  let bits = 0
  let filled = 0
  for (const letter of letters) {
    const value = BASE32.indexOf(letter)
    if (value < 0) return undefined
    held = ((held << 5) | value) & 0xfff
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes[filled] = (held >> bits) & 0xff
    filled += 1
  }
  return (held & ((1 << bits) - 1)) === 0 ? bytes : undefined
}

/** RFC 4648 section 4 with padding; white space between the letters is XML's line breaking and allowed. */
export function bytesOfBase64(text: string): Uint8Array | undefined {
  const letters = text.replace(/[ \t\r\n]+/g, '')
  if (letters.length === 0 || letters.length % 4 !== 0) return undefined
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(letters)) return undefined
  const bytes = Buffer.from(letters, 'base64')
  return bytes.toString('base64') === letters ? Uint8Array.from(bytes) : undefined
}
