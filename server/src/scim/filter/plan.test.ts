import { describe, expect, test } from 'vitest'
import type { Condition, SearchResource } from '#domain/search.ts'
import { attributesOf } from '#scim/filter/attributes.ts'
import { parseFilter } from '#scim/filter/parse.ts'
import { planFilter } from '#scim/filter/plan.ts'

const plan = (resource: SearchResource, text: string) =>
  planFilter(
    parseFilter(text),
    attributesOf(resource, code => code === 'ATR_MOBILE' || code === 'CUSTATT1'),
  )
const is = (name: string, operator: string, value: unknown, code?: string) => ({
  kind: 'compare',
  column: code === undefined ? { name } : { name, code },
  operator,
  value,
})
const DAY = 1_589_566_521_000 // 2020-05-15T18:15:21Z
const date = '2020-05-15T18:15:21Z'

const table: readonly (readonly [SearchResource, string, unknown])[] = [
  ['User', 'externalId eq 00042', is('externalId', 'eq', '00042')],
  ['User', 'EXTERNALID eq "Mara"', is('externalId', 'eq', 'Mara')],
  ['User', 'username sw ma', is('userName', 'sw', 'ma')],
  ['User', 'groups eq UG_ROOT', is('group', 'eq', 'UG_ROOT')],
  ['User', 'groups.value eq "UG_ROOT"', is('group', 'eq', 'UG_ROOT')],
  ['User', 'ATR_MOBILE eq 44123456', is('attribute', 'eq', '44123456', 'ATR_MOBILE')],
  ['User', 'custatt1 ew x', is('attribute', 'ew', 'x', 'CUSTATT1')],
  [
    'User',
    'urn:hid:scim:api:idp:2.0:UserAttribute:ATR_MOBILE pr',
    { kind: 'present', column: { name: 'attribute', code: 'ATR_MOBILE' } },
  ],
  ['User', 'emails.value co "@x"', is('attribute', 'co', '@x', 'ATR_EMAIL')],
  ['User', 'urn:ietf:params:scim:schemas:core:2.0:User:userName eq x', is('userName', 'eq', 'x')],
  ['User', 'active eq TRUE', is('active', 'eq', true)],
  ['User', 'active eq "false"', is('active', 'eq', false)],
  ['User', 'title eq null', { kind: 'not', part: { kind: 'present', column: { name: 'title' } } }],
  ['User', 'title eq "null"', is('title', 'eq', 'null')],
  ['User', 'title ne x', { kind: 'not', part: is('title', 'eq', 'x') }],
  ['User', 'title co ""', { kind: 'present', column: { name: 'title' } }],
  ['User', 'id eq 52276', is('id', 'eq', 52276)],
  ['User', 'id eq mara', { kind: 'never' }],
  ['User', 'id ne mara', { kind: 'not', part: { kind: 'never' } }],
  ['Device', 'externalId eq 09671*', is('externalId', 'sw', '09671')],
  ['Device', 'externalId eq "09671*"', is('externalId', 'sw', '09671')],
  ['Device', 'externalId ne 09671*', { kind: 'not', part: is('externalId', 'sw', '09671') }],
  ['Device', 'externalId eq *', { kind: 'present', column: { name: 'externalId' } }],
  ['Device', 'externalId sw 09671*', is('externalId', 'sw', '09671*')],
  ['Device', 'type eq DT_POCK_OE', is('type', 'eq', 'DT_POCK_OE')],
  ['Device', 'owner.value eq "11072"', is('owner', 'eq', 11072)],
  ['Device', 'owner.value eq ""', { kind: 'never' }],
  ['Device', 'owner.display eq x@y', is('ownerExternalId', 'eq', 'x@y')],
  ['Device', 'status.status eq active', is('status', 'eq', 'ACTIVE')],
  ['Device', `status.expiryDate lt ${date}`, is('expiry', 'lt', DAY)],
  ['Device', `status.expiryDate gt ${date}`, is('expiry', 'ge', DAY + 1000)],
  ['Device', `status.expiryDate ge ${DAY}`, is('expiry', 'ge', DAY)],
  ['Device', `status.expiryDate le ${date}`, is('expiry', 'lt', DAY + 1000)],
  ['Device', `status.expiryDate gt 2020-05-15T18:15:21.5Z`, is('expiry', 'ge', DAY + 501)],
  [
    'Device',
    `meta.created eq "${date}"`,
    { kind: 'and', parts: [is('created', 'ge', DAY), is('created', 'lt', DAY + 1000)] },
  ],
  [
    'Authenticator',
    'id eq 52276.AT_OTP',
    { kind: 'and', parts: [is('owner', 'eq', 52276), is('policy', 'eq', 'AT_OTP')] },
  ],
  ['Authenticator', 'id eq AT_OTP', { kind: 'never' }],
  ['Authenticator', 'policy.value eq AT_OTP', is('policy', 'eq', 'AT_OTP')],
  ['Credential', 'device.value eq 7', is('device', 'eq', 7)],
]

describe('S2: what was written becomes what is asked of the store', () => {
  test.each(table)('%s: %s', (resource, text, condition) => {
    expect(plan(resource, text)).toEqual(condition as Condition)
  })
})

test.each<readonly [SearchResource, string]>([
  ['User', 'shoeSize eq 5'],
  ['User', 'ATR_UNKNOWN eq 5'],
  ['User', 'owner.value eq 5'],
  ['User', 'urn:hid:scim:api:idp:2.0:Device:type eq x'],
  ['User', 'toString eq x'],
  ['User', 'active gt true'],
  ['User', 'active eq maybe'],
  ['User', 'id gt mara'],
  ['User', 'id co 5'],
  ['User', 'meta.created gt yesterday'],
  ['Device', 'ATR_MOBILE eq 5'],
  ['Device', 'status.expiryDate sw 2020'],
  ['Device', 'status.status gt ACTIVE'],
  ['Authenticator', 'id sw 52276'],
])('A4: %s: %s is refused', (resource, text) => {
  expect(() => plan(resource, text)).toThrowError(expect.objectContaining({ code: 'invalid_filter' }))
})
