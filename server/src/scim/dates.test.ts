import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readDate, showDate } from '#scim/dates.ts'

const MOMENT = 1_589_566_521_000 // 2020-05-15T18:15:21Z

test.each([
  ['2020-05-15T18:15:21Z', MOMENT],
  ['2020-05-15t18:15:21z', MOMENT],
  ['2020-05-15T18:15:21+0000', MOMENT],
  ['2020-05-15T18:15:21+00:00', MOMENT],
  ['2020-05-15T19:15:21+0100', MOMENT],
  ['2020-05-15T12:45:21-05:30', MOMENT],
  ['2020-05-15T18:15:21.5Z', MOMENT + 500],
  ['2020-05-15T18:15:21.123Z', MOMENT + 123],
  ['2020-05-15T18:15:21.123456789+00:00', MOMENT + 123],
  [' 2020-05-15T18:15:21Z ', MOMENT],
  ['1589566521000', MOMENT],
  [MOMENT, MOMENT],
  ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
])('T9: reads %j', (written, expected) => {
  expect(readDate(written)).toBe(expected)
})

test.each([
  '2020-05-15',
  '2020-05-15T18:15:21',
  '2020-02-31T00:00:00Z',
  '2023-02-29T00:00:00Z',
  '2020-13-01T00:00:00Z',
  '2020-05-15T24:00:00Z',
  '2020-05-15T18:15:60Z',
  '2020-05-15T18:15:21+24:00',
  '2020-05-15T18:15:21 00:00',
  '1589566521',
  1_589_566_521,
  1.5,
  Number.NaN,
  1e300,
  '9999-12-31T23:59:59-01:00',
  '',
  null,
  true,
  {},
])('T9: refuses %j', written => {
  expect(readDate(written)).toBeUndefined()
})

test('what was shown is read as the same second', () => {
  fc.assert(
    fc.property(fc.integer({ min: 10_000_000_000, max: 253_402_300_799_999 }), ms => {
      expect(showDate(ms)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
      expect(readDate(showDate(ms))).toBe(Math.floor(ms / 1000) * 1000)
    }),
  )
})
