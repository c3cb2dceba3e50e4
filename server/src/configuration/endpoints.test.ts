import { Compile } from 'typebox/schema'
import { describe, expect, test } from 'vitest'
import { buildConfiguration, type Overrides } from '#domain/configuration.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Situation } from '#http/endpoint.ts'
import { configurationEndpoints } from './endpoints.ts'
import type { ConfiguredTenant } from './read-documents.ts'
import { stock } from './seed/stock.ts'

const POLICY = '/configuration/{tenant}/v2/Policy/Authenticator'
const DEVICE_TYPE = '/configuration/{tenant}/v2/Device/Type'
const CREDENTIAL_TYPE = '/configuration/{tenant}/v2/Credential/Type'
const GATEWAY = '/configuration/{tenant}/v2/DeliveryGateway/Push'
const MAIL = '/configuration/{tenant}/v2/DeliveryGateway/Mail'
const SMS = '/configuration/{tenant}/v2/DeliveryGateway/Sms'
const TEMPLATE = '/configuration/{tenant}/v2/MessageTemplate'
const CORS = '/configuration/{tenant}/v2/CorsOrigins'
const CARDS = '/configuration/{tenant}/v2/Application/CardAuth'
const FIDO = '/configuration/{tenant}/v2/Fido'
const CUSTO = ['IDPWorkflows', 'IDPThemes'].map(name => `/configuration/{tenant}/v2/Custo/${name}`)
const PASSWORD_EXTENSION = 'urn:hid:scim:api:idp:2.0:policy:authenticator:Password'

const reads = configurationEndpoints.filter(({ method }) => method === 'GET')

// biome-ignore lint/suspicious/noExplicitAny: wire samples are read as a client reads them.
type Wire = any

async function get(path: string, query: object = {}, id?: string, overrides: Overrides = {}): Promise<Wire> {
  const endpoint = reads.find(one => one.path === (id === undefined ? path : `${path}/{id}`))!
  const situation: Situation<ConfiguredTenant> = {
    tenant: { name: 't1acme', configuration: buildConfiguration(stock, overrides) },
    caller: undefined,
    correlation: 'c',
    source: '192.0.2.1',
    origin: 'https://auth.example.org',
    headers: {},
  }
  const { body } = await endpoint.handle(
    { path: { tenant: 't1acme', id }, query, body: undefined },
    situation,
    undefined,
  )
  expect(Compile(endpoint.answers.shape).Errors(body)[1]).toEqual([])
  return body
}

async function refusalOf(answer: Promise<unknown>): Promise<string> {
  const error = await answer.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(Refusal)
  return (error as Refusal).code
}

