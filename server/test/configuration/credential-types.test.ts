/** Credential types and push gateways of a tenant's own: what their keys serve stays, the first status is the positive one. */
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { api, clientToken, engineNames, giveToken, makeUser, startWorld, type World } from '../world.ts'

const PUSH = 'urn:hid:scim:api:idp:2.0:credential:type:Push'
const OATH = 'urn:hid:scim:api:idp:2.0:credential:type:OATH'
const APP = 'urn:hid:scim:api:idp:2.0:device:type:Push'

describe.each(engineNames)('on %s', engine => {
  let world: World
  let bearer: string
  beforeAll(async () => {
    world = await startWorld(engine)
    bearer = await clientToken(world)
  })
  afterAll(() => world.close())

  const base = () => `/configuration/${world.demo.tenant}/v2`
  const type = (method: string, code: string, body?: unknown) =>
    api(world, bearer, method, `${base()}/Credential/Type${code && `/${code}`}`, body)
  const gateway = (method: string, code: string, body?: unknown) =>
    api(world, bearer, method, `${base()}/DeliveryGateway/Push${code && `/${code}`}`, body)
  const fresh = () => `CT_${randomBytes(4).toString('hex').toUpperCase()}`

  test('a key with statuses of its own, used by an app of its own', async () => {
    const id = fresh()
    const made = await type('POST', '', { copyFrom: 'CT_TDSV4', id, [PUSH]: { statuses: 'yes|no|fraud' } })
    expect([made.status, made.body[PUSH]]).toEqual([
      201,
      { algorithm: 'RS512', use: 'action', statuses: 'yes|no|fraud' },
    ])
    const app = `DT_${id.slice(3)}`
    const credentialTypes = { transport: 'CT_SMK4', logon: 'CT_PASAV4', action: id }
    const path = `${base()}/Device/Type`
    expect(
      (await api(world, bearer, 'POST', path, { id: app, [APP]: { credentialTypes, serviceName: 'x' } })).status,
    ).toBe(201)
    const held = await type('DELETE', id)
    expect([held.status, held.body.detail]).toEqual([400, `The device type ${app} uses it.`])
    expect((await type('PUT', id, { [PUSH]: { use: 'logon' } })).body.scimType).toBe('mutability')
    expect((await type('PUT', id, { [PUSH]: { statuses: 'ok|no' } })).body.meta.version).toBe(2)
    expect((await api(world, bearer, 'DELETE', `${path}/${app}`)).status).toBe(204)
    expect((await type('DELETE', id)).status).toBe(204)
  })

  test('stock types show their extensions', async () => {
    expect((await type('GET', 'CT_PASAV4')).body[PUSH]).toMatchObject({ use: 'logon', statuses: 'accept|deny|report' })
    expect((await type('GET', 'CT_SMK4')).body[PUSH]).toEqual({ algorithm: 'ES256', use: 'transport' })
    expect((await type('GET', 'CT_TDSOATCR')).body[OATH]).toMatchObject({ algorithm: 'OCRA', challengeLength: 6 })
    for (const method of ['PUT', 'DELETE']) {
      expect((await type(method, 'CT_PASAV4', method === 'PUT' ? {} : undefined)).body.scimType).toBe('mutability')
    }
  })

  test.each<[string, object, object]>([
    ['time', { algorithm: 'TOTP-SHA256', otpLength: 8, timeStep: 60 }, { timeStep: 60, synchWindow: 2 }],
    ['event', { algorithm: 'HOTP-SHA1', otpLength: 6 }, { timeStep: 0 }],
    ['challenge', { algorithm: 'OCRA', ocraSuite: 'OCRA-1:HOTP-SHA256-8:QN08' }, { otpLength: 8, timeStep: 0 }],
    [
      'signature',
      { algorithm: 'OCRA', ocraSuite: 'OCRA-1:HOTP-SHA1-8:QA64-T30S', signatureSeparator: '*' },
      { otpLength: 8, timeStep: 30, signatureSeparator: '*' },
    ],
  ])('OATH from nothing: %s', async (_, oath, shown) => {
    const id = fresh()
    const { status, body } = await type('POST', '', { id, [OATH]: oath })
    expect([status, body[OATH]]).toEqual([201, expect.objectContaining({ ...oath, ...shown })])
    expect((await type('PUT', id, body)).status).toBe(200)
  })

  test('tolerances change while keys are about, arithmetic does not', async () => {
    const id = fresh()
    const device = `DT_${id.slice(3)}`
    await type('POST', '', { copyFrom: 'CT_AIOT', id })
    const made = await api(world, bearer, 'POST', `${base()}/Device/Type`, {
      copyFrom: 'DT_POCK_OT',
      id: device,
      allowedCredentialTypes: [id],
      defaultCredentialTypeCode: id,
    })
    expect(made.status).toBe(201)
    const user = await makeUser(world, bearer)
    await giveToken(world, bearer, user.id, device)
    expect((await type('PUT', id, { [OATH]: { synchWindow: 3 } })).status).toBe(200)
    expect((await type('PUT', id, { [OATH]: { otpLength: 8 } })).body.scimType).toBe('mutability')
    expect((await type('DELETE', id)).body.detail).toBe('The credential type is in use.')
  })

  const push = { algorithm: 'ES256', use: 'action' }
  test.each<[string, object]>([
    ['nothing at all', {}],
    ['both extensions', { [PUSH]: { ...push, statuses: 'a|b' }, [OATH]: { algorithm: 'HOTP-SHA1', otpLength: 6 } }],
    ['no statuses', { [PUSH]: push }],
    ['one status', { [PUSH]: { ...push, statuses: 'accept' } }],
    ['nine statuses', { [PUSH]: { ...push, statuses: 'a|b|c|d|e|f|g|h|i' } }],
    ['a status twice', { [PUSH]: { ...push, statuses: 'a|a' } }],
    ['an empty status', { [PUSH]: { ...push, statuses: 'a||b' } }],
    ['a status with blanks', { [PUSH]: { ...push, statuses: 'a b|c' } }],
    ['a long status', { [PUSH]: { ...push, statuses: `${'a'.repeat(33)}|b` } }],
    ['C4: deny as the positive one', { [PUSH]: { ...push, statuses: 'deny|accept' } }],
    ['C4: report as the positive one', { [PUSH]: { ...push, statuses: 'report|deny' } }],
    ['C4: accept as a negative one', { [PUSH]: { ...push, statuses: 'yes|accept' } }],
    ['a transport key with statuses', { [PUSH]: { use: 'transport', algorithm: 'ES256', statuses: 'a|b' } }],
    ['a transport key by RSA', { [PUSH]: { use: 'transport', algorithm: 'RS512' } }],
    ['another algorithm', { [PUSH]: { ...push, algorithm: 'none', statuses: 'a|b' } }],
    ['another use', { [PUSH]: { ...push, use: 'all', statuses: 'a|b' } }],
    ['five digits', { [OATH]: { algorithm: 'HOTP-SHA1', otpLength: 5 } }],
    ['MD5', { [OATH]: { algorithm: 'HOTP-MD5', otpLength: 6 } }],
    ['an event with a step', { [OATH]: { algorithm: 'HOTP-SHA1', otpLength: 6, timeStep: 30 } }],
    ['a step of a day', { [OATH]: { algorithm: 'TOTP-SHA1', otpLength: 6, timeStep: 86_400 } }],
    ['a wide window', { [OATH]: { algorithm: 'TOTP-SHA1', otpLength: 6, synchWindow: 100 } }],
    [
      'a time code with a suite',
      { [OATH]: { algorithm: 'TOTP-SHA1', otpLength: 6, ocraSuite: 'OCRA-1:HOTP-SHA1-6:QN08' } },
    ],
    ['no suite', { [OATH]: { algorithm: 'OCRA' } }],
    ['a suite with a PIN', { [OATH]: { algorithm: 'OCRA', ocraSuite: 'OCRA-1:HOTP-SHA1-6:QN08-PSHA1' } }],
    ['a suite without digits', { [OATH]: { algorithm: 'OCRA', ocraSuite: 'OCRA-1:HOTP-SHA1-0:QN08' } }],
    [
      'a signature of numbers',
      { [OATH]: { algorithm: 'OCRA', ocraSuite: 'OCRA-1:HOTP-SHA1-8:QN08', signatureSeparator: '*' } },
    ],
    [
      'a challenge longer than the suite takes',
      { [OATH]: { algorithm: 'OCRA', ocraSuite: 'OCRA-1:HOTP-SHA1-6:QN06', challengeLength: 8 } },
    ],
    ['a separator that is a letter', { copyFrom: 'CT_AITDS8', [OATH]: { signatureSeparator: 'a' } }],
    ['the invite code', { copyFrom: 'CT_TDSOOB' }],
  ])('refused: %s', async (_, more) => {
    const id = fresh()
    const { status, body } = await type('POST', '', { id, ...more })
    expect([status, body.scimType]).toEqual([400, 'invalidValue'])
    expect((await type('GET', id)).status).toBe(404)
  })

  test('a stock gateway is covered, and comes back', async () => {
    const stock = await gateway('GET', 'WebPush')
    expect(stock.body).toMatchObject({
      id: 'WebPush',
      type: 'WEB_PUSH',
      enabled: true,
      readOnly: true,
      timeToLive: 120,
    })
    expect((await gateway('DELETE', 'WebPush')).body.scimType).toBe('mutability')
    const second = await gateway('POST', '', { id: 'Second' })
    expect(second.body.detail).toContain('WebPush is enabled')
    const covered = await gateway('PUT', 'WebPush', { enabled: false, contact: 'mailto:ops@acme.example' })
    expect([covered.status, covered.body.enabled, covered.body.readOnly]).toEqual([200, false, false])
    expect((await gateway('POST', '', { id: 'Second', timeToLive: 0 })).status).toBe(201)
    expect((await gateway('PUT', 'WebPush', { enabled: true })).status).toBe(400)
    // It would come back enabled.
    expect((await gateway('DELETE', 'WebPush')).status).toBe(400)
    expect((await gateway('DELETE', 'Second')).status).toBe(204)
    expect((await gateway('DELETE', 'WebPush')).status).toBe(204)
    expect((await gateway('GET', 'WebPush')).body).toEqual(stock.body)
  })

  test.each<[string, object]>([
    ['another type', { type: 'AZURE_APNS_PUSH' }],
    ['a key', { vapidPrivateKey: 'x' }],
    ['a hub', { hub: 'https://10.0.0.1/' }],
    ['a contact that is a script', { contact: 'javascript:alert(1)' }],
    ['a contact without TLS', { contact: 'http://acme.example/' }],
    ['a long life', { timeToLive: 100_000 }],
    ['an id with a path', { id: '../x' }],
  ])('a gateway is refused: %s', async (_, more) => {
    const { status } = await gateway('POST', '', { id: 'Mine', enabled: false, ...more })
    expect(status).toBe(400)
    expect((await gateway('GET', 'Mine')).status).toBe(404)
  })
})
