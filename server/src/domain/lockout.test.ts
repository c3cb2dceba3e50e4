/** Lockout: the bound between resets, the doubling times, the hard cap. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HARD_CAP, type LockoutRule, lockout } from './lockout.ts'

const rules = fc.record({
  disableThreshold: fc.oneof(fc.constant(-1), fc.constant(0), fc.integer({ min: 1, max: 150 })),
  disabledTimeReset_seconds: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 100_000 })),
})
const rule: LockoutRule = { disableThreshold: 8, disabledTimeReset_seconds: 900 }
const after = (failures: number) => ({ started: 1000 + failures, forgiven: 1000, last_attempt_at_ms: 5_000_000 })

/** An account under the store's statement: it may be asked with an old state, but takes only below the limit. */
class Account {
  started = 0
  forgiven = 0
  last_attempt_at_ms: number | null = null

  reserve(limit: number, now_ms: number): boolean {
    if (this.started - this.forgiven >= limit) return false
    this.started += 1
    this.last_attempt_at_ms = now_ms
    return true
  }

  /** How many of a crowd get through that all looked before the first of them took an attempt. */
  crowd(of: LockoutRule, now_ms: number, people: number): number {
    const answer = lockout(of, this, now_ms)
    if (!answer.open) return 0
    return Array.from({ length: people }).filter(() => this.reserve(answer.limit, now_ms)).length
  }
}

describe('O3: lockout bounds the guesses', () => {
  it('O3: 200 parallel guesses meet the threshold', () => {
    const account = new Account()
    expect(account.crowd(rule, 0, 200)).toBe(8)
    expect(account.crowd(rule, 0, 200)).toBe(0)
    expect(account.crowd(rule, 900_000 - 1, 200)).toBe(0)
    expect(account.crowd(rule, 900_000, 200)).toBe(8)
  })

  it('O3: never more than the threshold between two times of being closed, never more than the cap in all', () => {
    const waits = fc.array(fc.integer({ min: 0, max: 100_000_000 }), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(rules, waits, (of, pauses) => {
        const account = new Account()
        let now = 0
        for (const pause of pauses) {
          now += pause
          const through = account.crowd(of, now, 200)
          const most = of.disableThreshold < 1 ? HARD_CAP : Math.min(of.disableThreshold, HARD_CAP)
          expect(through).toBeLessThanOrEqual(most)
          expect(account.started).toBeLessThanOrEqual(HARD_CAP)
        }
      }),
    )
  })

  it('an open answer always leaves room for one attempt', () => {
    fc.assert(
      fc.property(rules, fc.nat(120), fc.nat(200_000_000), (of, failures, now) => {
        const answer = lockout(of, after(failures), now)
        if (answer.open) expect(answer.limit).toBeGreaterThan(failures)
        else if (failures < HARD_CAP) expect(failures % of.disableThreshold).toBe(0)
      }),
    )
  })
})

describe('O6: times double', () => {
  it.each([
    [8, 900],
    [16, 1800],
    [24, 3600],
    [32, 7200],
    [40, 14_400],
    [48, 28_800],
    [56, 57_600],
    [64, 86_400],
    [96, 86_400],
  ])('after %i failures closed for %i seconds', (failures, seconds) => {
    const until_ms = 5_000_000 + seconds * 1000
    expect(lockout(rule, after(failures), until_ms - 1)).toEqual({ open: false, until_ms })
    expect(lockout(rule, after(failures), until_ms)).toEqual({ open: true, limit: Math.min(failures + 8, 100) })
  })

  it('a success in between starts anew', () => {
    const forgiven = { started: 64, forgiven: 64, last_attempt_at_ms: 5_000_000 }
    expect(lockout(rule, forgiven, 5_000_000)).toEqual({ open: true, limit: 8 })
  })

  it('without a reset time only a reset opens', () => {
    const strict = { disableThreshold: 3, disabledTimeReset_seconds: 0 }
    expect(lockout(strict, after(3), Number.MAX_SAFE_INTEGER)).toEqual({ open: false })
    expect(lockout(strict, after(4), 0)).toEqual({ open: true, limit: 6 })
  })

  it('without a threshold only the hard cap closes', () => {
    const none = { disableThreshold: -1, disabledTimeReset_seconds: 900 }
    expect(lockout(none, after(99), 0)).toEqual({ open: true, limit: 100 })
    expect(lockout(none, after(100), Number.MAX_SAFE_INTEGER)).toEqual({ open: false })
  })

  it('a hundred failures in a row are closed for good, whatever the rule', () => {
    fc.assert(
      fc.property(rules, of => {
        expect(lockout(of, after(100), Number.MAX_SAFE_INTEGER)).toEqual({ open: false })
      }),
    )
  })
})
