/** The password factor decides over facts; expiry is arithmetic. */
import { describe, expect, it } from 'vitest'
import { passwordExpiresAt_ms } from '#factors/password/expiry.ts'
import { decidePassword } from '#factors/password/password.ts'

describe('decidePassword', () => {
  it.each([
    [true, false, { outcome: 'accepted', state: {}, amr: ['pwd'] }],
    [true, true, { outcome: 'rejected', reason: 'expired' }],
    [false, false, { outcome: 'rejected', reason: 'wrong' }],
    [false, true, { outcome: 'rejected', reason: 'wrong' }],
  ])('matches %s, expired %s', (matches, expired, outcome) => {
    expect(decidePassword({ matches, expired })).toEqual(outcome)
  })
})

describe('expiry', () => {
  it('counts days from the change', () => {
    expect(passwordExpiresAt_ms(-1, 5)).toBeUndefined()
    expect(passwordExpiresAt_ms(0, 5)).toBe(5)
    expect(passwordExpiresAt_ms(1825, 5)).toBe(5 + 1825 * 86_400_000)
  })
})
