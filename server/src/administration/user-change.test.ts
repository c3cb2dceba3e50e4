import { expect, test } from 'vitest'
import { Refusal } from '#domain/refusal.ts'
import type { User } from '#domain/user.ts'
import { type Changed, changedUser, type UserChange } from './user-change.ts'

const mara: User = {
  id: 7,
  externalId: 'mara@example.org',
  userName: 'mara',
  group: 'UG_ROOT',
  active: true,
  familyName: 'Okafor',
  givenName: 'Mara',
  title: null,
  createdAt_ms: 1,
  version: 1,
}
const stored = new Map([['ATR_EMAIL', 'old@example.org']])
const change = (said: Record<string, readonly (string | null)[]>, more: Omit<UserChange, 'values'> = {}) =>
  changedUser(mara, stored, { ...more, values: new Map(Object.entries(said)) })
const changed = (...given: Parameters<typeof change>) => change(...given) as Changed
const code = (answer: Changed | Refusal) => (answer instanceof Refusal ? answer.code : 'changed')

test('what was not said stays', () => {
  expect(changed({})).toEqual({ user: mara, attributes: new Map() })
  expect(changed({ TITLE: ['Dr'] }, { active: false }).user).toEqual({ ...mara, title: 'Dr', active: false })
})

test('of two places the one with news counts', () => {
  expect(changed({ ATR_EMAIL: ['new@example.org', 'old@example.org'] }).attributes).toEqual(
    new Map([['ATR_EMAIL', 'new@example.org']]),
  )
  expect(changed({ ATR_EMAIL: ['old@example.org', 'old@example.org'] }).attributes.size).toBe(0)
  expect(changed({ LASTNAME: ['Okafor', 'Eze'] }).user.familyName).toBe('Eze')
  expect(code(change({ ATR_EMAIL: ['a@example.org', 'b@example.org'] }))).toBe('invalid_value')
})

test('null takes a value away, but for a name', () => {
  expect(changed({ ATR_EMAIL: [null] }).attributes).toEqual(new Map([['ATR_EMAIL', null]]))
  expect(changed({ ATR_MOBILE: [null] }).attributes.size).toBe(0)
  expect(changed({ LASTNAME: [null] }).user.familyName).toBeNull()
  expect(code(change({ EXTERNALID: [null] }))).toBe('invalid_value')
})

test('names are printable and bounded, codes are codes, attributes are counted', () => {
  expect(code(change({}, { userName: '\ud800' }))).toBe('invalid_value')
  expect(code(change({}, { userName: 'x'.repeat(256) }))).toBe('too_long')
  expect(code(change({ lower: ['x'] }))).toBe('invalid_value')
  expect(code(change({ CUST: ['x'.repeat(1001)] }))).toBe('too_long')
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`CUST${n}`, ['x']]))
  expect(code(change(many(99)))).toBe('changed')
  expect(code(change(many(100)))).toBe('limit_reached')
  expect(code(change({ ...many(100), ATR_EMAIL: [null] }))).toBe('changed')
})
