/** Answers to challenges and signatures of transactions, with and without counter and clock. */
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type OcraInput, ocra } from '@countersign/protocol/oath/ocra.ts'
import { describe, expect, it } from 'vitest'
import type { Situation } from '#factors/factor.ts'
import { type OathSettings, type OathState, suiteOf } from '#factors/oath/settings.ts'
import { factors } from '#factors/registry.ts'

type Told = Situation<OathSettings, OathState>
interface Vector {
  key: string
  suite: string
  values: string[]
  question: string
  code: string
}

const secret = Buffer.from('12345678901234567890')
const hmac: Told['hmac'] = (algorithm, key, data) => createHmac(algorithm, key).update(data).digest()
const { verify } = factors.oath
const NOW = 1_800_000_000
const base: OathSettings = {
  algorithm: 'OCRA',
  use: 'challenge',
  hash: 'SHA1',
  digits: 8,
  step_seconds: 0,
  window: 2,
  resync_window: 40,
  suite: 'OCRA-1:HOTP-SHA1-8:QN08',
  joiner: '*',
}
const told = (
  settings: Partial<OathSettings> = {},
  state: Partial<OathState> = {},
  more: Partial<Told> = {},
): Told => ({
  settings: { ...base, ...settings },
  state: { next: 0, drift: 0, ...state },
  secret,
  now_seconds: NOW,
  failures: 0,
  hmac,
  ...more,
})
const answer = (situation: Told, input: OcraInput) => ocra(hmac, suiteOf(situation.settings), secret, input)
const respond = (situation: Told, code: string, question = '407058') =>
  verify(situation, { mode: 'ASYNCHRONOUS', code, challenge: { question, expires_at_seconds: NOW + 60 } })
const sign = (situation: Told, code: string, values = ['1122', '3344', '5566']) =>
  verify(situation, { mode: 'SIGNING', code, values })
const rejected = (reason: string) => ({ outcome: 'rejected', reason })
const accepted = (state: Partial<OathState> = {}) => ({
  outcome: 'accepted',
  state: { next: 0, drift: 0, ...state },
  amr: ['otp'],
})

describe('a response', () => {
  const key = told()

  it('to the challenge asked is accepted and leaves the state as it is', () => {
    expect(respond(key, answer(key, { question: '407058' }))).toEqual(accepted())
  })

  it('to another challenge is wrong', () => {
    expect(respond(key, answer(key, { question: '407059' }))).toEqual(rejected('wrong'))
  })

  it('without a challenge is none', () => {
    const code = answer(key, { question: '407058' })
    expect(verify(key, { mode: 'ASYNCHRONOUS', code })).toEqual(rejected('no_challenge'))
  })

  it('is too late from the second at which the challenge expires', () => {
    const code = answer(key, { question: '407058' })
    const at = (expires_at_seconds: number) =>
      verify(key, { mode: 'ASYNCHRONOUS', code, challenge: { question: '407058', expires_at_seconds } })
    expect(at(NOW + 1).outcome).toBe('accepted')
    expect(at(NOW)).toEqual(rejected('expired'))
  })

  it.each(['', '1234567', '123456789', '1234567a', ' 1234567'])('%j is malformed', code => {
    expect(respond(key, code)).toEqual(rejected('malformed'))
  })
})

describe('a suite with a counter', () => {
  const settings = { suite: 'OCRA-1:HOTP-SHA256-8:C-QN08', window: 20 }
  const code = (counter: number) => answer(told(settings), { question: '407058', counter })

  it('moves it on and never back', () => {
    expect(respond(told(settings, { next: 5 }), code(9))).toEqual(accepted({ next: 10 }))
    expect(respond(told(settings, { next: 10 }), code(9))).toEqual(rejected('replayed'))
    expect(respond(told(settings, { next: 5 }), code(26))).toEqual(rejected('wrong'))
  })

  it('O6: looks only 3 ahead after two failures', () => {
    expect(respond(told(settings, { next: 5 }, { failures: 2 }), code(9))).toEqual(rejected('wrong'))
  })
})

