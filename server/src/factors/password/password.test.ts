/** The password factor decides over facts; expiry and history are arithmetic. */
import { describe, expect, it } from 'vitest'
import { passwordExpiresAt_ms } from '#factors/password/expiry.ts'
import { comparedHashes, historyAfter } from '#factors/password/history.ts'
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

describe('history', () => {
  it('compares with as many as the rule says, the one in force first', () => {
    expect(comparedHashes({ notOldPassword: 3 }, 'd', ['c', 'b', 'a'])).toEqual(['d', 'c', 'b'])
    expect(comparedHashes({ notOldPassword: 3 }, undefined, [])).toEqual([])
    expect(comparedHashes({ notOldPassword: 0 }, 'd', ['c'])).toEqual([])
  })

  it('keeps what the next change needs, and no more', () => {
    expect(historyAfter({ notOldPassword: 3 }, 'd', ['c', 'b', 'a'])).toEqual(['d', 'c'])
    expect(historyAfter({ notOldPassword: 1 }, 'd', ['c'])).toEqual([])
    expect(historyAfter({ notOldPassword: 0 }, 'd', ['c'])).toEqual([])
  })

  it('a password may come back after as many others as the rule says', () => {
    let inForce: string | undefined
    let history: readonly string[] = []
    for (const next of ['a', 'b', 'c', 'd']) {
      expect(comparedHashes({ notOldPassword: 3 }, inForce, history)).not.toContain(next)
      history = historyAfter({ notOldPassword: 3 }, inForce, history)
      inForce = next
    }
    expect(comparedHashes({ notOldPassword: 3 }, inForce, history)).toEqual(['d', 'c', 'b'])
  })
})
