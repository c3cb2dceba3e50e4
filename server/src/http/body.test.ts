import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Refusal } from '#domain/refusal.ts'
import { decodeBody, mergeParameters, readFormBody, readJson, readQuery } from './body.ts'

const hintOf = (read: () => unknown): string => {
  try {
    read()
  } catch (error) {
    if (error instanceof Refusal && error.code === 'invalid_request') return error.hint
    throw error
  }
  return 'read'
}
const json = (text: string) => hintOf(() => readJson(text))
const nested = (depth: number, end = '') => '['.repeat(depth) + end + ']'.repeat(depth)

describe('JSON of strangers', () => {
  it('H2: depth, counts and lengths are bounded exactly', () => {
    expect(json(nested(16))).toBe('read')
    expect(json(nested(17))).toContain('nested too deeply')
    expect(json('{"a":'.repeat(17))).toContain('nested too deeply')
    expect(json(`[${'1,'.repeat(999)}1]`)).toBe('read')
    expect(json(`[${'1,'.repeat(1000)}1]`)).toContain('too long')
    expect(json(`"${'x'.repeat(65_535)}"`)).toBe('read')
    expect(json(`"${'x'.repeat(65_536)}"`)).toContain('too long')
    const members = (count: number) => `{${Array.from({ length: count }, (_, n) => `"m${n}":1`).join(',')}}`
    expect(json(members(1000))).toBe('read')
    expect(json(members(1001))).toContain('too long')
  })

  it('H2: reading stops at the bound: what stands behind it is not looked at', () => {
    expect(json(`${'['.repeat(10_000)}"unfinished`)).toContain('nested too deeply')
    expect(json(`[${'1,'.repeat(100_000)}"unfinished`)).toContain('a list is too long')
    expect(json(`"${'x'.repeat(200_000)}`)).toContain('a text is too long')
    expect(json(`"${'\\'.repeat(200_000)}`)).toContain('a text is too long')
  })

  it('names that reach for prototypes are refused, however they are written', () => {
    expect(json('{"__proto__":1}')).toContain('name is not allowed')
    expect(json('{"a":{"constructor" \n :{}}}')).toContain('name is not allowed')
    expect(json('{"\\u005f_proto__":1}')).toContain('name is not allowed')
    expect(json('["__proto__",{"a":"constructor"}]')).toBe('read')
  })

  it('P4: a name given twice is refused, also through escapes, and only within one object', () => {
    expect(json('{"a":1,"a":2}')).toContain('given twice')
    expect(json('{"a":1,"\\u0061":2}')).toContain('given twice')
    expect(json('[{"a":1},{"a":{"a":2}}]')).toBe('read')
  })

  it('texts hold no NUL and no half characters', () => {
    expect(json('"\\u0000"')).toContain('NUL')
    expect(json('"\\ud83d"')).toContain('half a character')
    expect(json('"\\ude00\\ud83d"')).toContain('half a character')
    expect(readJson('"\\ud83d\\ude00"')).toBe('😀')
  })

  it.each(['', '{', '}', ']', '{"a"}', '[1,]', '"', '"\\', '"\\u12', 'NaN', '01', '\ufeff{}', '{"a":1}x', "{'a':1}"])(
    'malformed: %j',
    text => expect(json(text)).toContain('could not be read'),
  )

  it('property: what JSON.stringify writes is read back; anything at all is read or refused', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), value => {
        const text = JSON.stringify(value)
        const hint = json(text)
        if (hint === 'read') expect(readJson(text)).toEqual(JSON.parse(text))
        else expect(text).toMatch(/__proto__|constructor|\\u0000|\\ud/)
      }),
    )
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), text => typeof json(text) === 'string'))
    const piece = fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '\\', '\\u', 'a', '1', ' ')
    fc.assert(fc.property(fc.array(piece, { maxLength: 60 }), parts => typeof json(parts.join('')) === 'string'))
  })
})

describe('bodies by content', () => {
  it('T3: a form endpoint reads forms and JSON objects, whatever they are labelled', () => {
    expect({ ...readFormBody('a=1&b=%7B') }).toEqual({ a: '1', b: '{' })
    expect(readFormBody(' \r\n{"a":{"b":1}}')).toEqual({ a: { b: 1 } })
    expect(hintOf(() => readFormBody('{"a":1'))).toContain('could not be read')
  })

  it('bytes that are not UTF-8 are refused', () => {
    expect(hintOf(() => decodeBody(Buffer.from([0x61, 0xff])))).toContain('UTF-8')
    expect(hintOf(() => decodeBody(Buffer.from([0xed, 0xa0, 0x80])))).toContain('UTF-8')
  })

  it('T4: query and body become one, but no name may stand in both', () => {
    expect({ ...mergeParameters({ a: 1 }, readQuery('b=2')) }).toEqual({ a: 1, b: '2' })
    expect(hintOf(() => mergeParameters({ a: 1 }, readQuery('a=1')))).toContain('in the query and in the body')
  })

  it('T2: blanks around the name of a query parameter are forgiven', () => {
    expect({ ...readQuery('%20api-version=+7&count=3') }).toEqual({ 'api-version': ' 7', count: '3' })
    expect(hintOf(() => readQuery('api-version=7&+api-version=8'))).toContain('given twice')
    expect(hintOf(() => readQuery('+=8'))).toContain('could not be read')
  })
})
