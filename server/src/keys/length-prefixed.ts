/**
 * Parts joined so that no two lists of parts give the same bytes: each is preceded by its length (4 bytes, big-endian).
 * Used as associated data and as HKDF info, where `ab‖c` must differ from `a‖bc`. Numbers are written in decimal.
 */
export function lengthPrefixed(...parts: readonly (string | number)[]): Buffer {
  const texts = parts.map(String)
  let size = 0
  for (const text of texts) size += 4 + Buffer.byteLength(text)
  const bytes = Buffer.allocUnsafe(size)
  let at = 0
  for (const text of texts) {
    const length = bytes.write(text, at + 4)
    bytes.writeUInt32BE(length, at)
    at += 4 + length
  }
  return bytes
}
