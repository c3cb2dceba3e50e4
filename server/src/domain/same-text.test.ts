import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sameText } from './same-text.ts'

const texts = fc.string({ unit: fc.constantFrom('0', '1', '\u0000'), maxLength: 4 })

describe('sameText', () => {
  it('says what === says', () => {
    fc.assert(fc.property(texts, texts, (one, other) => sameText(one, other) === (one === other)))
  })

  it.each([
    ['123456', '123457'],
    ['123456', '12345'],
    ['12345', '123456'],
    ['', '0'],
    ['0', ''],
    ['0', '0\u0000'],
  ])('tells %j from %j', (one, other) => expect(sameText(one, other)).toBe(false))
})
