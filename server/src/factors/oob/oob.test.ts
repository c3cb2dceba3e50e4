/** Codes that were sent: which are right, for how long, for which transaction; and that each is as likely as another. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeCode, oob } from '#factors/oob/oob.ts'

const NOW = 1_780_000_000
const judge = (
  code: string,
  more: {
    use?: 'code' | 'transaction'
    at?: number
    correlation?: string
    transaction?: { id: string; correlation?: string }
  } = {},
) =>
  oob.verify(
    {
      settings: { use: more.use ?? 'code', digits: 6, tries: 5 },
      state: {
        id: '77',
        expires_at_seconds: NOW + 300,
        ...(more.correlation === undefined ? {} : { correlation: more.correlation }),
      },
      secret: Buffer.from('048213'),
      now_seconds: more.at ?? NOW,
      failures: 0,
      hmac: () => new Uint8Array(),
    },
    { code, ...(more.transaction === undefined ? {} : { transaction: more.transaction }) },
  )
const reason = (outcome: ReturnType<typeof judge>) => (outcome.outcome === 'rejected' ? outcome.reason : 'accepted')

describe('a code', () => {
  it.each([
    ['048213', 'accepted'],
    ['48213', 'malformed'],
    ['0482130', 'malformed'],
    ['048214', 'wrong'],
    ['O48213', 'wrong'],
    ['', 'malformed'],
    ['none', 'malformed'],
  ])('%s: %s', (code, told) => expect(reason(judge(code))).toBe(told))

  it('is over at the second it expires, which only who knows it is told', () => {
    expect(reason(judge('048213', { at: NOW + 299.9 }))).toBe('accepted')
    expect(reason(judge('048213', { at: NOW + 300 }))).toBe('expired')
    expect(reason(judge('048214', { at: NOW + 300 }))).toBe('wrong')
  })
})

describe('a code for a transaction', () => {
  const use = 'transaction'
  it.each([
    [{}, 'no_challenge'],
    [{ transaction: { id: '77' } }, 'accepted'],
    [{ transaction: { id: '78' } }, 'no_challenge'],
    [{ transaction: { id: '77', correlation: 'any' } }, 'accepted'],
    [{ correlation: 'a', transaction: { id: '77', correlation: 'a' } }, 'accepted'],
    [{ correlation: 'a', transaction: { id: '77', correlation: 'b' } }, 'no_challenge'],
    [{ correlation: 'a', transaction: { id: '77' } }, 'no_challenge'],
    [{ correlation: '', transaction: { id: '77' } }, 'no_challenge'],
  ])('%j: %s', (more, told) => expect(reason(judge('048213', { use, ...more }))).toBe(told))
})

describe('makeCode', () => {
  it('has as many digits as asked for, whatever chance gives', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), fc.integer({ min: 6, max: 10 }), (bytes, digits) => {
        expect(makeCode(digits, { bytes: () => bytes })).toMatch(new RegExp(`^\\d{${digits}}$`))
      }),
    )
  })

  it('keeps leading zeros', () => expect(makeCode(6, { bytes: () => new Uint8Array(16) })).toBe('000000'))
})
