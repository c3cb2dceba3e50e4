/**
 * O6: what a year of guessing brings against a six-digit event token, the weakest key there is: lockout and look-ahead
 * together, by the functions that run. Expected successes are summed exactly; nothing is drawn.
 */
import { describe, expect, it } from 'vitest'
import { lockout } from '#domain/lockout.ts'
import { lookAhead } from '#factors/oath/window.ts'

const RULE = { disableThreshold: 8, disabledTimeReset_seconds: 900 }
const WINDOW = 20
const CODES = 10 ** 6
const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** Expected hits of somebody who guesses whenever he may, while the owner signs in once in `ownerEvery_ms`, if he can. */
function yearOfGuessing(ownerEvery_ms: number): { readonly expected: number; readonly guesses: number } {
  const state = { started: 0, forgiven: 0, last_attempt_at_ms: null as number | null }
  let expected = 0
  let guesses = 0
  let ownerDue = ownerEvery_ms
  for (let now = 0; now < 365 * DAY_MS; now += 15 * MINUTE_MS) {
    if (now >= ownerDue && lockout(RULE, state, now).open) {
      state.started += 1
      state.forgiven = state.started
      ownerDue = now + ownerEvery_ms
    }
    for (let answer = lockout(RULE, state, now); answer.open; answer = lockout(RULE, state, now)) {
      const failures = state.started - state.forgiven
      expected += (lookAhead(WINDOW, failures) + 1) / CODES
      guesses += 1
      state.started += 1
      state.last_attempt_at_ms = now
    }
  }
  return { expected, guesses }
}

describe('O6: a year of guessing', () => {
  it('O6: an account nobody uses takes a hundred guesses, below 1 in 2,000 in all', () => {
    const { expected, guesses } = yearOfGuessing(Number.POSITIVE_INFINITY)
    expect(guesses).toBe(100)
    expect(expected).toBeLessThan(1 / 2000)
  })

  it('O6: an owner who signs in every day leaves below 1 in 8 a year', () => {
    const { expected } = yearOfGuessing(DAY_MS)
    expect(expected).toBeLessThan(1 / 8)
  })

  it('O6: without doubling, cap and shrinking it would be more than 1', () => {
    const perYear = ((365 * DAY_MS) / (RULE.disabledTimeReset_seconds * 1000)) * RULE.disableThreshold
    expect((perYear * (WINDOW + 1)) / CODES).toBeGreaterThan(5)
  })
})
