/** `…/Application/CardAuth`: made in both shapes of the reference, with what follows from one; its key is shown to nobody. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { api, clientToken, engineNames, startWorld, type World } from '../world.ts'
import { MASTER_KEY } from './people.ts'

const SCHEMA = 'urn:hid:scim:api:idp:2.0:application:CardAuth'

describe.each(engineNames)('card applications on %s', engine => {
  let world: World
  let bearer: string
  let base: string

  beforeAll(async () => {
    world = await startWorld(engine)
    bearer = await clientToken(world)
    base = `/configuration/${world.demo.tenant}/v2`
  })
  afterAll(() => world.close())

  const call = (method: string, path: string, body?: object) => api(world, bearer, method, `${base}/${path}`, body)
  const post = (body: object) => call('POST', 'Application/CardAuth', { schemas: [SCHEMA], ...body })

  it('the newer shape: what follows from it is there, and goes with it', async () => {
    const made = await post({
      id: 'APP_NEW',
      name: 'Badges',
      notes: 'of the house',
      type: ['MIFARE Classic', 'Seos'],
      deviceType: { devicetypeId: 'APP_NEW_DT_CARD', name: 'Badge', notes: 'blue', maximumDevicePerUser: 2 },
      authenticatorPolicy: {
        authenticatorPolicyId: 'APP_NEW_AT_CARD',
        disableThreshold: 5,
        defaultExpiryThreshold: -1,
        sessionTimeout: 60_000,
        sessionValidPeriod: 600_000,
        disabledTimeReset: 60,
        levelOfAssurance: 'urn:example:high',
      },
    })
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({
      schemas: [SCHEMA],
      id: 'APP_NEW',
      type: ['MIFARE Classic', 'Seos'],
      deviceType: { devicetypeId: 'APP_NEW_DT_CARD', id: 'APP_NEW_DT_CARD', name: 'Badge', maximumDevicePerUser: 2 },
      credentialType: { id: 'APP_NEW_CT_CARD' },
      // A level of one's own is for cards that prove something.
      authenticatorPolicy: { disableThreshold: 5, levelOfAssurance: 'urn:hidaaas:policy:app_new_at_card' },
      meta: { resourceType: 'Card Auth Application', version: 1 },
    })
    const policy = await call('GET', 'Policy/Authenticator/APP_NEW_AT_CARD')
    expect(policy.body).toMatchObject({
      id: 'APP_NEW_AT_CARD',
      readOnly: true,
      disableThreshold: '5',
      sessionTimeout: '60000',
    })
    const type = await call('GET', 'Device/Type/APP_NEW_DT_CARD')
    expect(type.body).toMatchObject({
      name: 'Badge',
      defaultCredentialTypeCode: 'APP_NEW_CT_CARD',
      maximumDevicePerUser: 2,
    })
    expect((await call('GET', 'Credential/Type/APP_NEW_CT_CARD')).status).toBe(200)
    const listed = await call('GET', 'Application/CardAuth')
    expect(listed.body.resources.map(({ id }: { id: string }) => id)).toContain('APP_NEW')
    expect((await call('GET', 'Application/CardAuth/APP_NEW')).body).toEqual(made.body)
    expect((await post({ id: 'APP_NEW', type: ['Seos'] })).status).toBe(409)
    expect((await call('DELETE', 'Policy/Authenticator/APP_NEW_AT_CARD')).status).toBe(400)
    expect((await call('PUT', 'Application/CardAuth/APP_NEW', { name: 'x' })).status).toBe(405)
    expect((await call('DELETE', 'Application/CardAuth/APP_NEW')).status).toBe(204)
    for (const path of [
      'Application/CardAuth/APP_NEW',
      'Policy/Authenticator/APP_NEW_AT_CARD',
      'Device/Type/APP_NEW_DT_CARD',
      'Credential/Type/APP_NEW_CT_CARD',
    ])
      expect([path, (await call('GET', path)).status]).toEqual([path, 404])
  })

  it('the older shape', async () => {
    const made = await post({
      id: 'APP_OLD',
      name: 'Old',
      type: 'Seos',
      credentialType: { id: 'CT_CARD' },
      deviceType: { id: 'DT_CARD', maximumDevicePerUser: '3' },
      authenticatorPolicy: { id: 'AT_CARD', disableThreshold: '7' },
    })
    expect([made.status, made.text]).toEqual([201, expect.anything()])
    expect(made.body).toMatchObject({
      type: ['Seos'],
      deviceType: { maximumDevicePerUser: 3 },
      authenticatorPolicy: { disableThreshold: 7 },
    })
  })

  it('a proof by master key: taken, told, and shown to nobody', async () => {
    const made = await post({ id: 'APP_MAC', type: ['Seos'], proof: { type: 'cmac', masterKey: MASTER_KEY } })
    expect([made.status, made.body.proof]).toEqual([201, { type: 'cmac' }])
    const seen = [made, await call('GET', 'Application/CardAuth/APP_MAC'), await call('GET', 'Application/CardAuth')]
    for (const { text } of seen) expect(text.toLowerCase()).not.toContain(MASTER_KEY)
    const level = { levelOfAssurance: 'urn:example:high' }
    const signing = await post({ id: 'APP_SIG', type: ['Seos'], proof: { type: 'ecdsa' }, authenticatorPolicy: level })
    expect(signing.body).toMatchObject({ proof: { type: 'ecdsa' }, authenticatorPolicy: level })
  })

  it.each([
    ['without an id', { type: ['Seos'] }],
    ['an id of small letters', { id: 'app', type: ['Seos'] }],
    ['without a make', { id: 'APP_X' }],
    ['an empty list of makes', { id: 'APP_X', type: [] }],
    ['cmac without a key', { id: 'APP_X', type: ['Seos'], proof: { type: 'cmac' } }],
    ['ecdsa with a key', { id: 'APP_X', type: ['Seos'], proof: { type: 'ecdsa', masterKey: MASTER_KEY } }],
    ['a key of another length', { id: 'APP_X', type: ['Seos'], proof: { type: 'cmac', masterKey: 'AA' } }],
    ['a proof of our own making', { id: 'APP_X', type: ['Seos'], proof: { type: 'rot13' } }],
    ['no end to failures', { id: 'APP_X', type: ['Seos'], authenticatorPolicy: { disableThreshold: -1 } }],
    ['no number', { id: 'APP_X', type: ['Seos'], deviceType: { maximumDevicePerUser: 'many' } }],
    ['no devices', { id: 'APP_X', type: ['Seos'], deviceType: { maximumDevicePerUser: 0 } }],
  ])('%s is refused', async (_, body) => {
    expect((await post(body)).status).toBe(400)
    expect((await call('GET', 'Application/CardAuth/APP_X')).status).toBe(404)
  })

  it('the policy that workflows name for any card is there', async () => {
    expect((await call('GET', 'Policy/Authenticator/AT_CARD')).body).toMatchObject({ id: 'AT_CARD', readOnly: true })
  })

  it('codes that follow must be free', async () => {
    const clone = { copyFrom: 'AT_STDPWD', id: 'AT_TAKEN', name: 'x' }
    expect((await call('POST', 'Policy/Authenticator', clone)).status).toBe(201)
    expect((await call('POST', 'Credential/Type', { copyFrom: 'APP_MAC_CT_CARD', id: 'CT_COPY' })).status).toBe(400)
  })
})
