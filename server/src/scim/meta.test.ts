import { expect, test } from 'vitest'
import { etagOf, expectedVersion, metaOf } from '#scim/meta.ts'

const site = { origin: 'https://host', tenant: 't1acme' }

test('G1: meta has an absolute location and the version as text', () => {
  expect(metaOf(site, 'Authenticator', '52276.AT_OTP', { createdAt_ms: 1_431_713_721_999, version: 1 })).toEqual({
    resourceType: 'Authenticator',
    created: '2015-05-15T18:15:21Z',
    location: 'https://host/scim/t1acme/v2/Authenticator/52276.AT_OTP',
    version: '1',
  })
  expect(etagOf(3)).toBe('W/"3"')
})

test.each([
  [undefined, undefined, undefined],
  [undefined, {}, undefined],
  [undefined, 'odd', undefined],
  [undefined, { version: '' }, undefined],
  [undefined, { version: '4' }, 4],
  [undefined, { version: 4 }, 4],
  [undefined, { version: 'W/"4"' }, 4],
  ['*', { version: '4' }, undefined],
  ['W/"7"', { version: '4' }, 7],
  ['"7"', undefined, 7],
  [' 7 ', undefined, 7],
])('If-Match %j and meta %j expect %j', (header, bodyMeta, version) => {
  expect(expectedVersion(header, bodyMeta)).toBe(version)
})

test.each([
  ['W/"x"', undefined],
  ['"1", "2"', undefined],
  ['', undefined],
  [undefined, { version: true }],
  [undefined, { version: '-1' }],
])('If-Match %j and meta %j are no version of ours', (header, bodyMeta) => {
  expect(() => expectedVersion(header, bodyMeta)).toThrowError(expect.objectContaining({ code: 'version_mismatch' }))
})
