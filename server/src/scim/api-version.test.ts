import { expect, test } from 'vitest'
import { assertApiVersion } from '#scim/api-version.ts'

test.each([{}, { 'api-version': ' 7' }, { ' api-version ': '10' }, { other: 'x' }])('T2: %j passes', query => {
  expect(() => assertApiVersion(query)).not.toThrow()
})

test.each([{ 'api-version': '11' }, { 'API-Version ': 'x' }, { 'api-version': ['1', '2'] }])(
  'T2: %j is refused',
  query => {
    expect(() => assertApiVersion(query)).toThrowError(expect.objectContaining({ code: 'invalid_value' }))
  },
)
