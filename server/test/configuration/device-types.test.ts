/**
 * Device types of a tenant's own, over the wire: copied, changed by merging, removed; what would weaken an app or break one in use
 * is refused and changes nothing.
 */
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { api, basic, clientToken, engineNames, scim, startWorld, token, type World } from '../world.ts'

const PUSH = 'urn:hid:scim:api:idp:2.0:device:type:Push'
const TOKEN = 'urn:hid:scim:api:idp:2.0:device:type:Token'

describe.each(engineNames)('on %s', engine => {
  let world: World
  let bearer: string
  beforeAll(async () => {
    world = await startWorld(engine)
    bearer = await clientToken(world)
  })
  afterAll(() => world.close())

  const path = (code = '') => `/configuration/${world.demo.tenant}/v2/Device/Type${code === '' ? '' : `/${code}`}`
  const call = (method: string, code: string, body?: unknown, by = bearer) => api(world, by, method, path(code), body)
  const fresh = () => `DT_${randomBytes(4).toString('hex').toUpperCase()}`
  const copy = async (more: object = {}, copyFrom = 'DT_TDSV4') => {
    const id = fresh()
    const answer = await call('POST', '', { copyFrom, id, name: 'Ours', ...more })
    return { id, answer }
  }
  const makeDevice = async (type: string) => {
    const { body } = await scim(world, bearer, 'POST', '/Device', { externalId: randomBytes(6).toString('hex'), type })
    return body.id as string
  }
  const versionOfTenant = async () =>
    (await world.office.directory.reload((await world.office.directory.find(world.demo.tenant))!)).version

  test('a stock app shows its Push extension alone, and not in lists', async () => {
    const one = await call('GET', 'DT_TDSV4')
    expect(one.body[PUSH]).toEqual({
      credentialTypes: {
        transport: 'CT_SMK4',
        logon: 'CT_PASAV4',
        action: 'CT_TDSV4',
        otp: 'CT_TDSOT',
        challenge: 'CT_TDSOATCR',
        signing: 'CT_TDSOATSIGN',
      },
      keysProtectionPolicies: { type: 'device' },
      serviceName: 'Countersign',
      ocraFields: ['Account', 'Amount', 'Reference'],
      requestTemplates: {},
      keysRefreshPeriod: 3650,
      inviteLifeSeconds: 3600,
      activationConfirm: false,
      OPMODE: 'default',
    })
    const list = await call('GET', '')
    expect(list.body.resources.map(({ id }: { id: string }) => id)).toContain('DT_TDSV4')
    expect(list.text).not.toContain(`"${PUSH}":`)
    expect(list.text).toContain(`"${TOKEN}":`)
  })

  test('copied with a part of the extension: the rest is that of the copied type', async () => {
    const push = { serviceName: 'Acme Bank', colour: '#0B5FFF', activationConfirm: true }
    const { id, answer } = await copy({ notes: 'Pilot', maximumDevicePerUser: 2, [PUSH]: push })
    expect([answer.status, answer.body.id, answer.body.readOnly]).toEqual([201, id, false])
    expect(answer.body).toMatchObject({ name: 'Ours', notes: 'Pilot', maximumDevicePerUser: 2, meta: { version: 1 } })
    expect(answer.body[PUSH]).toMatchObject({ serviceName: 'Acme Bank', colour: '#0b5fff', keysRefreshPeriod: 3650 })
    const read = await call('GET', id)
    expect(read.body).toEqual(answer.body)
    expect(answer.body.meta.location).toBe(`${world.demo.base}${path(id)}`)
  })

  test('PUT merges, null takes away, what was read can be written back, versions count', async () => {
    const { id, answer } = await copy({ notes: 'x', [PUSH]: { colour: '#000000' } })
    const policy = { type: 'password', minLength: 6, maxLength: 12, digitsOnly: true, maxAttempts: 5, lockSeconds: 900 }
    const changed = await call('PUT', id, { notes: null, [PUSH]: { colour: null, keysProtectionPolicies: policy } })
    expect(changed.status).toBe(200)
    expect(changed.body).not.toHaveProperty('notes')
    expect(changed.body[PUSH]).not.toHaveProperty('colour')
    expect(changed.body[PUSH].keysProtectionPolicies).toEqual(policy)
    expect(changed.body.meta.version).toBe(2)
    const back = await call('PUT', id, changed.body)
    expect([back.status, back.body.meta.version]).toEqual([200, 3])
    const late = await call('PUT', id, answer.body)
    expect([late.status, late.body.status]).toEqual([409, '409'])
  })

  test('a token type is copied with its Token extension, which stays', async () => {
    const { id, answer } = await copy({}, 'DT_POCK_OT')
    expect([answer.status, answer.body[TOKEN].supportedAuthenticationMethod]).toEqual([201, 'SYNCHRONOUS'])
    expect((await call('PUT', id, answer.body)).status).toBe(200)
    for (const body of [
      { [TOKEN]: { ...answer.body[TOKEN], syncAuthenticationCodeLength: 4 } },
      { [PUSH]: { serviceName: 'x' } },
    ]) {
      expect((await call('PUT', id, body)).body.scimType).toBe('mutability')
    }
    expect(
      (await call('PUT', id, { defaultCredentialTypeCode: 'CT_PASAV4', allowedCredentialTypes: ['CT_PASAV4'] })).status,
    ).toBe(400)
    const device = await makeDevice(id)
    expect((await scim(world, bearer, 'GET', `/Device/${device}`)).body.type).toBe(id)
  })

  test('made from nothing but its Push extension', async () => {
    const credentialTypes = { transport: 'CT_SMK4', logon: 'CT_PASAV4E', action: 'CT_TDSV4E' }
    const id = fresh()
    const { status, body } = await call('POST', '', { id, [PUSH]: { credentialTypes, serviceName: 'Bare' } })
    expect([status, body.name, body.allowedCredentialTypes]).toEqual([201, id, ['CT_SMK4', 'CT_PASAV4E', 'CT_TDSV4E']])
    expect((await call('POST', '', { id: fresh(), name: 'nothing' })).status).toBe(400)
  })

  test('removed when no device is of it, and the id is free again', async () => {
    const { id } = await copy()
    const device = await makeDevice(id)
    const used = await call('DELETE', id)
    expect([used.status, used.body.detail]).toEqual([400, 'The device type is in use.'])
    expect((await scim(world, bearer, 'DELETE', `/Device/${device}`)).status).toBe(204)
    expect((await call('DELETE', id)).status).toBe(204)
    expect((await call('GET', id)).status).toBe(404)
    expect((await call('DELETE', id)).status).toBe(404)
    expect((await call('POST', '', { copyFrom: 'DT_TDSV4', id })).status).toBe(201)
  })

  test('in use: the credential types of its keys stay, all else changes', async () => {
    const { id } = await copy()
    await makeDevice(id)
    const keys = { transport: 'CT_SMK4', logon: 'CT_PASAV4E', action: 'CT_TDSV4E' }
    expect((await call('PUT', id, { [PUSH]: { credentialTypes: keys } })).body.scimType).toBe('mutability')
    expect((await call('PUT', id, { [PUSH]: { serviceName: 'New name' } })).status).toBe(200)
  })

  test('stock types stay as they are; ids are taken once', async () => {
    for (const [method, body] of [
      ['PUT', { name: 'x' }],
      ['DELETE', undefined],
    ] as const) {
      const { status, body: refusal } = await call(method, 'DT_TDSV4', body)
      expect([method, status, refusal.scimType]).toEqual([method, 400, 'mutability'])
    }
    const { id } = await copy()
    for (const taken of [id, 'DT_TDSV4']) {
      const { status, body } = await call('POST', '', { copyFrom: 'DT_TDSV4', id: taken })
      expect([status, body.scimType]).toEqual([409, 'uniqueness'])
    }
    expect((await call('POST', '', { copyFrom: 'DT_POCK_OT', id: 'DT_POCK_AT' })).body.detail).toContain('proprietary')
    expect((await call('PUT', id, { id: 'DT_OTHER' })).body.scimType).toBe('mutability')
    expect((await call('PUT', 'DT_NONE', {})).status).toBe(404)
  })

  const password = (more: object) => ({
    keysProtectionPolicies: { type: 'password', minLength: 6, maxAttempts: 5, lockSeconds: 900, ...more },
  })
  test.each<[string, object]>([
    ['a name for the id that is none', { id: 'DT_lower' }],
    ['an id of another kind', { id: 'CT_X' }],
    ['a long id', { id: `DT_${'X'.repeat(18)}` }],
    ['copied from nothing', { copyFrom: 'DT_NONE' }],
    [
      'an unknown credential type',
      { [PUSH]: { credentialTypes: { transport: 'CT_SMK4', logon: 'CT_NONE', action: 'CT_TDSV4' } } },
    ],
    [
      'keys that serve something else',
      { [PUSH]: { credentialTypes: { transport: 'CT_SMK4', logon: 'CT_TDSV4', action: 'CT_PASAV4' } } },
    ],
    [
      'codes for challenges by a signing key',
      {
        [PUSH]: {
          credentialTypes: { transport: 'CT_SMK4', logon: 'CT_PASAV4', action: 'CT_TDSV4', challenge: 'CT_TDSOATSIGN' },
        },
      },
    ],
    ['a key without a name', { [PUSH]: { credentialTypes: { logon: 'CT_PASAV4', action: 'CT_TDSV4' } } }],
    [
      'a key that is not known',
      { [PUSH]: { credentialTypes: { transport: 'CT_SMK4', logon: 'CT_PASAV4', action: 'CT_TDSV4', god: 'CT_X' } } },
    ],
    [
      'more credential types than keys',
      {
        allowedCredentialTypes: [
          'CT_PASAV4',
          'CT_TDSV4',
          'CT_SMK4',
          'CT_TDSOT',
          'CT_TDSOATCR',
          'CT_TDSOATSIGN',
          'CT_AIOT',
        ],
      },
    ],
    ['fewer credential types than keys', { allowedCredentialTypes: ['CT_PASAV4'] }],
    ['another default', { defaultCredentialTypeCode: 'CT_TDSV4' }],
    ['no limit of devices', { maximumDevicePerUser: 0 }],
    ['a limit that is no number', { maximumDevicePerUser: '5' }],
    ['a password without rules', { [PUSH]: { keysProtectionPolicies: { type: 'password' } } }],
    [
      'C4: rules of a password without a password',
      { [PUSH]: { keysProtectionPolicies: { type: 'device', minLength: 8 } } },
    ],
    ['C4: four digits', { [PUSH]: password({ minLength: 4, digitsOnly: true }) }],
    ['a short password', { [PUSH]: password({ minLength: 3 }) }],
    ['lengths in the wrong order', { [PUSH]: password({ minLength: 10, maxLength: 8 }) }],
    ['endless attempts', { [PUSH]: password({ maxAttempts: 1000 }) }],
    ['no lock', { [PUSH]: password({ lockSeconds: 0 }) }],
    ['another protection', { [PUSH]: { keysProtectionPolicies: { type: 'none' } } }],
    [
      'biometry, which the reference took away',
      { [PUSH]: { keysProtectionPolicies: { type: 'device', bioPolicy: {} } } },
    ],
    ['a long service name', { [PUSH]: { serviceName: 'x'.repeat(51) } }],
    ['an empty service name', { [PUSH]: { serviceName: '' } }],
    ['a service name that turns the text around it', { [PUSH]: { serviceName: 'Bank\u202eknaB' } }],
    ['a colour that is a style', { [PUSH]: { colour: 'red;background:url(//x)' } }],
    ['four fields', { [PUSH]: { ocraFields: ['a', 'b', 'c', 'd'] } }],
    ['two fields of one name', { [PUSH]: { ocraFields: ['a', 'a'] } }],
    ['a template with a loose brace', { [PUSH]: { requestTemplates: { t: 'Pay {amount' } } }],
    ['a template with an odd id', { [PUSH]: { requestTemplates: { 'a b': 'x' } } }],
    ['a short refresh', { [PUSH]: { keysRefreshPeriod: 1 } }],
    ['an invitation of a month', { [PUSH]: { inviteLifeSeconds: 2_592_000 } }],
    ['a switch that is a text', { [PUSH]: { activationConfirm: 'true' } }],
    ['another mode', { [PUSH]: { OPMODE: 'debug' } }],
    ['members of the extension that are not known', { [PUSH]: { serverTLSCertificate: 'x' } }],
    ['an extension that is a text', { [PUSH]: 'x' }],
    ['a name that is a number', { name: 7 }],
  ])('refused, and nothing is changed: %s', async (_, more) => {
    const before = await versionOfTenant()
    const id = fresh()
    const { status, body } = await call('POST', '', { copyFrom: 'DT_TDSV4', id, ...more })
    expect([status, body.scimType]).toEqual([400, 'invalidValue'])
    expect((await call('GET', id)).status).toBe(404)
    expect(await versionOfTenant()).toBe(before)
  })

  test('of two that make the same at once one wins, and a removal knows of a change', async () => {
    const id = fresh()
    const both = await Promise.all([1, 2].map(n => call('POST', '', { copyFrom: 'DT_TDSV4', id, name: `n${n}` })))
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409])
    const many = await Promise.all(Array.from({ length: 4 }, (_, n) => call('PUT', id, { name: `m${n}` })))
    expect(many.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect((await call('GET', id)).body.meta.version).toBe(5)
  })

  test('who may: configuration.update, which a plain client has not', async () => {
    const { client_id, client_secret } = world.demo.rp
    const { body } = await token(
      world,
      { grant_type: 'client_credentials' },
      { authorization: basic(client_id, client_secret) },
    )
    expect((await call('POST', '', { copyFrom: 'DT_TDSV4', id: fresh() }, body.access_token)).status).toBe(403)
    expect((await call('PUT', 'DT_TDSV4', {}, body.access_token)).status).toBe(403)
    expect((await call('DELETE', 'DT_TDSV4', undefined, body.access_token)).status).toBe(403)
  })

  test('another tenant sees nothing of it', async () => {
    const { id } = await copy()
    await world.office.tenants.create(`other${engine.length}`)
    const other = await world.office.directory.find(`other${engine.length}`)
    expect(other?.configuration.findDeviceType(id)).toBeUndefined()
  })
})
