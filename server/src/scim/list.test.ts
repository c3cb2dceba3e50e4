import { expect, test } from 'vitest'
import { listOf } from '#scim/list.ts'

test('G1: nothing found is an empty list in lower case', () => {
  expect(listOf(0, [])).toEqual({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults: 0,
    resources: [],
  })
})

test('a page that is not everything says where it starts', () => {
  expect(listOf(250, ['a', 'b'], 200)).toMatchObject({ totalResults: 250, startIndex: 200, itemsPerPage: 2 })
  expect(listOf(2, ['a', 'b'])).not.toHaveProperty('startIndex')
})