describe('a suite with a clock', () => {
  const settings = { suite: 'OCRA-1:HOTP-SHA512-8:QN08-T1M' }
  const code = (away: number) => answer(told(settings), { question: '407058', timeStep: NOW / 60 + away })

  it('is searched around the clock and follows it', () => {
    expect(respond(told(settings), code(0))).toEqual(accepted())
    expect(respond(told(settings), code(-2))).toEqual(accepted({ drift: -1 }))
    expect(respond(told(settings), code(3))).toEqual(rejected('wrong'))
  })

  it('O7: takes no step below the one that a restore has set', () => {
    expect(respond(told(settings, { next: NOW / 60 + 1 }), code(0))).toEqual(rejected('replayed'))
  })
})

describe('a signature', () => {
  const settings: Partial<OathSettings> = { use: 'signing', suite: 'OCRA-1:HOTP-SHA1-8:QA64' }
  const key = told(settings)

  it.each<Vector>(
    JSON.parse(readFileSync(new URL('../../../../vectors/transaction-signing.json', import.meta.url), 'utf8')).vectors,
  )('published: $question', one => {
    const situation = told({ ...settings, suite: one.suite }, {}, { secret: Buffer.from(one.key, 'hex') })
    expect(sign(situation, one.code, one.values)).toEqual({ ...accepted(), once: `:${one.question}` })
  })

  it('over 1122, 3344 is none over 11, 223344', () => {
    const code = answer(key, { question: '1122*3344*5566' })
    expect(sign(key, code).outcome).toBe('accepted')
    expect(sign(key, code, ['11', '223344', '5566'])).toEqual(rejected('wrong'))
    expect(sign(key, code, ['1122', '3344', '5567'])).toEqual(rejected('wrong'))
    expect(sign(key, code, ['1122*3344', '5566'])).toEqual(rejected('malformed'))
  })

  it.each([[[]], [['']], [['1122', '', '5566']], [['x'.repeat(65)]], [['Zürich']]])('over %j is malformed', values => {
    expect(sign(key, '12345678', values)).toEqual(rejected('malformed'))
  })

  it('takes no question longer than the suite', () => {
    expect(sign(told({ ...settings, suite: 'OCRA-1:HOTP-SHA1-8:QA10' }), '12345678')).toEqual(rejected('malformed'))
  })

  it('with a clock names question and step to be spent', () => {
    const situation = told({ ...settings, suite: 'OCRA-1:HOTP-SHA1-8:QA64-T1M' })
    const code = answer(situation, { question: '1122*3344*5566', timeStep: NOW / 60 })
    expect(sign(situation, code)).toEqual({ ...accepted(), once: `${NOW / 60}:1122*3344*5566` })
  })

  it('with a counter is spent by its counter', () => {
    const situation = told({ ...settings, suite: 'OCRA-1:HOTP-SHA1-8:C-QA64' })
    const code = answer(situation, { question: '1122*3344*5566', counter: 1 })
    expect(sign(situation, code)).toEqual(accepted({ next: 2 }))
  })

  it('of a whole HMAC value is compared in full', () => {
    const situation = told({ ...settings, suite: 'OCRA-1:HOTP-SHA1-0:QA64' })
    const code = answer(situation, { question: '1122*3344*5566' })
    expect(sign(situation, code).outcome).toBe('accepted')
    expect(sign(situation, code.slice(0, 39))).toEqual(rejected('malformed'))
  })
})

describe('each key serves one mode', () => {
  const keys = {
    SYNCHRONOUS: told({ algorithm: 'TOTP', use: 'otp', step_seconds: 30 }),
    ASYNCHRONOUS: told(),
    SIGNING: told({ use: 'signing', suite: 'OCRA-1:HOTP-SHA1-8:QA64' }),
  }
  const proofs = [
    { mode: 'SYNCHRONOUS', code: '12345678' },
    { mode: 'ASYNCHRONOUS', code: '12345678', challenge: { question: '407058' } },
    { mode: 'SIGNING', code: '12345678', values: ['1122'] },
  ] as const

  it.each(proofs)('$mode', proof => {
    for (const [mode, key] of Object.entries(keys)) {
      const reason = mode === proof.mode ? 'wrong' : 'mode'
      expect(verify(key, proof as never)).toEqual(rejected(reason))
    }
  })
})
