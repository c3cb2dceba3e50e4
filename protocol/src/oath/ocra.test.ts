/** OCRA against every vector of RFC 6287 appendix C: one-way, mutual, signature, with counter, PIN and time. */
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Hmac } from './hmac.ts'
import { mutualQuestions } from './mutual.ts'
import { ocra } from './ocra.ts'
import { parseSuite } from './suite.ts'

interface Case {
  question?: string
  client?: string
  server?: string
  counter?: number
  time_step?: number
  code: string
}

interface Group {
  appendix: string
  mode: string
  suite: string
  key: string
  pin_hash?: string
  computed_by?: 'client' | 'server'
  cases: Case[]
}

const hmac: Hmac = (algorithm, key, data) => createHmac(algorithm, key).update(data).digest()
const { groups }: { groups: Group[] } = JSON.parse(
  readFileSync(new URL('../../../vectors/rfc6287.json', import.meta.url), 'utf8'),
)
const key = Buffer.from('3132333435363738393031323334353637383930', 'hex')
const code = (text: string, input: Parameters<typeof ocra>[3]) => ocra(hmac, parseSuite(text)!, key, input)

describe.each(groups)('RFC 6287 appendix $appendix, $mode, $suite $computed_by', group => {
  it.each(group.cases)('code $code', one => {
    const question = group.computed_by ? mutualQuestions(one.client!, one.server!)[group.computed_by] : one.question!
    const input = {
      question,
      ...(one.counter === undefined ? {} : { counter: one.counter }),
      ...(one.time_step === undefined ? {} : { timeStep: one.time_step }),
      ...(group.pin_hash === undefined ? {} : { pinHash: Buffer.from(group.pin_hash, 'hex') }),
    }
    expect(ocra(hmac, parseSuite(group.suite)!, Buffer.from(group.key, 'hex'), input)).toBe(one.code)
  })
})

describe('ocra', () => {
  it('was checked against all 70 codes of the appendix', () => {
    expect(groups.flatMap(group => group.cases)).toHaveLength(70)
  })

  it('gives the whole HMAC value for zero digits', () => {
    expect(code('OCRA-1:HOTP-SHA256-0:QN08', { question: '12345678' })).toMatch(/^[0-9a-f]{64}$/)
  })

  it('reads hexadecimal questions in either case and pads odd ones on the right', () => {
    const suite = 'OCRA-1:HOTP-SHA1-8:QH08'
    expect(code(suite, { question: 'abc' })).toBe(code(suite, { question: 'ABC0' }))
    expect(code(suite, { question: 'abc' })).not.toBe(code(suite, { question: '0abc' }))
  })

  it('pads a short session in front', () => {
    const suite = 'OCRA-1:HOTP-SHA1-8:QN08-S064'
    const whole = new Uint8Array(64)
    whole.set([1, 2, 3], 61)
    const short = { question: '12345678', session: Uint8Array.of(1, 2, 3) }
    expect(code(suite, short)).toBe(code(suite, { ...short, session: whole }))
  })

  it.each([
    ['counter', 'OCRA-1:HOTP-SHA1-6:C-QN08', {}],
    ['PIN', 'OCRA-1:HOTP-SHA1-6:QN08-PSHA1', {}],
    ['PIN of the right length', 'OCRA-1:HOTP-SHA1-6:QN08-PSHA256', { pinHash: new Uint8Array(20) }],
    ['session', 'OCRA-1:HOTP-SHA1-6:QN08-S064', {}],
    ['session that fits', 'OCRA-1:HOTP-SHA1-6:QN08-S064', { session: new Uint8Array(65) }],
    ['time step', 'OCRA-1:HOTP-SHA1-6:QN08-T1M', {}],
    ['decimal question', 'OCRA-1:HOTP-SHA1-6:QN08', { question: '12a4' }],
    ['hexadecimal question', 'OCRA-1:HOTP-SHA1-6:QH08', { question: 'xyz' }],
    ['ASCII question', 'OCRA-1:HOTP-SHA1-6:QA08', { question: 'Zürich' }],
    ['question at all', 'OCRA-1:HOTP-SHA1-6:QA08', { question: '' }],
  ])('computes nothing without a %s', (_, suite, input) => {
    expect(() => code(suite, { question: '1234', ...input })).toThrow(RangeError)
  })
})
