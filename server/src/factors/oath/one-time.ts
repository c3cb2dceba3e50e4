/**
 * One-time codes: event based (RFC 4226 section 7.2) and time based (RFC 6238 section 5.2).
 *
 * The arithmetic lives in protocol/oath because the app computes the same codes. This file only decides: is this code
 * one of the few that may be accepted now, and was it never used before?
 */
import { hotp } from '@countersign/protocol/oath/hotp.ts'
import { timeStep } from '@countersign/protocol/oath/totp.ts'
import { sameText } from '#domain/same-text.ts'
import { type Outcome, rejected, type Situation } from '#factors/factor.ts'
import type { OathSettings, OathState } from '#factors/oath/settings.ts'
import { driftAfter, type Fits, findCounter, findStep } from '#factors/oath/window.ts'

const decimal = /^[0-9]+$/

export function verifyOneTime(situation: Situation<OathSettings, OathState>, code: string): Outcome<OathState> {
  const { settings, state, secret, hmac, now_seconds, failures } = situation
  if (code.length !== settings.digits || !decimal.test(code)) return rejected('malformed')
  const fits: Fits = counter => sameText(hotp(hmac, secret, counter, settings.digits, settings.hash), code)

  if (settings.algorithm === 'HOTP') {
    const found = findCounter(state, settings.window, failures, fits)
    if (typeof found === 'string') return rejected(found)
    return { outcome: 'accepted', state: { next: found.at + 1, drift: 0 }, amr: ['otp'] }
  }
  const expected = timeStep(now_seconds, settings.step_seconds) + state.drift
  const found = findStep(state, settings.window, expected, fits)
  if (typeof found === 'string') return rejected(found)
  const drift = driftAfter(state, expected, found.at, settings.resync_window)
  return { outcome: 'accepted', state: { next: found.at + 1, drift }, amr: ['otp'] }
}
