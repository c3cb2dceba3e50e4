/**
 * Reads the CBOR (RFC 8949) that authenticators send: the canonical form of CTAP 2 section 8, and nothing beside it.
 *
 * Depth and number of items are bounded while reading, so that what comes after never meets a tree that it cannot walk.
 * Tags, floats, indefinite lengths and numbers written longer than needed are refused: no two encodings for one meaning. The
 * library measures a key by writing it anew, which is right for this form only.
 */
import { Malformed } from '#keys/webauthn/malformed.ts'

export type Cbor = number | boolean | null | string | Uint8Array | readonly Cbor[] | CborMap
export type CborMap = ReadonlyMap<number | string, Cbor>

const DEEPEST = 8
const MOST_ITEMS = 256
/** Smallest number that needs the width: 1, 2, 4 and 8 bytes. */
const SMALLEST = [24, 0x100, 0x1_0000, 0x1_0000_0000] as const

/** One item that fills all bytes. */
export function readCbor(bytes: Uint8Array): Cbor {
  const reader = new Reader(bytes, 0)
  const item = reader.item(0)
  if (reader.at !== bytes.length) throw new Malformed('bytes after the end of CBOR')
  return item
}

/** The item that begins at `from`, and where it ends. */
export function readCborAt(bytes: Uint8Array, from: number): { readonly item: Cbor; readonly end: number } {
  const reader = new Reader(bytes, from)
  const item = reader.item(0)
  return { item, end: reader.at }
}

export function isMap(item: Cbor | undefined): item is CborMap {
  return item instanceof Map
}

class Reader {
  at: number
  readonly #bytes: Uint8Array
  #items = 0

  constructor(bytes: Uint8Array, from: number) {
    this.#bytes = bytes
    this.at = from
  }

  item(depth: number): Cbor {
    this.#items += 1
    if (depth > DEEPEST || this.#items > MOST_ITEMS)
      throw new Malformed('CBOR is nested too deeply or has too many items')
    const head = this.#byte()
    const major = head >> 5
    if (major === 7) return simple(head & 0x1f)
    const argument = this.#argument(head & 0x1f)
    switch (major) {
      case 0:
        return argument
      case 1:
        return -1 - argument
      case 2:
        return this.#take(argument)
      case 3:
        return text(this.#take(argument))
      case 4:
        return this.#array(argument, depth)
      case 5:
        return this.#map(argument, depth)
      default:
        throw new Malformed('CBOR has a tag')
    }
  }

  #array(length: number, depth: number): readonly Cbor[] {
    const items: Cbor[] = []
    for (let count = 0; count < length; count++) items.push(this.item(depth + 1))
    return items
  }

  #map(length: number, depth: number): CborMap {
    const map = new Map<number | string, Cbor>()
    for (let count = 0; count < length; count++) {
      const key = this.item(depth + 1)
      if (typeof key !== 'number' && typeof key !== 'string')
        throw new Malformed('a key of a CBOR map is no number or text')
      if (map.has(key)) throw new Malformed('a CBOR map has a key twice')
      map.set(key, this.item(depth + 1))
    }
    return map
  }

  #argument(short: number): number {
    if (short < 24) return short
    const width = short - 24
    const smallest = SMALLEST[width]
    if (smallest === undefined) throw new Malformed('CBOR has no definite length')
    let number = 0
    for (const byte of this.#take(2 ** width)) number = number * 256 + byte
    if (number < smallest || !Number.isSafeInteger(number)) throw new Malformed('a CBOR number is not canonical')
    return number
  }

  #byte(): number {
    const byte = this.#bytes[this.at]
    if (byte === undefined) throw new Malformed('CBOR ends too early')
    this.at += 1
    return byte
  }

  #take(length: number): Uint8Array {
    if (length > this.#bytes.length - this.at) throw new Malformed('CBOR ends too early')
    const taken = this.#bytes.slice(this.at, this.at + length)
    this.at += length
    return taken
  }
}

function simple(short: number): boolean | null {
  if (short === 20) return false
  if (short === 21) return true
  if (short === 22) return null
  throw new Malformed('CBOR has a float or an unknown simple value')
}

function text(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new Malformed('a CBOR text is no UTF-8')
  }
}
