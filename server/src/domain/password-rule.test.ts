/** Password rules, one by one, and that no text makes them fail in another way than by naming rules. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { brokenRules, type PasswordRule, type PasswordRules } from './password-rule.ts'

const loose: PasswordRules = {
  minLength: 0,
  maxLength: 128,
  minDiffChars: 0,
  atLeastOneUp: false,
  atLeastOneLow: false,
  atLeastOneNum: false,
  atLeastOneSpecial: false,
  notBlackListed: false,
  notOldPassword: 0,
  notSequence: false,
  notUserAttribute: false,
}
const person = { userAttributes: ['jsmith@company.com', 'Jo', 'O’Neill', '+41 79 555 12 34'] }
const strict: Partial<PasswordRules> = { notBlackListed: true, notSequence: true, notUserAttribute: true }
const broken = (password: string, rules: Partial<PasswordRules>) =>
  brokenRules(password, { ...loose, ...rules }, person)

describe('brokenRules', () => {
  it.each<[PasswordRule, Partial<PasswordRules>, string, string]>([
    ['minLength', { minLength: 8 }, '1234567', '12345678'],
    ['minLength', { minLength: 2 }, '😀', '😀😀'],
    ['maxLength', { maxLength: 3 }, 'abcd', 'abc'],
    ['maxLength', { maxLength: 500 }, 'x'.repeat(129), 'x'.repeat(128)],
    ['minDiffChars', { minDiffChars: 3 }, 'abababab', 'abcabc'],
    ['atLeastOneUp', { atLeastOneUp: true }, 'straße', 'Straße'],
    ['atLeastOneLow', { atLeastOneLow: true }, 'ABC', 'ABc'],
    ['atLeastOneNum', { atLeastOneNum: true }, 'abc', 'abc1'],
    ['atLeastOneSpecial', { atLeastOneSpecial: true }, 'abcÄ1', 'abc-1'],
    ['characterRange', { characterRange: 'onlyNum' }, '1234a', '123456'],
    ['characterRange', { characterRange: 'onlyAlpha' }, 'ab1', 'ab'],
    ['characterRange', { characterRange: 'onlyAlphaNum' }, 'ab-1', 'ab1'],
    ['notBlackListed', strict, 'P@ssw0rd1!', 'Kw7-bdfhjmqvxZ'],
    ['notBlackListed', strict, 'Sommer2026', 'Sommerregen-auf-Blech'],
    ['notBlackListed', strict, '123123', '1231234819'],
    ['notBlackListed', strict, 'trustno1', 'trust-nobody-but-oaks'],
    ['notSequence', strict, '12345678', '27018495'],
    ['notSequence', strict, '4321', '4821'],
    ['notSequence', strict, 'aaaa', 'aabb'],
    ['notSequence', strict, 'poiuytrew', 'poitrewq-muzlk'],
    ['notSequence', strict, 'abcd9876', 'a-long-sentence-with-abcd-inside'],
    ['notUserAttribute', strict, 'jsmith@company.com', 'blacksmith-forge'],
    ['notUserAttribute', strict, 'my-JSMITH-99', 'josmit-99-knot'],
    ['notUserAttribute', strict, 'jo', 'jog-a-mile'],
  ])('%s %j', (rule, rules, bad, good) => {
    expect(broken(bad, rules)).toContain(rule)
    expect(broken(good, rules)).not.toContain(rule)
  })

  it('counts the composed form', () => {
    expect(broken('u\u0308', { minLength: 2 })).toEqual(['minLength'])
  })

  it('names all broken rules in the order of the policy', () => {
    expect(broken('1234', { minLength: 8, atLeastOneUp: true, notSequence: true })).toEqual([
      'minLength',
      'atLeastOneUp',
      'notSequence',
    ])
  })

  it('answers for any text, also a very long one, and lets an unconstrained policy take it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 64 }), text => {
        expect(broken(text, { ...strict, minLength: 1 }).length).toBeLessThanOrEqual(4)
        expect(broken(text, { maxLength: 128 }).filter(rule => rule !== 'maxLength')).toEqual([])
      }),
    )
    expect(broken('a1'.repeat(1_000_000), strict)).toEqual(['maxLength'])
  })
})
