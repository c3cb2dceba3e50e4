/** Settings that cannot work, or that weaken a key, are named when they are saved or imported. */

import { Check } from 'typebox/value'
import { describe, expect, it } from 'vitest'
import { type OathSettings, oathSettings, settingsFault, suiteOf } from '#factors/oath/settings.ts'

const hotp: OathSettings = {
  algorithm: 'HOTP',
  use: 'otp',
  hash: 'SHA1',
  digits: 6,
  step_seconds: 0,
  window: 20,
  resync_window: 200,
  joiner: '',
}
const totp: OathSettings = { ...hotp, algorithm: 'TOTP', step_seconds: 30, window: 2 }
const challenge: OathSettings = { ...hotp, algorithm: 'OCRA', use: 'challenge', suite: 'OCRA-1:HOTP-SHA1-8:QN08' }
const signing: OathSettings = { ...challenge, use: 'signing', suite: 'OCRA-1:HOTP-SHA1-8:QA64', joiner: '*' }

describe('oathSettings', () => {
  it.each([hotp, totp, challenge, signing])('$algorithm for $use has its shape and no fault', settings => {
    expect(Check(oathSettings, settings)).toBe(true)
    expect(settingsFault(settings)).toBeUndefined()
  })

  it.each<Record<string, unknown>>([
    { digits: 5 },
    { digits: 11 },
    { window: 21 },
    { window: -1 },
    { resync_window: 1001 },
    { step_seconds: 0.5 },
    { hash: 'MD5' },
    { algorithm: 'ACTIVID' },
    { joiner: '**' },
    { joiner: 'a' },
    { joiner: ' ' },
    { question_length: 3 },
    { question_length: 11 },
    { more: 1 },
  ])('has not the shape with %j', part => expect(Check(oathSettings, { ...totp, ...part })).toBe(false))

  it.each<[string, OathSettings]>([
    ['an event token that answers challenges', { ...hotp, use: 'challenge' }],
    ['a time token that signs', { ...totp, use: 'signing' }],
    ['a time token with a suite', { ...totp, suite: 'OCRA-1:HOTP-SHA1-8:QN08' }],
    ['a time token without a step', { ...totp, step_seconds: 0 }],
    ['OCRA for one-time codes', { ...challenge, use: 'otp' }],
    ['a suite that cannot be read', { ...challenge, suite: 'OCRA-1:HOTP-MD5-8:QN08' }],
    ['a code of four digits', { ...challenge, suite: 'OCRA-1:HOTP-SHA1-4:QN08' }],
    ['a PIN', { ...challenge, suite: 'OCRA-1:HOTP-SHA1-8:QN08-PSHA1' }],
    ['a session', { ...challenge, suite: 'OCRA-1:HOTP-SHA1-8:QN08-S064' }],
    ['counter and clock', { ...challenge, suite: 'OCRA-1:HOTP-SHA1-8:C-QN08-T1M' }],
    ['signing of numbers', { ...signing, suite: 'OCRA-1:HOTP-SHA1-8:QN08' }],
    ['signing without a joiner', { ...signing, joiner: '' }],
  ])('%s has a fault', (_, settings) => expect(settingsFault(settings)).toMatch(/\w/))

  it('without a suite no OCRA key can be used', () => {
    expect(() => suiteOf(hotp)).toThrow('suite')
  })
})
