/** The users of the bench: their names, the seeds of their tokens, and their one-time codes (RFC 4226). */
import { createHash, createHmac } from 'node:crypto'
import { hotp } from '@countersign/protocol/oath/hotp.ts'

/** External id of the nth bench user, n from 1: scattered, so that neighbours in time are none in an index. */
export const benchUser = (n: number): string => `bench-${20_000_000 + ((n * 7919) % 1_000_003)}`

/** The same as SQL over a column `i`, for both engines. */
export const BENCH_USER_SQL = `'bench-' || cast(20000000 + (i * 7919) % 1000003 as text)`

/** The seed of the nth user's token. */
export const benchSeed = (n: number): Uint8Array => createHash('sha1').update(`bench seed ${n}`).digest()

/** Six digits. */
export const benchCode = (n: number, counter: number): string => hotp(hmac, benchSeed(n), counter, 6)

const hashNames = { SHA1: 'sha1', SHA256: 'sha256', SHA512: 'sha512' } as const

const hmac = (algorithm: keyof typeof hashNames, key: Uint8Array, data: Uint8Array): Uint8Array =>
  createHmac(hashNames[algorithm], key).update(data).digest()
