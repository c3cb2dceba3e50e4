/**
 * OCRA: the answer to a challenge, the signature of a transaction, or one side of a mutual proof (RFC 6287 section 5).
 *
 * Hashed is: suite text, a zero byte, then C, Q, P, S, T as far as the suite names them. An input that the suite asks
 * for and that is missing or unfit is a bug of the caller: it throws, it never computes a weaker code.
 */
import { writeCounter } from './counter-bytes.ts'
import { HASH_BYTES, type Hmac } from './hmac.ts'
import { QUESTION_BYTES, writeAscii, writeQuestion } from './question.ts'
import type { Suite } from './suite.ts'
import { truncate } from './truncate.ts'

export interface OcraInput {
  readonly question: string
  readonly counter?: number
  /** The PIN's hash, by the hash that the suite names. */
  readonly pinHash?: Uint8Array
  /** At most as long as the suite says; shorter ones get zeros in front, as the reference code does. */
  readonly session?: Uint8Array
  /** Steps since 1970, not seconds. */
  readonly timeStep?: number
}

export function ocra(hmac: Hmac, suite: Suite, key: Uint8Array, input: OcraInput): string {
  return truncate(hmac(suite.hash, key, dataInput(suite, input)), suite.digits)
}

function dataInput(suite: Suite, input: OcraInput): Uint8Array {
  const data = new Uint8Array(sizeOf(suite))
  writeAscii(suite.text, data, 0)
  let at = suite.text.length + 1
  if (suite.counter) {
    writeCounter(given(input.counter, 'counter'), data, at)
    at += 8
  }
  if (!writeQuestion(suite.question.format, input.question, data, at)) throw new RangeError('the question does not fit')
  at += QUESTION_BYTES
  if (suite.pinHash !== undefined) {
    const pin = given(input.pinHash, 'PIN hash')
    if (pin.length !== HASH_BYTES[suite.pinHash]) throw new RangeError('the PIN hash has the wrong length')
    data.set(pin, at)
    at += pin.length
  }
  if (suite.session_bytes !== undefined) {
    const session = given(input.session, 'session')
    if (session.length > suite.session_bytes) throw new RangeError('the session is too long')
    data.set(session, at + suite.session_bytes - session.length)
    at += suite.session_bytes
  }
  if (suite.step_seconds !== undefined) writeCounter(given(input.timeStep, 'time step'), data, at)
  return data
}

function sizeOf(suite: Suite): number {
  const pin = suite.pinHash === undefined ? 0 : HASH_BYTES[suite.pinHash]
  const moving = (suite.counter ? 8 : 0) + (suite.step_seconds === undefined ? 0 : 8)
  return suite.text.length + 1 + QUESTION_BYTES + pin + (suite.session_bytes ?? 0) + moving
}

function given<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new RangeError(`the suite asks for a ${what}`)
  return value
}
