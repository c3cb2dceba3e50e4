import { expect, test } from 'vitest'
import { membersOf } from '#scim/members.ts'

const code = (wanted: string) => expect.objectContaining({ code: wanted })

test('T8: what is absent or null says nothing', () => {
  const members = membersOf({ title: null, status: { status: 'ACTIVE' } })
  expect(members.text('title', 10)).toBeUndefined()
  expect(members.text('friendlyName', 10)).toBeUndefined()
  expect(members.group('owner')).toBeUndefined()
  expect(members.group('status')?.text('status', 10)).toBe('ACTIVE')
})

test('names are found in any case, values trimmed, numbers as text', () => {
  const members = membersOf({ USERNAME: ' mara ', externalid: 12, active: 'True', Roles: ['x'] })
  expect(members.text('userName', 10)).toBe('mara')
  expect(members.text('externalId', 10)).toBe('12')
  expect(members.flag('active')).toBe(true)
  expect(members.list('roles', 5)).toEqual(['x'])
})

test('T9: dates in their forms', () => {
  const members = membersOf({ a: '2020-05-15T18:15:21+0000', b: 1_589_566_521_000, c: '', d: 'soon' })
  expect(members.date('a')).toBe(1_589_566_521_000)
  expect(members.date('b')).toBe(1_589_566_521_000)
  expect(members.date('c')).toBeUndefined()
  expect(() => members.date('d')).toThrowError(code('invalid_value'))
})

test.each([null, [], 'x', 5])('%j is no body', body => {
  expect(() => membersOf(body)).toThrowError(code('invalid_request'))
})

test('one member in two spellings is refused', () => {
  expect(() => membersOf({ active: true, Active: false })).toThrowError(code('invalid_request'))
})

test('H2: texts and lists have bounds, kinds are checked, refusals name the place', () => {
  const members = membersOf({ text: 'x'.repeat(11), list: [1, 2, 3], flag: 'maybe', deep: { text: {} } })
  expect(() => members.text('text', 10)).toThrowError(code('too_long'))
  expect(() => members.list('list', 2)).toThrowError(code('too_long'))
  expect(() => members.list('text', 2)).toThrowError(code('invalid_value'))
  expect(() => members.flag('flag')).toThrowError(code('invalid_value'))
  expect(() => members.group('deep')?.text('text', 5)).toThrowError(/^deep\.text /)
})
