import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Filter, FilterOperator } from '#domain/filter.ts'
import { Refusal } from '#domain/refusal.ts'
import { parseFilter } from '#scim/filter/parse.ts'
import { MAX_CHARACTERS, type Work } from '#scim/filter/tokens.ts'

const eq = (attribute: string, text: string, quoted = false): Filter => ({
  kind: 'compare',
  attribute,
  operator: 'eq',
  value: { text, quoted },
  ...(text.endsWith('*') ? { wildcard: true as const } : {}),
})
const present = (attribute: string): Filter => ({ kind: 'present', attribute })

/** Writes a tree so that reading it gives the same tree again. */
function print(filter: Filter): string {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.parts
        .map(p => (p.kind === 'and' || p.kind === 'or' ? `(${print(p)})` : print(p)))
        .join(` ${filter.kind} `)
    case 'not':
      return `not (${print(filter.part)})`
    case 'present':
      return `${filter.attribute} pr`
    case 'compare': {
      const { text, quoted } = filter.value
      return `${filter.attribute} ${filter.operator} ${quoted ? JSON.stringify(text) : text}`
    }
  }
}

function refusalOf(text: string, work?: Work): Refusal {
  try {
    parseFilter(text, work)
  } catch (refused) {
    if (refused instanceof Refusal) return refused
    throw refused
  }
  throw new Error(`was read: ${text.slice(0, 60)}`)
}

describe('S2: both spellings of every value', () => {
  const table: readonly (readonly [string, Filter])[] = [
    ['externalId eq "jsmith@company.com"', eq('externalId', 'jsmith@company.com', true)],
    ['externalId eq jsmith@company.com', eq('externalId', 'jsmith@company.com')],
    ['externalId eq 0973494699-1', eq('externalId', '0973494699-1')],
    ['externalId eq 00042', eq('externalId', '00042')],
    ['externalId eq 12345678901234567890', eq('externalId', '12345678901234567890')],
    ['owner.value eq 11072', eq('owner.value', '11072')],
    ['owner.value eq "11072"', eq('owner.value', '11072', true)],
    ['externalId eq 09671*', eq('externalId', '09671*')],
    ['externalId eq \\"x@y\\"', eq('externalId', 'x@y', true)],
    ['title eq "say \\"hi\\" \\u0041\\n"', eq('title', 'say "hi" A\n', true)],
    ['title eq ""', eq('title', '', true)],
    ['title eq "a (b) and c"', eq('title', 'a (b) and c', true)],
    ['title eq and', eq('title', 'and')],
    ['ATR_MOBILE eq +44.70*', eq('ATR_MOBILE', '+44.70*')],
    ['active eq true', eq('active', 'true')],
    ['active EQ False', eq('active', 'False')],
    ['owner.value eq null', eq('owner.value', 'null')],
    ['meta.created eq 2020-05-15T18:15:21+00:00', eq('meta.created', '2020-05-15T18:15:21+00:00')],
    ['  USERNAME \t eq\n  x  ', eq('USERNAME', 'x')],
    [
      'urn:ietf:params:scim:schemas:core:2.0:User:userName eq x',
      eq('urn:ietf:params:scim:schemas:core:2.0:User:userName', 'x'),
    ],
    ['title Pr', present('title')],
    ['not(title pr)', { kind: 'not', part: present('title') }],
    ['NOT (not (title pr))', { kind: 'not', part: { kind: 'not', part: present('title') } }],
    ['((title pr))', present('title')],
    ['a pr and b pr And c pr', { kind: 'and', parts: [present('a'), present('b'), present('c')] }],
    [
      'a pr or b pr and c pr',
      { kind: 'or', parts: [present('a'), { kind: 'and', parts: [present('b'), present('c')] }] },
    ],
    [
      '(a pr or b pr)and(c pr)',
      { kind: 'and', parts: [{ kind: 'or', parts: [present('a'), present('b')] }, present('c')] },
    ],
    [
      'externalId eq 0973494699-1 and type eq DT_POCK_OE',
      { kind: 'and', parts: [eq('externalId', '0973494699-1'), eq('type', 'DT_POCK_OE')] },
    ],
  ]
  test.each(table)('%s', (text, tree) => {
    expect(parseFilter(text)).toEqual(tree)
  })
})

test.each([
  '',
  '   ',
  'externalId',
  'externalId eq',
  'externalId equals x',
  'externalId eq x y',
  'externalId eq (x)',
  'externalId eq "x',
  'externalId eq "x\\',
  'externalId eq "\\q"',
  'externalId eq "\\u12"',
  'externalId eq "\\u0000"',
  'externalId eq "\\ud800"',
  'externalId eq \\"x',
  'externalId eq \\"a\\\\b\\"',
  '"externalId" eq x',
  'eq eq',
  '(a pr',
  'a pr)',
  '()',
  'a pr and',
  'and a pr',
  'a pr b pr',
  'not a pr',
  'not (a pr',
  'not not (a pr)',
  'emails[type eq work] pr',
  '1a pr',
  '__proto__ eq x',
  'a.__PROTO__ eq x',
  'constructor pr',
  'urn:x:prototype eq x',
  'externalId "eq" x',
])('S2: refuses %j', text => {
  expect(refusalOf(text).code).toBe('invalid_filter')
})

