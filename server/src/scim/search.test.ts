import { expect, test } from 'vitest'
import { attributesOf } from '#scim/filter/attributes.ts'
import { readSearch } from '#scim/search.ts'
import { selectable } from '#scim/selectable.ts'

const find = attributesOf('User', code => code === 'ATR_MOBILE')
const read = (written: unknown) => readSearch(written, find, selectable.User)
const code = (wanted: string) => expect.objectContaining({ code: wanted })
const byId = { column: { name: 'id' }, descending: false }

test('T6: an empty body asks for the first hundred by id', () => {
  expect(read({})).toEqual({ plan: { sort: byId, offset: 0, count: 100 }, selection: { kind: 'all', paths: [] } })
})

test('T6: the body of the published sample', () => {
  const { plan } = read({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'],
    filter: 'externalId eq "jsmith@company.com"',
    sortBy: 'id',
    sortOrder: 'descending',
    startIndex: 0,
    count: 100,
  })
  expect(plan).toEqual({
    where: { kind: 'compare', column: { name: 'externalId' }, operator: 'eq', value: 'jsmith@company.com' },
    sort: { column: { name: 'id' }, descending: true },
    offset: 0,
    count: 100,
  })
})

test.each([
  [{ count: '100' }, { count: 100 }],
  [{ count: ' 7 ' }, { count: 7 }],
  [{ count: 500 }, { count: 100 }],
  [{ count: -1 }, { count: 0 }],
  [{ count: null }, { count: 100 }],
  [{ count: '' }, { count: 100 }],
  [{ startIndex: '200' }, { offset: 200 }],
  [{ startIndex: -5 }, { offset: 0 }],
  [{ schemas: 'roles', nonsense: { deep: [] }, 'api-version': ' 7' }, { offset: 0 }],
  [{ filter: '  ' }, { offset: 0 }],
  [{ sortBy: '', sortOrder: '' }, { sort: byId }],
  [{ SORTBY: 'UserName', sortorder: 'Descending' }, { sort: { column: { name: 'userName' }, descending: true } }],
])('T6: %j is read leniently', (written, plan) => {
  expect(read(written).plan).toMatchObject(plan)
})

test.each([
  [{ count: 'many' }, 'invalid_value'],
  [{ count: 1.5 }, 'invalid_value'],
  [{ count: 1e12 }, 'invalid_value'],
  [{ startIndex: {} }, 'invalid_value'],
  [{ sortOrder: 'up' }, 'invalid_value'],
  [{ sortBy: 'shoeSize' }, 'invalid_path'],
  [{ sortBy: 'roles.value' }, 'invalid_path'],
  [{ filter: 5 }, 'invalid_filter'],
  [{ filter: 'shoeSize eq 5' }, 'invalid_filter'],
  [{ filter: 'ATR_SHOE eq 5' }, 'invalid_filter'],
  [{ attributes: 'shoeSize' }, 'invalid_path'],
  [{ attributes: 'id', excludedAttributes: ['meta'] }, 'invalid_value'],
  [[], 'invalid_request'],
])('A4: %j is refused', (written, wanted) => {
  expect(() => read(written)).toThrowError(code(wanted))
})

test.each(['userName', 'externalid', 'groups.value', 'ATR_MOBILE', 'tenant', 'TenantId', 'userId', ' user '])(
  'A4: a parameter %j would be an ignored filter and is refused',
  name => {
    expect(() => read({ [name]: 'x' })).toThrowError(code('invalid_value'))
  },
)

test('H2: a filter has a bound', () => {
  expect(() => read({ filter: 'a'.repeat(20_001) })).toThrowError(code('invalid_filter'))
})
