/** The suite grammar: the RFC's own examples, everything it composes read back, and nothing else. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { HashName } from './hmac.ts'
import { parseSuite, type QuestionFormat, type Suite } from './suite.ts'

const hashes = fc.constantFrom<HashName>('SHA1', 'SHA256', 'SHA512')
const steps = fc.oneof(
  fc.record({ count: fc.integer({ min: 1, max: 59 }), unit: fc.constantFrom('S', 'M') }),
  fc.record({ count: fc.integer({ min: 1, max: 48 }), unit: fc.constant('H') }),
)
const parts = fc.record({
  hash: hashes,
  digits: fc.constantFrom(0, 4, 5, 6, 7, 8, 9, 10),
  counter: fc.boolean(),
  format: fc.constantFrom<QuestionFormat>('A', 'N', 'H'),
  length: fc.integer({ min: 4, max: 64 }),
  pin: fc.option(hashes, { nil: undefined }),
  session: fc.option(fc.integer({ min: 1, max: 512 }), { nil: undefined }),
  step: fc.option(steps, { nil: undefined }),
})

/** Writes a suite from what was read of it, the only way the grammar allows (but for QH8, see below). */
function write(suite: Suite): string {
  const pin = suite.pinHash === undefined ? '' : `-P${suite.pinHash}`
  const session = suite.session_bytes === undefined ? '' : `-S${String(suite.session_bytes).padStart(3, '0')}`
  const question = `Q${suite.question.format}${String(suite.question.length).padStart(2, '0')}`
  const inputs = `${suite.counter ? 'C-' : ''}${question}${pin}${session}`
  return `OCRA-1:HOTP-${suite.hash}-${suite.digits}:${inputs}`
}

describe('parseSuite', () => {
  it('reads every suite that the grammar composes, and keeps its text', () => {
    const seconds = { S: 1, M: 60, H: 3600 } as Record<string, number>
    fc.assert(
      fc.property(parts, part => {
        const wanted = {
          hash: part.hash,
          digits: part.digits,
          counter: part.counter,
          question: { format: part.format, length: part.length },
          ...(part.pin === undefined ? {} : { pinHash: part.pin }),
          ...(part.session === undefined ? {} : { session_bytes: part.session }),
          ...(part.step === undefined ? {} : { step_seconds: part.step.count * seconds[part.step.unit]! }),
        }
        const text = write({ ...wanted, text: '' }) + (part.step ? `-T${part.step.count}${part.step.unit}` : '')
        expect(parseSuite(text)).toEqual({ text, ...wanted })
      }),
    )
  })

  it('writes back what it read, whatever text it is given', () => {
    const pieces = [
      'OCRA-1',
      ':',
      'HOTP',
      '-',
      'SHA1',
      'SHA256',
      '6',
      '10',
      '0',
      'C',
      'QN08',
      'QA64',
      'QH4',
      'PSHA1',
      'S064',
    ]
    const composed = fc.array(fc.constantFrom(...pieces), { maxLength: 14 }).map(found => found.join(''))
    const noise = fc
      .tuple(fc.constantFrom('', 'OCRA-1:HOTP-SHA1-6:'), fc.string({ unit: 'binary' }))
      .map(([a, b]) => a + b)
    fc.assert(
      fc.property(fc.oneof(composed, noise), text => {
        const suite = parseSuite(text)
        if (suite === undefined || suite.step_seconds !== undefined) return
        expect(suite.text).toBe(text)
        expect(write(suite)).toBe(text.replace(/Q([ANH])([4-9])(?=-|$)/, 'Q$10$2'))
      }),
      { numRuns: 2000 },
    )
  })

  it.each(['OCRA-1:HOTP-SHA512-8:C-QN08-PSHA1', 'OCRA-1:HOTP-SHA256-6:QA10-T1M', 'OCRA-1:HOTP-SHA1-4:QH8-S512'])(
    'reads the example %s of section 6.4',
    text => expect(parseSuite(text)?.text).toBe(text),
  )

  it.each([
    ['another version', 'OCRA-2:HOTP-SHA1-6:QN08'],
    ['another function', 'OCRA-1:TOTP-SHA1-6:QN08'],
    ['another hash', 'OCRA-1:HOTP-SHA384-6:QN08'],
    ['three digits', 'OCRA-1:HOTP-SHA1-3:QN08'],
    ['eleven digits', 'OCRA-1:HOTP-SHA1-11:QN08'],
    ['padded digits', 'OCRA-1:HOTP-SHA1-06:QN08'],
    ['no question', 'OCRA-1:HOTP-SHA1-6:C'],
    ['a short question', 'OCRA-1:HOTP-SHA1-6:QN03'],
    ['a long question', 'OCRA-1:HOTP-SHA1-6:QN65'],
    ['another format', 'OCRA-1:HOTP-SHA1-6:QX08'],
    ['a bare P', 'OCRA-1:HOTP-SHA1-6:QN08-P'],
    ['a bare S', 'OCRA-1:HOTP-SHA1-6:QN08-S'],
    ['a session of nothing', 'OCRA-1:HOTP-SHA1-6:QN08-S000'],
    ['a long session', 'OCRA-1:HOTP-SHA1-6:QN08-S513'],
    ['a bare T', 'OCRA-1:HOTP-SHA1-6:QN08-T'],
    ['60 seconds', 'OCRA-1:HOTP-SHA1-6:QN08-T60S'],
    ['no minutes', 'OCRA-1:HOTP-SHA1-6:QN08-T0M'],
    ['no hours', 'OCRA-1:HOTP-SHA1-6:QN08-T0H'],
    ['49 hours', 'OCRA-1:HOTP-SHA1-6:QN08-T49H'],
    ['inputs out of order', 'OCRA-1:HOTP-SHA1-6:QN08-T1M-PSHA1'],
    ['lower case', 'ocra-1:hotp-sha1-6:qn08'],
    ['a line end', 'OCRA-1:HOTP-SHA1-6:QN08\n'],
    ['a space in front', ' OCRA-1:HOTP-SHA1-6:QN08'],
    ['nothing', ''],
  ])('refuses %s', (_, text) => expect(parseSuite(text)).toBeUndefined())
})
