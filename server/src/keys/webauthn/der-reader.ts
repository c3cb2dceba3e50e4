/**
 * Reads the DER (ITU-T X.690) of one extension in a stranger's certificate: tags, lengths, small numbers. Only what `android-key.ts`
 * asks is here, and nothing recurses: each level is read when it is asked for.
 */
import { Malformed } from '#keys/webauthn/malformed.ts'

export interface DerItem {
  /** The number of the tag, whatever its class. */
  readonly tag: number
  readonly constructed: boolean
  readonly content: Uint8Array
}

const MOST_ITEMS = 128
const OCTETS = 4
const wrong = () => new Malformed('an extension of the certificate cannot be read', 'attestation_invalid')

/** One item that fills all bytes. */
export function readDer(bytes: Uint8Array): DerItem {
  const [item, end] = readAt(bytes, 0)
  if (end !== bytes.length) throw wrong()
  return item
}

export function children({ constructed, content }: DerItem): readonly DerItem[] {
  if (!constructed) throw wrong()
  const items: DerItem[] = []
  for (let at = 0; at < content.length; ) {
    const [item, end] = readAt(content, at)
    items.push(item)
    if (items.length > MOST_ITEMS) throw wrong()
    at = end
  }
  return items
}

export function octetsOf(item: DerItem | undefined): Uint8Array | undefined {
  return item?.tag === OCTETS && !item.constructed ? item.content : undefined
}

/** A number from 0 to 2^31, of INTEGER or ENUMERATED. */
export function wholeOf({ constructed, content }: DerItem): number {
  if (constructed || content.length === 0 || content.length > 4 || (content[0] ?? 0) > 0x7f) throw wrong()
  return content.reduce((number, byte) => number * 256 + byte, 0)
}

function readAt(bytes: Uint8Array, from: number): [DerItem, number] {
  const first = byteAt(bytes, from)
  const [tag, afterTag] = (first & 0x1f) === 0x1f ? longTag(bytes, from + 1) : [first & 0x1f, from + 1]
  const [length, start] = lengthAt(bytes, afterTag)
  if (start + length > bytes.length) throw wrong()
  const content = bytes.subarray(start, start + length)
  return [{ tag, constructed: (first & 0x20) !== 0, content }, start + length]
}

function longTag(bytes: Uint8Array, from: number): [number, number] {
  const high = byteAt(bytes, from)
  if (high <= 0x7f) return [high, from + 1]
  const low = byteAt(bytes, from + 1)
  if (low > 0x7f) throw wrong()
  return [((high & 0x7f) << 7) | low, from + 2]
}

function lengthAt(bytes: Uint8Array, from: number): [number, number] {
  const short = byteAt(bytes, from)
  if (short <= 0x7f) return [short, from + 1]
  if (short === 0x81) return [byteAt(bytes, from + 1), from + 2]
  if (short === 0x82) return [byteAt(bytes, from + 1) * 256 + byteAt(bytes, from + 2), from + 3]
  throw wrong()
}

function byteAt(bytes: Uint8Array, at: number): number {
  const byte = bytes[at]
  if (byte === undefined) throw wrong()
  return byte
}
