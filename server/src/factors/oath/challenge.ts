/**
 * The number a user types into his token (RFC 6287 section 7.1): six digits unless the settings say otherwise, never
 * more than the suite takes.
 *
 * Decimal is allowed in every question format, and it never starts with zero: people leave leading zeros out, and
 * in format N questions of one length without them are the ones of which no two give the same bytes.
 */
import type { Random } from '#domain/ports/random.ts'
import { type OathSettings, suiteOf } from '#factors/oath/settings.ts'

const RANDOM_BYTES = 16
const USUAL_LENGTH = 6

export function makeChallenge(settings: OathSettings, chance: Random): string {
  const length = Math.min(settings.question_length ?? USUAL_LENGTH, suiteOf(settings).question.length)
  let random = 0n
  for (const byte of chance.bytes(RANDOM_BYTES)) random = random * 256n + BigInt(byte)
  const smallest = 10n ** BigInt(length - 1)
  // 128 bits over at most 9 × 10^9 numbers: the remainder prefers none by more than 2^-94.
  return String(smallest + (random % (9n * smallest)))
}
