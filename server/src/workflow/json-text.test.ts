/** Reading JSON: what JSON.parse reads, and for everything else the place and what was expected there. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bounds } from '#workflow/bounds.ts'
import { readJson } from '#workflow/json-text.ts'

const problem = (...lines: string[]) => {
  const { problems } = readJson(lines.join('\n'))
  return problems.map(({ at, line, column, expected, found }) => `${line}:${column} ${at} ${expected} / ${found}`)
}

describe('reads what JSON.parse reads', () => {
  it('any value, in any spacing', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(0, 1, 4), (value, spaces) => {
        const text = JSON.stringify(value, null, spaces)
        expect(JSON.stringify(readJson(text).value)).toBe(JSON.stringify(JSON.parse(text)))
      }),
    )
  })

  it('and nothing else: any text with some characters changed', () => {
    const base = JSON.stringify({ a: ['b\\"', 1.5e3, { c: null }], d: [true, false, {}, []] }, null, 1)
    const change = fc.tuple(fc.nat(base.length), fc.constantFrom('', ...'{}[],:"\\ 0-.eut\n\t\u0001#'))
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), changes => {
        const text = changes.reduce((was, [at, by]) => was.slice(0, at) + by + was.slice(at + 1), base)
        const { value, problems } = readJson(text)
        let parsed: unknown
        try {
          parsed = JSON.parse(text)
        } catch {
          parsed = undefined
        }
        const doubled = problems.some(({ expected }) => expected.startsWith('each name once'))
        if (!doubled) expect(JSON.stringify(value)).toBe(JSON.stringify(parsed))
      }),
      { numRuns: 2000 },
    )
  })

  it('names that objects have anyway are names like others', () => {
    const { value } = readJson('{"__proto__": 1, "constructor": 2}')
    expect(Object.keys(value as object)).toEqual(['__proto__', 'constructor'])
  })
})

describe('says where it cannot read on', () => {
  it.each([
    ['a comma before the end of an object', ['{', ' "a": 1,', '}'], '3:1  no comma before } / "}"'],
    ['a comma before the end of a list', ['{"a": [1,', ']}'], '2:1 /a no comma before ] / "]"'],
    ['no comma between members', ['{"a": 1', ' "b": 2}'], '2:2  a comma or } / "\\""'],
    [
      'a comment',
      ['{"a": 1,', '#b', '"c": 2}'],
      '2:1  the name of a member in double quotes / a comment; JSON has none',
    ],
    ['a comment of another kind', ['{"a": 1 // b', '}'], '1:9  a comma or } / a comment; JSON has none'],
    ['a single quote', ["{'a': 1}"], '1:2  the name of a member in double quotes / "\'"'],
    ['a bare word', ['{"a": yes}'], '1:7 /a a value: text stands in double quotes / "y"'],
    ['no colon', ['{"a" 1}'], '1:6 /a a colon after the name / "1"'],
    ['a text over two lines', ['["a', 'b"]'], '1:2 /0 a text that ends with a double quote on the same line / "\\""'],
    ['a lone backslash', ['["a\\x"]'], '1:2 /0 a text with no backslash but before one of "\\/bfnrtu / "\\""'],
    ['more after the end', ['{}', '{}'], '2:1  nothing after the end of the document / "{"'],
    ['nothing', [''], '1:1  a value: text stands in double quotes / the end of the text'],
  ])('%s', (_, lines, expected) => {
    expect(problem(...lines)).toEqual([expected])
  })

  it('a name that is there twice: each time, and reading goes on', () => {
    const { value, problems } = readJson('{"a": 1,\n"a": 2, "b": {"c": 1, "c": 2}}')
    expect(problems.map(({ at, line, column }) => [at, line, column])).toEqual([
      ['/a', 2, 1],
      ['/b/c', 2, 23],
    ])
    expect(value).toEqual({ a: 1, b: { c: 1 } })
  })

  it('too deep, too long', () => {
    expect(problem('['.repeat(bounds.depth + 2))[0]).toContain(`at most ${bounds.depth} objects and lists`)
    expect(problem('['.repeat(bounds.text))[0]).toContain(`at most ${bounds.depth} objects and lists`)
    expect(problem(' '.repeat(bounds.text + 1))[0]).toContain(`at most ${bounds.text} characters`)
  })
})

it('knows the line of each part', () => {
  const { lines } = readJson('{\n"a": [\n1,\n{"b/c":\n2}]}')
  expect([...lines]).toEqual([
    ['', 1],
    ['/a', 2],
    ['/a/0', 3],
    ['/a/1', 4],
    ['/a/1/b~1c', 4],
  ])
})
