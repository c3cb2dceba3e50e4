/** The signing question is injective, and its published vectors are what the arithmetic gives. */
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Hmac } from './hmac.ts'
import { ocra } from './ocra.ts'
import { signingQuestion } from './signing-question.ts'
import { parseSuite } from './suite.ts'

interface Vector {
  key: string
  suite: string
  values: string[]
  question: string
  code: string
}

const hmac: Hmac = (algorithm, key, data) => createHmac(algorithm, key).update(data).digest()
const published: { vectors: Vector[]; refused: { values: string[]; why: string }[] } = JSON.parse(
  readFileSync(new URL('../../../vectors/transaction-signing.json', import.meta.url), 'utf8'),
)
const page = readFileSync(new URL('../../../docs/standards/transaction-signing.md', import.meta.url), 'utf8')
const values = fc.array(fc.string({ unit: fc.constantFrom('1', '2', '*', ' ', '-', 'é'), maxLength: 5 }), {
  maxLength: 4,
})

describe('published vectors', () => {
  it.each(published.vectors)('$question', one => {
    const question = signingQuestion(one.values)
    expect(question).toBe(one.question)
    expect(ocra(hmac, parseSuite(one.suite)!, Buffer.from(one.key, 'hex'), { question: question! })).toBe(one.code)
    expect(page).toContain(`| \`${one.question}\` | \`${one.code}\` |`)
  })

  it.each(published.refused)('refused: $why', one => expect(signingQuestion(one.values)).toBeUndefined())
})

describe('signingQuestion', () => {
  it('is injective: the values can be read back', () => {
    fc.assert(
      fc.property(values, fc.constantFrom('*', '-', '|'), (list, joiner) => {
        const question = signingQuestion(list, { joiner })
        if (question !== undefined) expect(question.split(joiner)).toEqual(list)
      }),
    )
  })

  it('never gives two lists one question', () => {
    fc.assert(
      fc.property(values, values, (one, other) => {
        const question = signingQuestion(one)
        if (question !== undefined && question === signingQuestion(other)) expect(one).toEqual(other)
      }),
    )
  })

  it('holds the length of the suite', () => {
    expect(signingQuestion(['12', '34'], { longest: 5 })).toBe('12*34')
    expect(signingQuestion(['12', '345'], { longest: 5 })).toBeUndefined()
  })

  it.each(['', '**', 'a', '0', ' ', '\u0000', 'ß'])('takes no joiner %j', joiner => {
    expect(() => signingQuestion(['1'], { joiner })).toThrow(RangeError)
  })
})
