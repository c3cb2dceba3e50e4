import { expect, test } from 'vitest'
import { memberRef, readReference } from '#scim/reference.ts'

test.each([
  [undefined, undefined],
  [null, undefined],
  [{ value: '52276' }, { by: 'value', value: '52276' }],
  [{ value: 52276 }, { by: 'value', value: '52276' }],
  [{ Value: ' 52276 ' }, { by: 'value', value: '52276' }],
  [{ display: 'x@y' }, { by: 'display', display: 'x@y' }],
  [
    { display: 'x@y', value: null },
    { by: 'display', display: 'x@y' },
  ],
  [
    { display: 'x@y', value: '1' },
    { by: 'value', value: '1' },
  ],
  [{ value: '' }, { by: 'none' }],
  [{ display: 'x@y', value: '' }, { by: 'none' }],
])('T8: %j is read as %j', (written, read) => {
  expect(readReference('owner', written)).toEqual(read)
})

test.each([[{}], [[]], ['52276'], [5], [{ display: '' }], [{ value: {} }], [{ value: 1.5 }]])(
  'T8: %j is refused',
  written => {
    expect(() => readReference('owner', written)).toThrowError(expect.objectContaining({ code: 'invalid_value' }))
  },
)

test('H2: a reference has a bound', () => {
  expect(() => readReference('owner', { value: 'x'.repeat(257) })).toThrowError(
    expect.objectContaining({ code: 'too_long' }),
  )
})

test('G1: shown with an address that can be fetched', () => {
  expect(memberRef({ origin: 'https://host', tenant: 't1' }, 'User', 52276, 'x@y')).toEqual({
    type: 'User',
    display: 'x@y',
    value: '52276',
    $ref: 'https://host/scim/t1/v2/Users/52276',
  })
})
