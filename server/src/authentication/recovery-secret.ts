/**
 * What is sent to somebody who forgot his password: eight digits to be typed where he asked, and a link that works in any browser. The
 * handle of a link is the whole proof (176 random bits); standard base64 is written for addresses (RFC 4648 section 5).
 */
import type { Random } from '#domain/ports/random.ts'

const DIGITS = 8
const CODES = 10n ** BigInt(DIGITS)
const RANDOM_BYTES = 16

export function makeCode(random: Random): string {
  let number = 0n
  for (const byte of random.bytes(RANDOM_BYTES)) number = number * 256n + BigInt(byte)
  // 128 bits over 10^8 numbers: the remainder prefers none by more than 2^-101.
  return String(number % CODES).padStart(DIGITS, '0')
}

export function linkOf(origin: string, tenant: string, handle: string): string {
  const token = handle.replaceAll('+', '-').replaceAll('/', '_')
  return `${origin}/${encodeURIComponent(tenant)}/authn/portal/reset?token=${token}`
}

/** The handle in a link, however its text was written. */
export const handleOf = (token: string) => token.replaceAll('-', '+').replaceAll('_', '/')

/** As people type them: with blanks or a hyphen in between. */
export const codeOf = (typed: string) => typed.replace(/[\s-]/g, '')
