import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  api,
  clientToken,
  engineNames,
  giveAuthenticator,
  giveToken,
  makeUser,
  otp,
  type Reply,
  scim,
  send,
  startWorld,
  type World,
} from '../world.ts'

const NOUNS = ['Users', 'Device', 'Authenticator', 'Credential'] as const
const URN = 'urn:hid:scim:api:idp:2.0'
const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error'
const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse'

describe.each(engineNames)('on %s', engine => {
  let world: World
  let bearer: string
  let tenant: string
  let ids: Readonly<Record<(typeof NOUNS)[number], string>>
  let owner: { id: string; name: string }
  beforeAll(async () => {
    world = await startWorld(engine)
    bearer = await clientToken(world)
    tenant = world.demo.tenant
    owner = await makeUser(world, bearer)
    await giveAuthenticator(world, bearer, owner.id)
    const held = await giveToken(world, bearer, owner.id)
    const { body } = await scim(world, bearer, 'GET', `/Device/${held.deviceId}`)
    ids = {
      Users: owner.id,
      Device: held.deviceId,
      Authenticator: `${owner.id}.AT_OTP`,
      Credential: body.children[0].value,
    }
  })
  afterAll(() => world.close())

  const call = (method: string, path: string, body?: unknown) => api(world, bearer, method, path, body)
  const written = (path: string, method: string, body: string, type?: string) =>
    send(world.base + path, {
      method,
      headers: { authorization: `Bearer ${bearer}`, ...(type === undefined ? {} : { 'content-type': type }) },
      body: Buffer.from(body),
    })

  test.each(NOUNS)(
    'G1: %s: resources in lower case, exact totals, addresses that can be fetched as they are',
    async noun => {
      const none = (
        await scim(world, bearer, 'POST', `/${noun}/.search`, {
          filter: noun === 'Authenticator' ? 'owner eq 99999999' : 'id eq 99999999',
        })
      ).body
      expect(none).toMatchObject({ schemas: [LIST], totalResults: 0, resources: [] })
      expect(none).not.toHaveProperty('Resources')
      const { body } = await scim(world, bearer, 'GET', `/${noun}/${ids[noun]}`)
      const addresses = [
        body.meta.location,
        ...[...JSON.stringify(body).matchAll(/"\$ref":"([^"]+)"/g)].map(([, address]) => address as string),
      ]
      for (const address of addresses) {
        expect(address).toMatch(/^http:\/\/localhost:\d+\//)
        const fetched = await send(address, { headers: { authorization: `Bearer ${bearer}` } })
        expect([address, fetched.status]).toEqual([address, 200])
      }
      expect(body.meta).toEqual({
        resourceType: { Users: 'User', Device: 'Device', Authenticator: 'Authenticator', Credential: 'Credential' }[
          noun
        ],
        created: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        location: expect.stringContaining(`/scim/${tenant}/v2/${noun}/${ids[noun]}`),
        version: expect.stringMatching(/^\d+$/),
      })
      expect(typeof body.id).toBe('string')
    },
  )

  test('G1: a list shows what the resource itself shows; only of a device it leaves out the version', async () => {
    for (const noun of NOUNS) {
      const { body } = await scim(world, bearer, 'POST', `/${noun}/.search`, { filter: `id eq ${ids[noun]}` })
      const own = (await scim(world, bearer, 'GET', `/${noun}/${ids[noun]}`)).body
      const { version, ...meta } = own.meta
      expect(body.resources[0]).toEqual(noun === 'Device' ? { ...own, meta } : own)
      expect(version).toMatch(/^\d+$/)
    }
  })

  test('G3: a user shows his extensions, empty or not, and what was asked for', async () => {
    const bare = await makeUser(world, bearer)
    for (const query of ['', `?attributes=id,${URN}:UserAuthenticator,${URN}:UserAttribute`]) {
      const { body } = await scim(world, bearer, 'GET', `/Users/${bare.id}${query}`)
      expect(body[`${URN}:UserAuthenticator`]).toEqual({ authenticators: [] })
      expect(Array.isArray(body[`${URN}:UserAttribute`].attributes)).toBe(true)
    }
    const { body } = await scim(world, bearer, 'GET', `/Users/${owner.id}`)
    expect(body[`${URN}:UserAuthenticator`].authenticators).toEqual([
      { type: 'Authenticator', display: 'AT_OTP', value: `${owner.id}.AT_OTP`, $ref: expect.any(String) },
    ])
  })

  test('G4: counters are strings', async () => {
    const user = await makeUser(world, bearer)
    await giveAuthenticator(world, bearer, user.id)
    await otp(world, bearer, user.name, '000000')
    const { body } = await scim(world, bearer, 'GET', `/Authenticator/${user.id}.AT_OTP`)
    for (const name of [
      'consecutiveFailed',
      'consecutiveSuccess',
      'totalFailed',
      'totalSuccess',
      'challengeCount',
      'maximumNumberOfUsages',
    ]) {
      expect([name, body.statistics[name]]).toEqual([name, expect.stringMatching(/^-?\d+$/)])
    }
    expect(body.statistics).toMatchObject({ consecutiveFailed: '1', totalFailed: '1', totalSuccess: '0' })
  })

  test.each<[number, string, () => Promise<Reply>]>([
    [400, 'invalidFilter', () => scim(world, bearer, 'POST', '/Users/.search', { filter: '(' })],
    [400, 'invalidSyntax', () => written(`/scim/${tenant}/v2/Users`, 'POST', '{')],
    [400, 'invalidValue', () => scim(world, bearer, 'POST', '/Users', {})],
    [401, 'invalidToken', () => send(`${world.base}/scim/${tenant}/v2/Users`)],
    [404, 'notFound', () => scim(world, bearer, 'GET', '/Users/99999999')],
    [404, 'notFound', () => scim(world, bearer, 'GET', '/Nothing')],
    [405, 'methodNotAllowed', () => scim(world, bearer, 'PATCH', `/Users/${owner.id}`, {})],
    [409, 'uniqueness', () => scim(world, bearer, 'POST', '/Users', { userName: owner.name })],
    [
      409,
      'versionMismatch',
      () => scim(world, bearer, 'PUT', `/Users/${owner.id}`, { title: 'x', meta: { version: '999' } }),
    ],
  ])('G4: an error of %i has all its members: %s', async (status, scimType, cause) => {
    const { body, headers, status: said } = await cause()
    expect([said, headers.get('content-type')]).toEqual([status, 'application/scim+json;charset=utf-8'])
    expect(body).toEqual({
      schemas: [ERROR],
      status: String(status),
      scimType,
      errorCode: expect.any(Number),
      detail: expect.stringMatching(/\S/),
    })
  })

  test('G4: an unknown role is 1292', async () => {
    const { status, body } = await scim(world, bearer, 'PUT', `/Users/${owner.id}`, { roles: [{ value: 'RL_NONE' }] })
    expect([status, body.scimType, body.errorCode]).toEqual([400, 'invalidValue', 1292])
  })

  test.each(['AT_STDPWD', 'AT_OTP'])(
    'G5: %s: thresholds and rules in each place where a client looks; numbers are strings',
    async code => {
      const { body } = await call('GET', `/configuration/${tenant}/v2/Policy/Authenticator/${code}`)
      const kind = code === 'AT_STDPWD' ? 'Password' : 'Credential'
      expect([body.disableThreshold, body[`${URN}:policy:authenticator:${kind}`].disableThreshold]).toEqual(['8', '8'])
      if (kind === 'Password') {
        const { passwordPolicy, passwordpolicy } = body[`${URN}:policy:authenticator:Password`]
        expect(passwordPolicy).toMatchObject({ minLength: '8', maxLength: '100' })
        expect(passwordpolicy).toEqual(passwordPolicy)
      }
      for (const [name, value] of Object.entries(body)) expect([name, typeof value]).not.toEqual([name, 'number'])
    },
  )
})
