/**
 * The symmetric ciphers of XML Encryption that may carry a secret: AES-CBC and AES-GCM with the nonce in front of the
 * text, and AES key wrap (RFC 3394). Triple DES and anything with a public key are absent. `proves` says whether the
 * cipher itself detects a changed text; CBC does not, so it needs a ValueMAC (RFC 6030 section 6). Failures are one and
 * the same `undefined`, so that no caller can learn from them how a padding looked.
 */
import { Buffer } from 'node:buffer'
import { createDecipheriv } from 'node:crypto'
import { DS, XENC, XENC11 } from '#administration/import/pskc/names.ts'

export interface Cipher {
  readonly keyBytes: 16 | 24 | 32
  readonly proves: boolean
  open(key: Uint8Array, sealed: Uint8Array): Uint8Array | undefined
}

const BLOCK = 16
const GCM_NONCE = 12
const WRAP_START = Buffer.alloc(8, 0xa6)

function cbc(bits: 128 | 192 | 256): Cipher {
  return {
    keyBytes: (bits / 8) as Cipher['keyBytes'],
    proves: false,
    open(key, sealed) {
      if (sealed.length < 2 * BLOCK || sealed.length % BLOCK !== 0) return undefined
      const decipher = createDecipheriv(`aes-${bits}-cbc`, key, sealed.subarray(0, BLOCK)).setAutoPadding(false)
      const padded = Buffer.concat([decipher.update(sealed.subarray(BLOCK)), decipher.final()])
      // XML Encryption section 5.2: only the last byte of the padding counts, the others may be anything.
      const padding = padded[padded.length - 1] as number
      if (padding < 1 || padding > BLOCK) return undefined
      return Uint8Array.from(padded.subarray(0, padded.length - padding))
    },
  }
}

function gcm(bits: 128 | 192 | 256): Cipher {
  return {
    keyBytes: (bits / 8) as Cipher['keyBytes'],
    proves: true,
    open(key, sealed) {
      if (sealed.length < GCM_NONCE + BLOCK) return undefined
      const decipher = createDecipheriv(`aes-${bits}-gcm`, key, sealed.subarray(0, GCM_NONCE), { authTagLength: BLOCK })
      decipher.setAuthTag(sealed.subarray(sealed.length - BLOCK))
      const text = decipher.update(sealed.subarray(GCM_NONCE, sealed.length - BLOCK))
      return finished(() => Buffer.concat([text, decipher.final()]))
    },
  }
}

function wrap(bits: 128 | 192 | 256): Cipher {
  return {
    keyBytes: (bits / 8) as Cipher['keyBytes'],
    proves: true,
    open(key, sealed) {
      if (sealed.length < 24 || sealed.length % 8 !== 0) return undefined
      const decipher = createDecipheriv(`aes${bits}-wrap`, key, WRAP_START)
      return finished(() => Buffer.concat([decipher.update(sealed), decipher.final()]))
    },
  }
}

function finished(read: () => Buffer): Uint8Array | undefined {
  try {
    return Uint8Array.from(read())
  } catch {
    // OpenSSL's one way to say that tag or wrapping do not fit.
    return undefined
  }
}

const ciphers: ReadonlyMap<string, Cipher> = new Map([
  [`${XENC}aes128-cbc`, cbc(128)],
  [`${XENC}aes192-cbc`, cbc(192)],
  [`${XENC}aes256-cbc`, cbc(256)],
  [`${XENC11}aes128-gcm`, gcm(128)],
  [`${XENC11}aes192-gcm`, gcm(192)],
  [`${XENC11}aes256-gcm`, gcm(256)],
  [`${XENC}kw-aes128`, wrap(128)],
  [`${XENC}kw-aes192`, wrap(192)],
  [`${XENC}kw-aes256`, wrap(256)],
])

export function findCipher(algorithm: string | undefined): Cipher | undefined {
  return ciphers.get(algorithm ?? '')
}

/** MACMethod's algorithm as node:crypto calls its hash; RFC 6030 section 6.1.1 asks for HMAC-SHA1, others are in use. */
export function findMacHash(algorithm: string | undefined): 'sha1' | 'sha256' | 'sha384' | 'sha512' | undefined {
  const more = 'http://www.w3.org/2001/04/xmldsig-more#'
  if (algorithm === `${DS}hmac-sha1`) return 'sha1'
  if (algorithm === `${more}hmac-sha256`) return 'sha256'
  if (algorithm === `${more}hmac-sha384`) return 'sha384'
  return algorithm === `${more}hmac-sha512` ? 'sha512' : undefined
}