describe('S1: bounded work', () => {
  test('S1: ten thousand parentheses are refused within few steps', () => {
    const work = { steps: 0 }
    const refused = refusalOf(`${'('.repeat(10_000)}a pr${')'.repeat(10_000)}`.slice(0, MAX_CHARACTERS), work)
    expect(refused.hint).toContain('parentheses')
    expect(work.steps).toBeLessThan(100)
  })
  test('S1: nested not is refused at the same depth', () => {
    const nested = (depth: number) => `${'not ('.repeat(depth)}a pr${')'.repeat(depth)}`
    expect(parseFilter(nested(32)).kind).toBe('not')
    expect(refusalOf(nested(33)).code).toBe('invalid_filter')
  })
  test('S1: too long is refused without a step', () => {
    const work = { steps: 0 }
    expect(refusalOf('a'.repeat(MAX_CHARACTERS + 1), work).code).toBe('invalid_filter')
    expect(work.steps).toBe(0)
  })
  test('S1: two hundred clauses are read, one more is not', () => {
    const clauses = (count: number) => Array(count).fill('a pr').join(' and ')
    expect(parseFilter(clauses(200))).toHaveProperty('parts.length', 200)
    expect(refusalOf(clauses(201)).hint).toContain('clauses')
  })
  test('S1: whatever is sent costs in proportion to its length', () => {
    const pieces = ['(', ')', 'a', ' ', 'eq', 'pr', 'and', 'or', 'not', '"x"', '"', '\\"', 'not (', '*', '\\']
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 2000 }), parts => {
        const text = parts.join(' ')
        const work = { steps: 0 }
        try {
          parseFilter(text, work)
        } catch (refused) {
          expect(refused).toBeInstanceOf(Refusal)
        }
        expect(work.steps).toBeLessThanOrEqual(text.length * 8 + 16)
      }),
    )
  })
  test('S1: a refusal quotes at most 40 characters and the position', () => {
    const { hint } = refusalOf(`userName eq x ${'secret'.repeat(50)}`)
    expect(hint).toContain('position 14')
    expect(hint).toContain('secretsecret')
    expect(/: '(.*)'\.$/.exec(hint)?.[1]).toHaveLength(40)
  })
  test.each(['userName eq', 'userName eq x y', '(userName pr', 'userName is x', 'a eq "\\q"', 'eq', 'id eq "', 'x'])(
    'a refusal is a sentence: %s',
    text => {
      expect(refusalOf(text).hint).toMatch(/^[A-Z][^.]* at position \d+(?:: '.*')?\.$/)
    },
  )
})

describe('laws', () => {
  const operator = fc.constantFrom<FilterOperator>('eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le')
  const name = fc.constantFrom('userName', 'groups.value', 'ATR_MOBILE', 'urn:x:2.0:User:userName')
  const bare = fc.stringMatching(/^[A-Za-z0-9@.+*:_-]{1,20}$/)
  const quoted = fc.string({ unit: 'grapheme', maxLength: 30 }).filter(text => !text.includes('\u0000'))
  const value = fc.oneof(
    bare.map(text => ({ text, quoted: false })),
    quoted.map(text => ({ text, quoted: true })),
  )
  const clause: fc.Arbitrary<Filter> = fc.oneof(
    name.map(present),
    fc.tuple(name, operator, value).map(([attribute, op, v]): Filter => {
      const wildcard = (op === 'eq' || op === 'ne') && v.text.endsWith('*')
      return { kind: 'compare', attribute, operator: op, value: v, ...(wildcard ? { wildcard: true as const } : {}) }
    }),
  )
  const { tree } = fc.letrec<{ tree: Filter }>(tie => ({
    tree: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      clause,
      tie('tree').map((part): Filter => ({ kind: 'not', part })),
      fc
        .tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(tie('tree'), { minLength: 2, maxLength: 3 }))
        .map(([kind, parts]): Filter => ({ kind, parts })),
    ),
  }))

  test('S2: what was printed is read as the same tree', () => {
    fc.assert(
      fc.property(tree, filter => {
        expect(parseFilter(print(filter))).toEqual(filter)
      }),
    )
  })
  test('S1: nothing but a Refusal is ever thrown', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      tree.map(print).map(text => text.slice(1)),
    )
    fc.assert(
      fc.property(anything, text => {
        try {
          parseFilter(text)
        } catch (refused) {
          expect(refused).toBeInstanceOf(Refusal)
        }
      }),
    )
  })
})
