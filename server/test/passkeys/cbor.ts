/** Writes the CBOR of an authenticator (CTAP 2 section 8) for tests; pairs instead of maps, so that a test can also write nonsense. */
export type Item = number | string | boolean | Uint8Array | readonly Item[] | Pairs

export class Pairs {
  readonly pairs: readonly (readonly [number | string, Item])[]

  constructor(...pairs: readonly (readonly [number | string, Item])[]) {
    this.pairs = pairs
  }
}

export function cbor(item: Item): Uint8Array {
  if (typeof item === 'number') return item < 0 ? head(1, -1 - item) : head(0, item)
  if (typeof item === 'boolean') return Uint8Array.of(item ? 0xf5 : 0xf4)
  if (typeof item === 'string') return joined(head(3, Buffer.byteLength(item)), Buffer.from(item))
  if (item instanceof Uint8Array) return joined(head(2, item.length), item)
  if (item instanceof Pairs) {
    return joined(head(5, item.pairs.length), ...item.pairs.flatMap(([key, value]) => [cbor(key), cbor(value)]))
  }
  return joined(head(4, item.length), ...item.map(cbor))
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}

function head(major: number, argument: number): Uint8Array {
  const top = major << 5
  if (argument < 24) return Uint8Array.of(top | argument)
  if (argument < 0x100) return Uint8Array.of(top | 24, argument)
  if (argument < 0x1_0000) return Uint8Array.of(top | 25, argument >> 8, argument & 0xff)
  const wide = Buffer.alloc(5)
  wide[0] = top | 26
  wide.writeUInt32BE(argument, 1)
  return new Uint8Array(wide)
}
