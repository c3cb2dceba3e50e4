/**
 * The one cryptographic function all OATH arithmetic stands on (RFC 2104), handed in by whoever computes: the server
 * brings node:crypto, the approve app a script implementation. It is synchronous, because a server tries a window of
 * counters inside one unit of work.
 */
export type HashName = 'SHA1' | 'SHA256' | 'SHA512'

export type Hmac = (algorithm: HashName, key: Uint8Array, data: Uint8Array) => Uint8Array

/** Length of a hash or HMAC value in bytes. */
export const HASH_BYTES: Readonly<Record<HashName, number>> = { SHA1: 20, SHA256: 32, SHA512: 64 }
