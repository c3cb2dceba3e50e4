import { expect, test } from 'vitest'
import { Fault } from '#domain/refusal.ts'
import { COMPOSED, Fragment, fragment, joined, separated, sql } from '#storage/sql.ts'

const find = (id: number, name: string) => sql`select a from t where id = ${id} and name = ${name}`

test('values are bound, the text and its name never vary', () => {
  const one = find(1, "x'; drop table t; --")
  const two = find(2, 'y')
  expect(one.text).toBe('select a from t where id = ?1 and name = ?2')
  expect(one.values).toEqual([1, "x'; drop table t; --"])
  expect(two.name).toBe(one.name)
  expect(two.text).toBe(one.text)
  expect(sql`select b from t`.name).not.toBe(one.name)
})

test('truth is bound as 0 and 1, bytes and nothing as they are', () => {
  expect(sql`select ${true}, ${false}, ${null}, ${Uint8Array.of(1)}`.values).toEqual([1, 0, null, Uint8Array.of(1)])
})

test.each([undefined, Number.NaN, Number.POSITIVE_INFINITY, {}, 1n, Symbol('s')])('%s cannot be bound', value => {
  expect(() => sql`select ${value as never}`).toThrow(Fault)
})

test('fragments are numbered as they come together', () => {
  const either = fragment`(a = ${1} or b = ${'two'})`
  const query = joined(fragment`select c from t where t = ${9} and`, either, fragment`limit ${5}`)
  expect(query.text).toBe('select c from t where t = ?1 and (a = ?2 or b = ?3) limit ?4')
  expect(query.values).toEqual([9, 1, 'two', 5])
  expect(query.name.startsWith(COMPOSED)).toBe(true)
  expect(joined(fragment`select c from t where t = ${8} and`, either, fragment`limit ${6}`).name).toBe(query.name)
  expect(joined(fragment`select c where not ${either}`).text).toBe('select c where not (a = ?1 or b = ?2)')
})

test('long lists of fragments are separated without nesting deeply', () => {
  const list = separated(
    fragment`, `,
    Array.from({ length: 900 }, (_, n) => fragment`${n}`),
  )
  const query = joined(fragment`select a from t where id in (${list})`)
  expect(query.values).toHaveLength(900)
  expect(query.text).toContain('?899, ?900)')
  expect(joined(fragment`select a${separated(fragment`, `, [])}`).text).toBe('select a')
})

test('a composed query is bounded in values and depth', () => {
  const many = separated(
    fragment`, `,
    Array.from({ length: 1001 }, (_, n) => fragment`${n}`),
  )
  expect(() => joined(many)).toThrow(Fault)
  let deep = fragment`a`
  for (let n = 0; n < 40; n++) deep = fragment`not ${deep}`
  expect(() => joined(deep)).toThrow(Fault)
})

test('no text of a caller becomes a fragment', () => {
  expect(() => new Fragment(['drop table t'] as never, [])).toThrow(Fault)
  expect(() => joined({ render: () => 'drop table t' } as never)).toThrow(Fault)
  expect(() => joined(fragment`select ${{ toString: () => 'drop' } as never}`)).toThrow(Fault)
})
