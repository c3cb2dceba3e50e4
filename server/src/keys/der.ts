/**
 * The few forms of DER (ITU-T X.690) that a self-signed certificate needs. Every form is written once; lengths are definite
 * and shortest, as DER demands. Only writes: strangers' DER is never read here.
 */
type Bytes = Uint8Array

function tagged(tag: number, ...parts: readonly Bytes[]): Bytes {
  const content = Buffer.concat(parts)
  return Buffer.concat([Uint8Array.of(tag), lengthOf(content.length), content])
}

function lengthOf(length: number): Bytes {
  if (length < 0x80) return Uint8Array.of(length)
  const digits = base256(length)
  return Uint8Array.of(0x80 | digits.length, ...digits)
}

function base256(number: number): number[] {
  const digits: number[] = []
  for (let rest = number; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256)
  return digits.length > 0 ? digits : [0]
}

function base128(number: number): number[] {
  const digits = [number % 128]
  for (let rest = Math.floor(number / 128); rest > 0; rest = Math.floor(rest / 128)) digits.unshift((rest % 128) | 0x80)
  return digits
}

/** Years up to 2049 are written with two digits, later ones with four: RFC 5280 section 4.1.2.5. */
function time(at: number): Bytes {
  const digits = new Date(at).toISOString().replace(/[-:T]|\.\d+/g, '')
  return digits < '2050' ? tagged(0x17, Buffer.from(digits.slice(2))) : tagged(0x18, Buffer.from(digits))
}

export const der = {
  sequence: (...parts: readonly Bytes[]) => tagged(0x30, ...parts),
  set: (...parts: readonly Bytes[]) => tagged(0x31, ...parts),
  /** A number that is not negative. */
  integer(number: number): Bytes {
    const digits = base256(number)
    return tagged(0x02, Uint8Array.from((digits[0] ?? 0) > 0x7f ? [0, ...digits] : digits))
  },
  oid(dotted: string): Bytes {
    const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
    return tagged(0x06, Uint8Array.from([first * 40 + second, ...rest].flatMap(base128)))
  },
  utf8: (text: string) => tagged(0x0c, Buffer.from(text)),
  octets: (bytes: Bytes) => tagged(0x04, bytes),
  /** Whole bytes, or `unused` bits fewer. */
  bits: (bytes: Bytes, unused = 0) => tagged(0x03, Uint8Array.of(unused), bytes),
  boolean: (value: boolean) => tagged(0x01, Uint8Array.of(value ? 0xff : 0)),
  nothing: () => tagged(0x05),
  time,
  /** Context-specific, constructed: `[number]` around its content. */
  explicit: (number: number, content: Bytes) => tagged(0xa0 | number, content),
}
