import { expect, test } from 'vitest'
import { readStatus, showStatus } from '#scim/entity-status.ts'
import { membersOf } from '#scim/members.ts'

const allowed = ['ENABLED', 'DISABLED'] as const
const read = (status: unknown) => readStatus(membersOf({ status }), allowed)

test('T8: each part may come alone, or none', () => {
  expect(read(undefined)).toBeUndefined()
  expect(read({})).toEqual({})
  expect(read({ active: false })).toEqual({})
  expect(read({ status: 'enabled' })).toEqual({ status: 'ENABLED' })
  expect(read({ expiryDate: '2020-05-15T18:15:21+00:00' })).toEqual({ expiryAt_ms: 1_589_566_521_000 })
})

test.each([
  [{ status: 'SLEEPING' }, 'status_not_allowed'],
  [{ status: '' }, 'status_not_allowed'],
  [{ startDate: '2021-01-01T00:00:00Z', expiryDate: '2020-01-01T00:00:00Z' }, 'dates_in_wrong_order'],
  [{ expiryDate: 'never' }, 'invalid_value'],
])('%j is refused with %s', (status, code) => {
  expect(() => read(status)).toThrowError(expect.objectContaining({ code }))
})

test('active only inside the dates', () => {
  const row = { status: 'ACTIVE', startAt_ms: 1_000_000, expiryAt_ms: 2_000_000 }
  expect(showStatus(row, true, 1_500_000)).toEqual({
    status: 'ACTIVE',
    active: true,
    expiryDate: '1970-01-01T00:33:20Z',
    startDate: '1970-01-01T00:16:40Z',
  })
  expect(showStatus(row, true, 999_999).active).toBe(false)
  expect(showStatus(row, true, 2_000_000).active).toBe(false)
  expect(showStatus(row, false, 1_500_000).active).toBe(false)
  expect(showStatus({ ...row, expiryAt_ms: null }, true, 9e12)).not.toHaveProperty('expiryDate')
})
