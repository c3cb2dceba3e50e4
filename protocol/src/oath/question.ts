/**
 * A challenge question as the 128 bytes that OCRA hashes (RFC 6287 section 5.1 and the reference code of appendix A).
 *
 * The surprise is N: decimal becomes hexadecimal digits, and an odd count of them is padded on the right, so 1 and 16
 * give the same bytes. Callers keep out of that by questions of one length without a leading zero.
 */
import type { QuestionFormat } from './suite.ts'

export const QUESTION_BYTES = 128

const forms: Readonly<Record<QuestionFormat, RegExp>> = {
  N: /^[0-9]{1,128}$/,
  H: /^[0-9A-Fa-f]{1,256}$/,
  A: /^[\x20-\x7e]{1,128}$/,
}

/** Writes the question into 128 zeroed bytes; false when the text is not of the format or does not fit. */
export function writeQuestion(format: QuestionFormat, text: string, into: Uint8Array, offset: number): boolean {
  if (!forms[format].test(text)) return false
  if (format === 'A') writeAscii(text, into, offset)
  else writeHex(format === 'N' ? BigInt(text).toString(16) : text, into, offset)
  return true
}

export function writeAscii(text: string, into: Uint8Array, offset: number): void {
  for (let i = 0; i < text.length; i++) into[offset + i] = text.charCodeAt(i)
}

function writeHex(hex: string, into: Uint8Array, offset: number): void {
  const even = hex.length % 2 === 0 ? hex : `${hex}0`
  for (let i = 0; i < even.length; i += 2) into[offset + i / 2] = Number.parseInt(even.slice(i, i + 2), 16)
}
