/**
 * AES-256-GCM (NIST SP 800-38D) as this room uses it: a header that says how to read the rest, a random nonce of 12 bytes,
 * the text, a tag of 16 bytes. The header is authenticated together with the associated data.
 * `open` answers undefined for whatever was not sealed so; the caller knows what that means.
 */
import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto'
import type { Random } from '#domain/ports/random.ts'

const NONCE_BYTES = 12
const TAG_BYTES = 16
/** What the form adds to the header and the text. */
export const GCM_OVERHEAD_BYTES = NONCE_BYTES + TAG_BYTES

export const gcm = {
  seal(key: KeyObject, random: Random, header: Uint8Array, associated: Uint8Array, plain: Uint8Array): Uint8Array {
    const nonce = random.bytes(NONCE_BYTES)
    const cipher = createCipheriv('aes-256-gcm', key, nonce)
    cipher.setAAD(Buffer.concat([header, associated]))
    const text = cipher.update(plain)
    cipher.final()
    return Buffer.concat([header, nonce, text, cipher.getAuthTag()])
  },

  open(key: KeyObject, headerBytes: number, associated: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
    if (sealed.length < headerBytes + GCM_OVERHEAD_BYTES) return undefined
    const textAt = headerBytes + NONCE_BYTES
    const tagAt = sealed.length - TAG_BYTES
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(headerBytes, textAt))
    decipher.setAAD(Buffer.concat([sealed.subarray(0, headerBytes), associated]))
    decipher.setAuthTag(sealed.subarray(tagAt))
    const plain = decipher.update(sealed.subarray(textAt, tagAt))
    try {
      decipher.final()
    } catch {
      return undefined // the only thing `final` can say here is that the tag does not fit
    }
    return plain
  },
}
