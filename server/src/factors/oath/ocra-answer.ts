/**
 * Whether a code is the OCRA answer to a question, shared by responses and signatures (RFC 6287 section 7).
 *
 * A suite with C moves the counter on; one with T is searched around our clock and the step found is told, so that a
 * signature can be spent at that step. An accepted step does not close itself: two transactions may fall into one.
 */

import { HASH_BYTES } from '@countersign/protocol/oath/hmac.ts'
import { ocra } from '@countersign/protocol/oath/ocra.ts'
import type { Suite } from '@countersign/protocol/oath/suite.ts'
import { timeStep } from '@countersign/protocol/oath/totp.ts'
import { sameText } from '#domain/same-text.ts'
import type { Rejection, Situation } from '#factors/factor.ts'
import { type OathSettings, type OathState, suiteOf } from '#factors/oath/settings.ts'
import { driftAfter, findCounter, findStep } from '#factors/oath/window.ts'

export type OcraAnswer = { readonly state: OathState; readonly counter?: number; readonly step?: number } | Rejection

export function checkOcraAnswer(
  situation: Situation<OathSettings, OathState>,
  question: string,
  code: string,
): OcraAnswer {
  const { settings, state, secret, hmac, now_seconds, failures } = situation
  const suite = suiteOf(settings)
  if (!isCode(suite, code)) return 'malformed'
  const fits = (moving: { counter?: number; timeStep?: number }) =>
    sameText(ocra(hmac, suite, secret, { question, ...moving }), code)

  if (suite.counter) {
    const found = findCounter(state, settings.window, failures, counter => fits({ counter }))
    return typeof found === 'string' ? found : { state: { ...state, next: found.at + 1 }, counter: found.at }
  }
  if (suite.step_seconds !== undefined) {
    const expected = timeStep(now_seconds, suite.step_seconds) + state.drift
    const found = findStep(state, settings.window, expected, step => fits({ timeStep: step }))
    if (typeof found === 'string') return found
    const drift = driftAfter(state, expected, found.at, settings.resync_window)
    return { state: { ...state, drift }, step: found.at }
  }
  return fits({}) ? { state } : 'wrong'
}

function isCode(suite: Suite, code: string): boolean {
  const length = suite.digits === 0 ? 2 * HASH_BYTES[suite.hash] : suite.digits
  return code.length === length && (suite.digits === 0 ? /^[0-9a-f]+$/ : /^[0-9]+$/).test(code)
}
