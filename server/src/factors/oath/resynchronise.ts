/**
 * Finds a token again whose counter ran ahead or whose clock is off: by two codes in a row (RFC 4226 section 7.4).
 *
 * Only forward from the smallest unused counter or step, or resynchronising would reopen used codes (security.md O2).
 * A refusal does not say which of the two codes was wrong (O4). The caller takes an attempt of its own budget first.
 */
import { hotp } from '@countersign/protocol/oath/hotp.ts'
import { timeStep } from '@countersign/protocol/oath/totp.ts'
import { sameText } from '#domain/same-text.ts'
import { type Outcome, rejected, type Situation } from '#factors/factor.ts'
import type { OathSettings, OathState } from '#factors/oath/settings.ts'

const decimal = /^[0-9]+$/

export function resynchronise(
  situation: Situation<OathSettings, OathState>,
  codes: readonly [string, string],
): Outcome<OathState> {
  const { settings, state, secret, hmac, now_seconds } = situation
  if (settings.use !== 'otp') return rejected('mode')
  for (const code of codes) {
    if (code.length !== settings.digits || !decimal.test(code)) return rejected('malformed')
  }
  const timed = settings.algorithm === 'TOTP'
  const now = timed ? timeStep(now_seconds, settings.step_seconds) : state.next
  const first = timed ? Math.max(state.next, now - settings.resync_window) : state.next
  const last = now + settings.resync_window

  let before = false
  for (let counter = first; counter <= last; counter++) {
    const expected = hotp(hmac, secret, counter, settings.digits, settings.hash)
    // Both are always compared: the time taken must not tell a right first code from a wrong one.
    const isSecond = sameText(expected, codes[1])
    const isFirst = sameText(expected, codes[0])
    if (before && isSecond) {
      return { outcome: 'accepted', state: { next: counter + 1, drift: timed ? counter - now : 0 }, amr: ['otp'] }
    }
    before = isFirst
  }
  return rejected('wrong')
}
