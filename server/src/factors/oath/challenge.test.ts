/** Challenges: of the right length, without leading zero, every number equally likely. */
import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeChallenge } from '#factors/oath/challenge.ts'
import type { OathSettings } from '#factors/oath/settings.ts'

const settings = (more: Partial<OathSettings> = {}): OathSettings => ({
  algorithm: 'OCRA',
  use: 'challenge',
  hash: 'SHA1',
  digits: 8,
  step_seconds: 0,
  window: 0,
  resync_window: 0,
  suite: 'OCRA-1:HOTP-SHA1-8:QN08',
  joiner: '',
  ...more,
})
const chance = { bytes: (count: number) => randomBytes(count) }

describe('makeChallenge', () => {
  it.each([
    [6, settings()],
    [8, settings({ question_length: 8 })],
    [8, settings({ question_length: 10 })],
    [10, settings({ question_length: 10, suite: 'OCRA-1:HOTP-SHA1-8:QA64' })],
    [4, settings({ suite: 'OCRA-1:HOTP-SHA1-8:QN04' })],
    [4, settings({ suite: 'OCRA-1:HOTP-SHA1-8:QH4' })],
  ])('has %i digits', (length, given) => {
    expect(makeChallenge(given, chance)).toMatch(new RegExp(`^[1-9][0-9]{${length - 1}}$`))
  })

  it('is of its form whatever chance brings', () => {
    const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 })
    const extremes = fc.constantFrom(0, 255).map(byte => new Uint8Array(16).fill(byte))
    fc.assert(
      fc.property(fc.oneof(bytes, extremes), drawn => {
        expect(makeChallenge(settings(), { bytes: () => drawn })).toMatch(/^[1-9][0-9]{5}$/)
      }),
    )
  })

  it('prefers no digit', () => {
    const seen = new Array<number>(10).fill(0)
    const given = settings({ question_length: 4, suite: 'OCRA-1:HOTP-SHA1-8:QN04' })
    for (let i = 0; i < 20_000; i++) seen[Number(makeChallenge(given, chance)[3])]! += 1
    // 2,000 each; ten standard deviations are 424.
    for (const count of seen) expect(Math.abs(count - 2000)).toBeLessThan(424)
  })
})
