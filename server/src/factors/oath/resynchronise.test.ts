/** Resynchronising: two codes in a row, forward only, no hint which of them was wrong. */
import { createHmac } from 'node:crypto'
import { hotp } from '@countersign/protocol/oath/hotp.ts'
import { describe, expect, it } from 'vitest'
import type { Situation } from '#factors/factor.ts'
import { resynchronise } from '#factors/oath/resynchronise.ts'
import type { OathSettings, OathState } from '#factors/oath/settings.ts'

type Told = Situation<OathSettings, OathState>

const secret = Buffer.from('12345678901234567890')
const hmac: Told['hmac'] = (algorithm, key, data) => createHmac(algorithm, key).update(data).digest()
const settings: OathSettings = {
  algorithm: 'HOTP',
  use: 'otp',
  hash: 'SHA1',
  digits: 8,
  step_seconds: 30,
  window: 2,
  resync_window: 100,
  joiner: '',
}
const NOW = 60_000_000
const told = (next: number, more: Partial<Told> = {}): Told => ({
  settings,
  state: { next, drift: 0 },
  secret,
  now_seconds: NOW * 30,
  failures: 0,
  hmac,
  ...more,
})
const timed = (next: number) => told(next, { settings: { ...settings, algorithm: 'TOTP' } })
const codeAt = (counter: number) => hotp(hmac, secret, counter, 8)
const pairAt = (counter: number) => [codeAt(counter), codeAt(counter + 1)] as const
const wrong = { outcome: 'rejected', reason: 'wrong' }

describe('an event token', () => {
  it.each([0, 1, 42, 99])('is found %i ahead', ahead => {
    const outcome = resynchronise(told(7), pairAt(7 + ahead))
    expect(outcome).toEqual({ outcome: 'accepted', state: { next: 9 + ahead, drift: 0 }, amr: ['otp'] })
  })

  it('is not found beyond the window', () => expect(resynchronise(told(7), pairAt(107))).toEqual(wrong))

  it.each([0, 5, 6])('O2: is never found behind its counter, at %i', counter => {
    expect(resynchronise(told(7), pairAt(counter))).toEqual(wrong)
  })
})

describe('a time token', () => {
  it.each([-100, -7, 0, 98])('is found %i steps away, and its drift is set', away => {
    const outcome = resynchronise(timed(0), pairAt(NOW + away))
    expect(outcome).toEqual({ outcome: 'accepted', state: { next: NOW + away + 2, drift: away + 1 }, amr: ['otp'] })
  })

  it.each([-101, 100])('is not found %i steps away', away => {
    expect(resynchronise(timed(0), pairAt(NOW + away))).toEqual(wrong)
  })

  it('O2: a used step stays used, though the clock would allow it', () => {
    expect(resynchronise(timed(NOW - 9), pairAt(NOW - 10))).toEqual(wrong)
    expect(resynchronise(timed(NOW - 10), pairAt(NOW - 10)).outcome).toBe('accepted')
  })
})

describe('O4: a refusal', () => {
  const work = (codes: readonly [string, string]) => {
    let calls = 0
    const counting: Told['hmac'] = (...given) => {
      calls += 1
      return hmac(...given)
    }
    expect(resynchronise(told(7, { hmac: counting }), codes)).toEqual(wrong)
    return calls
  }

  it('O4: is the same answer after the same work, whichever code was wrong', () => {
    const pairs = [
      ['00000000', '00000000'],
      [codeAt(10), '00000000'],
      ['00000000', codeAt(11)],
      [codeAt(10), codeAt(12)],
      [codeAt(11), codeAt(10)],
      [codeAt(10), codeAt(10)],
    ] as const
    for (const pair of pairs) expect(work(pair)).toBe(101)
  })

  it('is malformed when a code has not the digits of the key', () => {
    for (const bad of ['1234567', '123456789', '1234567x', '']) {
      const malformed = { outcome: 'rejected', reason: 'malformed' }
      expect(resynchronise(told(7), [bad, codeAt(8)])).toEqual(malformed)
      expect(resynchronise(told(7), [codeAt(7), bad])).toEqual(malformed)
    }
  })

  it('is about the mode for keys that make no one-time codes', () => {
    const ocra: OathSettings = { ...settings, algorithm: 'OCRA', use: 'challenge', suite: 'OCRA-1:HOTP-SHA1-8:QN08' }
    const outcome = resynchronise(told(7, { settings: ocra }), pairAt(7))
    expect(outcome).toEqual({ outcome: 'rejected', reason: 'mode' })
  })
})
