/** Bytes as Web Crypto takes them, and base64url without padding (RFC 4648 section 5) as the protocol writes them. */
import { utf8 } from '@countersign/protocol/approve/utf8.ts'
import { base64url } from 'jose'

export type Bytes = Uint8Array<ArrayBuffer>

/** A copy that is surely no view of shared memory, which Web Crypto does not take. */
export const bytesOf = (bytes: Uint8Array | ArrayBuffer): Bytes => new Uint8Array(bytes)
export const textBytes = (text: string): Bytes => bytesOf(utf8(text))
export const toBase64url = (bytes: Uint8Array | ArrayBuffer): string => base64url.encode(bytesOf(bytes))
export const fromBase64url = (text: string): Bytes => bytesOf(base64url.decode(text))
export const randomBytes = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length))

/** Takes as long whether or not they differ, and wherever. */
export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false
  let difference = 0
  for (let at = 0; at < one.length; at++) difference |= one[at]! ^ other[at]!
  return difference === 0
}

export const sha256 = async (bytes: Bytes): Promise<Bytes> => bytesOf(await crypto.subtle.digest('SHA-256', bytes))
