/**
 * HOTP: the code of an event-based token at one counter (RFC 4226). With a time step as counter it is the code of a
 * time-based token (RFC 6238), which may also use SHA-256 and SHA-512.
 */
import { writeCounter } from './counter-bytes.ts'
import type { HashName, Hmac } from './hmac.ts'
import { truncate } from './truncate.ts'

/** Digits are 6 to 10; the server's settings and the importer hold that bound. */
export function hotp(
  hmac: Hmac,
  key: Uint8Array,
  counter: number,
  digits: number,
  algorithm: HashName = 'SHA1',
): string {
  const message = new Uint8Array(8)
  writeCounter(counter, message, 0)
  return truncate(hmac(algorithm, key, message), digits)
}
