import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Refusal } from '#domain/refusal.ts'
import { readForm } from './urlencoded.ts'

const hintOf = (text: string): string => {
  try {
    readForm(text)
  } catch (error) {
    if (error instanceof Refusal && error.code === 'invalid_request') return error.hint
    throw error
  }
  return 'read'
}

describe('reading forms', () => {
  it.each([
    ['', {}],
    ['a=b', { a: 'b' }],
    ['a', { a: '' }],
    ['a=', { a: '' }],
    ['a=b=c', { a: 'b=c' }],
    ['&a=1&&b=2&', { a: '1', b: '2' }],
    ['a+b=c+d', { 'a b': 'c d' }],
    ['a=%2B%26%3D%25', { a: '+&=%' }],
    ['a=%C3%A4%e2%82%ac', { a: 'ä€' }],
    ['a=ä', { a: 'ä' }],
    ['client_id=spl-api&client_secret=x%2By', { client_id: 'spl-api', client_secret: 'x+y' }],
  ])('%s', (text, expected) => {
    expect({ ...readForm(text) }).toEqual(expected)
  })

  it('P4: two readers can never see two meanings', () => {
    expect(hintOf('a=1&a=2')).toContain('given twice')
    expect(hintOf('a=1&%61=2')).toContain('given twice')
    expect(hintOf('__proto__=1&__proto__=2')).toContain('given twice')
    expect(hintOf('=1')).toContain('no name')
    for (const bad of ['%', '%4', '%zz', '%C3', '%c0%af', '%ed%a0%80', '%ff', '%f8%88%80%80%80']) {
      expect(hintOf(`a=${bad}`)).toContain('malformed')
    }
    expect(hintOf('a=%00')).toContain('NUL')
    expect(hintOf('a=\0')).toContain('NUL')
  })

  it('names of prototypes are names like any other', () => {
    const form = readForm('__proto__=x&constructor=y&toString=z')
    expect(Object.getPrototypeOf(form)).toBe(null)
    expect(Object.keys(form)).toEqual(['__proto__', 'constructor', 'toString'])
    expect(({} as Record<string, unknown>).x).toBeUndefined()
  })

  it('H2: each bound holds exactly', () => {
    const pairs = (count: number) => Array.from({ length: count }, (_, n) => `p${n}=`).join('&')
    expect(hintOf(pairs(64))).toBe('read')
    expect(hintOf(pairs(65))).toContain('too many')
    expect(hintOf(`${'n'.repeat(64)}=`)).toBe('read')
    expect(hintOf(`${'n'.repeat(65)}=`)).toContain('too long')
    expect(hintOf(`a=${'v'.repeat(8192)}`)).toBe('read')
    expect(hintOf(`a=${'v'.repeat(8193)}`)).toContain('too long')
    expect(hintOf(`a=${'%C3%A4'.repeat(4096)}`)).toBe('read')
    expect(hintOf(`a=${'%C3%A4'.repeat(4097)}`)).toContain('too long')
  })

  it('H2: reading stops at the bound: what stands behind it is not looked at', () => {
    const pairs = Array.from({ length: 64 }, (_, n) => `p${n}=`).join('&')
    expect(hintOf(`${pairs}&x=&y=%zz`)).toContain('too many')
    expect(hintOf('&'.repeat(60_000))).toContain('too many')
  })

  it('property: what URLSearchParams writes is read back; anything at all is read or refused', () => {
    const name = fc.string({ minLength: 1, maxLength: 10, unit: 'grapheme' }).filter(text => !text.includes('\0'))
    const value = fc.string({ maxLength: 40, unit: 'grapheme' }).filter(text => !text.includes('\0'))
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(name, value), { maxLength: 20, selector: pair => pair[0] }), list => {
        const written = new URLSearchParams(list).toString()
        fc.pre(list.every(([key]) => Buffer.byteLength(key) <= 64))
        expect(Object.entries(readForm(written))).toEqual(Object.entries(Object.fromEntries(list)))
      }),
    )
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), text => typeof hintOf(text) === 'string'))
  })
})