describe('configuration door', () => {
  test('every endpoint asks for a permission of its kind', () => {
    const of = (permission: string) =>
      configurationEndpoints
        .filter(({ access }) => access.kind === 'bearer' && access.permission === permission)
        .map(({ method, path }) => `${method} ${path}`)
    const kinds = [POLICY, DEVICE_TYPE, CREDENTIAL_TYPE, GATEWAY, MAIL, SMS, TEMPLATE]
    const scim = '/scim/{tenant}/v2/Policy/Authenticator'
    expect(new Set(of('configuration.read'))).toEqual(
      new Set([
        ...[`GET ${CARDS}`, `GET ${CARDS}/{id}`],
        ...[`GET ${CORS}`, `GET ${FIDO}/Policy`, `GET ${FIDO}/Models/{id}`],
        ...[...kinds, scim].flatMap(path => [`GET ${path}`, `GET ${path}/{id}`]),
      ]),
    )
    expect(new Set(of('configuration.update'))).toEqual(
      new Set([
        `PUT ${CORS}`,
        `PUT ${FIDO}/Policy`,
        ...[`POST ${CARDS}`, `DELETE ${CARDS}/{id}`],
        ...kinds.flatMap(path => [`POST ${path}`, `PUT ${path}/{id}`, `DELETE ${path}/{id}`]),
      ]),
    )
    expect(of('customization.read')).toEqual(CUSTO.flatMap(path => [`GET ${path}`, `GET ${path}/{id}`]))
    expect(of('customization.create')).toEqual(CUSTO.map(path => `POST ${path}`))
    expect(of('customization.update')).toEqual(CUSTO.map(path => `PUT ${path}/{id}`))
    expect(of('customization.delete')).toEqual(CUSTO.map(path => `DELETE ${path}/{id}`))
    const all = ['configuration.read', 'configuration.update', 'read', 'create', 'update', 'delete']
      .map(name => (name.includes('.') ? name : `customization.${name}`))
      .flatMap(of)
    expect(all.length).toBe(configurationEndpoints.length)
  })

  test('T1: policies answer under /scim too, each with a location that can be fetched', async () => {
    const here = await get(POLICY, {}, 'AT_OTP')
    const there = await get('/scim/{tenant}/v2/Policy/Authenticator', {}, 'AT_OTP')
    expect(here.meta).toEqual({
      resourceType: 'AuthenticatorPolicy',
      location: 'https://auth.example.org/configuration/t1acme/v2/Policy/Authenticator/AT_OTP',
      version: 1,
    })
    expect(there.meta.location).toBe('https://auth.example.org/scim/t1acme/v2/Policy/Authenticator/AT_OTP')
    expect({ ...there, meta: undefined }).toEqual({ ...here, meta: undefined })
  })

  test('G4, G5: a password policy has strings for numbers and its rules in both spellings', async () => {
    const policy = await get(POLICY, {}, 'AT_STDPWD')
    expect(policy).toMatchObject({
      schemas: ['urn:hid:scim:api:idp:2.0:policy:Authenticator', PASSWORD_EXTENSION],
      id: 'AT_STDPWD',
      readOnly: true,
      disableThreshold: '8',
      disabledTimeReset: '900',
      defaultExpiryThreshold: '-1',
      defaultValidDaysAdd: '1825',
      sessionTimeout: '600000',
      sessionValidPeriod: '3600000',
      onlyIndirect: 'false',
      levelOfAssurance: 'urn:hidaaas:policy:at_stdpwd',
    })
    const extension = policy[PASSWORD_EXTENSION]
    expect(extension.disableThreshold).toBe('8')
    expect(extension.passwordpolicy).toMatchObject({ minLength: '8', maxLength: '100', notBlackListed: true })
    expect(extension.passwordPolicy).toEqual(extension.passwordpolicy)
    expect(JSON.stringify({ ...policy, meta: undefined })).not.toMatch(/":-?[0-9]/)
  })

  test('G5: an OTP policy shows its threshold in the credential extension', async () => {
    const policy = await get(POLICY, {}, 'AT_OTP')
    expect(policy).toMatchObject({ challengeDisableThreshold: '8', challengeTimeoutPeriod: '300' })
    expect(policy['urn:hid:scim:api:idp:2.0:policy:authenticator:Credential']).toEqual({ disableThreshold: '8' })
    expect(policy[PASSWORD_EXTENSION]).toBeUndefined()
  })

  test('a device type names its credential type and describes its token', async () => {
    expect(await get(DEVICE_TYPE, {}, 'DT_POCK_OC')).toEqual({
      schemas: ['urn:hid:scim:api:idp:2.0:device:Type', 'urn:hid:scim:api:idp:2.0:device:type:Token'],
      id: 'DT_POCK_OC',
      name: 'Pocket Token, OATH challenge, 8 digits',
      readOnly: true,
      meta: {
        resourceType: 'DeviceType',
        location: 'https://auth.example.org/configuration/t1acme/v2/Device/Type/DT_POCK_OC',
        version: 1,
      },
      manufacturer: 'HID Global',
      defaultCredentialTypeCode: 'CT_AIOCRA8',
      allowedCredentialTypes: ['CT_AIOCRA8'],
      maximumDevicePerUser: -1,
      'urn:hid:scim:api:idp:2.0:device:type:Token': {
        deviceFormFactor: 'TOKEN',
        supportedAuthenticationMethod: 'ASYNCHRONOUS',
        challengeLength: 8,
        syncAuthenticationCodeLength: -1,
        asyncAuthenticationCodeLength: 8,
        supportsUnlock: false,
        unlockChallengeLength: -1,
        supportsSynch: 'NOT_SUPPORTED',
      },
    })
  })

  test('a credential type shows its algorithm in our OATH extension', async () => {
    const oath = 'urn:hid:scim:api:idp:2.0:credential:type:OATH'
    expect((await get(CREDENTIAL_TYPE, {}, 'CT_AIOT'))[oath]).toEqual({
      algorithm: 'TOTP-SHA1',
      otpLength: 6,
      timeStep: 30,
      synchWindow: 2,
      resynchWindow: 40,
    })
    expect((await get(CREDENTIAL_TYPE, {}, 'CT_AITDS8'))[oath]).toMatchObject({
      algorithm: 'OCRA',
      otpLength: 8,
      timeStep: 0,
      ocraSuite: 'OCRA-1:HOTP-SHA1-8:QA64',
      signatureSeparator: '*',
    })
    const event = await get(CREDENTIAL_TYPE, {}, 'CT_AIOE')
    expect(event.meta.resourceType).toBe('Credential')
    expect(event[oath]).toMatchObject({ algorithm: 'HOTP-SHA1', timeStep: 0, synchWindow: 20 })
  })

  test.each([
    [POLICY, stock.policies.length],
    [DEVICE_TYPE, stock.deviceTypes.length],
    [CREDENTIAL_TYPE, stock.credentialTypes.length],
  ])('G1: %s lists all in lower-case resources, by code', async (path, total) => {
    const list = await get(path)
    expect(list.schemas).toEqual(['urn:ietf:params:scim:api:messages:2.0:ListResponse'])
    expect(list.totalResults).toBe(total)
    const codes = list.resources.map((one: Wire) => one.id)
    expect(codes).toHaveLength(total)
    expect(codes).toEqual([...codes].sort())
    expect(list.Resources).toBeUndefined()
  })

  test('startIndex counts from 0, count cuts, totalResults counts all', async () => {
    const all = await get(POLICY)
    const some = await get(POLICY, { startIndex: '1', count: ' 2' })
    expect(some.totalResults).toBe(all.totalResults)
    expect(some.resources).toEqual(all.resources.slice(1, 3))
    expect((await get(POLICY, { count: '0' })).resources).toEqual([])
    expect((await get(POLICY, { startIndex: '99999999999999999999' })).resources).toEqual([])
  })

  test('attributes and excludedAttributes choose members, in lists too', async () => {
    const chosen = await get(POLICY, { attributes: `NAME, meta.location,${PASSWORD_EXTENSION}` }, 'AT_STDPWD')
    expect(Object.keys(chosen).sort()).toEqual(['id', 'meta', 'name', 'schemas', PASSWORD_EXTENSION].sort())
    const without = await get(DEVICE_TYPE, { excludedAttributes: 'adapterParameters,manufacturer,id' })
    expect(without.resources[0]).toHaveProperty('id')
    expect(without.resources[0]).not.toHaveProperty('manufacturer')
    expect(without.resources[0]).toHaveProperty('defaultCredentialTypeCode')
    expect(await refusalOf(get(POLICY, { attributes: 'name', excludedAttributes: 'meta' }))).toBe('invalid_value')
  })

  test('A4: unknown names are refused wherever a name can stand; documented ones choose nothing', async () => {
    for (const wrong of ['nonsense', 'meta.nonsense', `${PASSWORD_EXTENSION}:nonsense`, '__proto__', 'constructor']) {
      expect(await refusalOf(get(POLICY, { attributes: `id,${wrong}` }))).toBe('invalid_path')
      expect(await refusalOf(get(POLICY, { excludedAttributes: wrong }, 'AT_OTP'))).toBe('invalid_path')
      expect(await refusalOf(get(POLICY, { sortBy: wrong }))).toBe('invalid_path')
    }
    for (const path of [POLICY, DEVICE_TYPE, CREDENTIAL_TYPE]) {
      const list = await get(path, { excludedAttributes: 'adapterParameters, adapterCode' })
      expect(list.resources).toEqual((await get(path)).resources)
    }
    const nested = await get(POLICY, { attributes: `${PASSWORD_EXTENSION}:passwordPolicy.minLength` }, 'AT_STDPWD')
    expect(Object.keys(nested).sort()).toEqual(['id', 'schemas', PASSWORD_EXTENSION].sort())
  })

  test('A4: what selects a tenant or a user is refused, other unknown parameters are not looked at', async () => {
    for (const name of ['tenant', 'TenantId', 'user', 'userId', 'realm', 'organization']) {
      expect(await refusalOf(get(POLICY, { [name]: 'x' }))).toBe('invalid_value')
      expect(await refusalOf(get(POLICY, { [name]: 'x' }, 'AT_OTP'))).toBe('invalid_value')
    }
    expect(await get(POLICY, { 'api-version': '10', unheard: 'of' })).toEqual(await get(POLICY))
  })

  test('sorted by code or name, either way; parameters are named in any case', async () => {
    const codes = async (query: object) => (await get(DEVICE_TYPE, query)).resources.map((one: Wire) => one.id)
    const usual = await codes({})
    expect(await codes({ sortBy: 'id' })).toEqual(usual)
    expect(await codes({ SORTBY: 'ID', sortOrder: 'descending' })).toEqual([...usual].reverse())
    const names = (await get(DEVICE_TYPE, { sortBy: 'name' })).resources.map((one: Wire) => one.name)
    expect(names).toEqual([...names].sort())
    expect(await refusalOf(get(DEVICE_TYPE, { sortOrder: 'upwards' }))).toBe('invalid_value')
    expect(await refusalOf(get(DEVICE_TYPE, { COUNT: 'many' }))).toBe('invalid_value')
    expect(await refusalOf(get(DEVICE_TYPE, { FILTER: 'id pr' }))).toBe('invalid_filter')
    expect(await refusalOf(get(DEVICE_TYPE, { count: '1', Count: '2' }))).toBe('invalid_request')
  })

  test('a filter is refused, not ignored', async () => {
    expect(await refusalOf(get(POLICY, { filter: 'id eq AT_OTP' }))).toBe('invalid_filter')
  })

  test('unknown codes are not found, those of unpublished algorithms are refused as absent', async () => {
    expect(await refusalOf(get(DEVICE_TYPE, {}, 'DT_NOBODY'))).toBe('not_found')
    expect(await refusalOf(get(DEVICE_TYPE, {}, 'DT_POCK_AT'))).toBe('algorithm_absent')
    expect(await refusalOf(get(POLICY, {}, '__proto__'))).toBe('not_found')
  })

  test("a tenant's own document stands in the place of a stock one and beside the others", async () => {
    const own = { ...stock.credentialTypes[0]!, code: 'CT_ACME', name: 'Acme', readOnly: false }
    const changed = { ...own, code: 'CT_AIOT' }
    const list = await get(CREDENTIAL_TYPE, {}, undefined, { credentialTypes: [own, changed] })
    expect(list.totalResults).toBe(stock.credentialTypes.length + 1)
    const one = await get(CREDENTIAL_TYPE, {}, 'CT_AIOT', { credentialTypes: [own, changed] })
    expect(one).toMatchObject({ name: 'Acme', readOnly: false })
  })
})
