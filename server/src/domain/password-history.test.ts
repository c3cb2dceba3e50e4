/** Former passwords that may not come back: arithmetic over lists of hashes. */
import { describe, expect, it } from 'vitest'
import { comparedHashes, historyAfter } from '#domain/password-history.ts'

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
