import { urn } from '@countersign/protocol/scim/urn.ts'
import { expect, test } from 'vitest'
import { isWanted, readSelection, select } from '#scim/select.ts'
import { selectable } from '#scim/selectable.ts'

const mara = {
  schemas: [urn.user, urn.userAttribute, urn.userDevice],
  id: '52276',
  externalId: 'mara@example.org',
  meta: { resourceType: 'User', version: '1' },
  name: { familyName: 'Okafor', givenName: 'Mara' },
  roles: [{ value: 'RL_A', display: 'A' }],
  [urn.userAttribute]: { attributes: [] },
  [urn.userDevice]: { devices: [] },
}
const only = (attributes: unknown) => select(mara, readSelection(selectable.User, attributes, undefined))
const without = (excluded: unknown) => select(mara, readSelection(selectable.User, undefined, excluded))

test('nothing selected is everything', () => {
  expect(only(undefined)).toEqual(mara)
  expect(only('')).toEqual(mara)
  expect(only([])).toEqual(mara)
})

test.each([
  ['externalId', { externalId: 'mara@example.org' }],
  [['EXTERNALID', ' meta '], { externalId: 'mara@example.org', meta: mara.meta }],
  ['name.givenName, roles.value', { name: { givenName: 'Mara' }, roles: [{ value: 'RL_A' }] }],
  ['name,name.givenName', { name: mara.name }],
  [`${urn.user}:name.familyName`, { name: { familyName: 'Okafor' } }],
  ['displayName', {}],
  [urn.enterpriseUser, {}],
])('only %j', (attributes, shown) => {
  expect(only(attributes)).toEqual({ schemas: [urn.user], id: '52276', ...shown })
})

test('an extension by its URN, and its schema with it', () => {
  expect(only([urn.userDevice.toUpperCase()])).toEqual({
    schemas: [urn.user, urn.userDevice],
    id: '52276',
    [urn.userDevice]: { devices: [] },
  })
  expect(only(`${urn.userDevice}:devices`)).toHaveProperty([urn.userDevice, 'devices'])
})

test('the core schema is all of the core', () => {
  const shown = only(urn.user)
  expect(Object.keys(shown)).toEqual(['schemas', 'id', 'externalId', 'meta', 'name', 'roles'])
})

test('without: id and schemas stay', () => {
  const shown = without(`id,schemas,meta.version,name,${urn.userAttribute}`)
  expect(shown).toEqual({
    schemas: [urn.user, urn.userDevice],
    id: '52276',
    externalId: 'mara@example.org',
    meta: { resourceType: 'User' },
    roles: mara.roles,
    [urn.userDevice]: { devices: [] },
  })
})

test('what is not wanted need not be loaded', () => {
  const selection = readSelection(selectable.User, ['name.givenName'], undefined)
  expect(isWanted(selection, 'name')).toBe(true)
  expect(isWanted(selection, urn.userDevice)).toBe(false)
  expect(isWanted(readSelection(selectable.User, undefined, 'name.givenName'), 'name')).toBe(true)
})

test.each(['shoeSize', 'name.nick', 'id.x', '__proto__', 'urn:x:y', `${urn.userDevice}:x`, 'externalId.'])(
  'A4: %j is no attribute',
  name => {
    expect(() => only(name)).toThrowError(expect.objectContaining({ code: 'invalid_path' }))
  },
)

test('H2: kinds and bounds', () => {
  expect(() => only(5)).toThrowError(expect.objectContaining({ code: 'invalid_value' }))
  expect(() => only(Array(101).fill('id'))).toThrowError(expect.objectContaining({ code: 'too_long' }))
})
