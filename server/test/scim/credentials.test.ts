/** Credentials over a whole server, on SQLite and PostgreSQL: shown without secret, given a status, removed. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  basic,
  clientToken,
  engineNames,
  giveAuthenticator,
  giveToken,
  hotpOf,
  makeUser,
  otp,
  scim,
  startWorld,
  token,
  type World,
} from '../world.ts'

describe.each(engineNames)('on %s', engine => {
  let world: World
  let bearer: string
  const call = (method: string, path: string, body?: unknown, by = bearer) => scim(world, by, method, path, body)

  async function asRole(role: string): Promise<string> {
    const tenant = await world.office.directory.find(world.demo.tenant)
    const { clientId, secret } = await world.office.clients.register(tenant!, { name: role, role, scopes: ['openid'] })
    const reply = await token(world, { grant_type: 'client_credentials' }, { authorization: basic(clientId, secret) })
    return reply.body.access_token
  }

  /** A user with a token: their names, the seed, and the id of the key. */
  async function held(type = 'DT_POCK_OE') {
    const user = await makeUser(world, bearer)
    await giveAuthenticator(world, bearer, user.id)
    const device = await giveToken(world, bearer, user.id, type)
    const { children } = (await call('GET', `/Device/${device.deviceId}`)).body
    return { user, ...device, key: children[0].value as string }
  }

  beforeAll(async () => {
    world = await startWorld(engine)
    bearer = await clientToken(world)
  })
  afterAll(() => world.close())

  test('A2: what is shown is that it is there, and nothing of its secret', async () => {
    const { key, deviceId, externalId, seed } = await held()
    const shown = await call('GET', `/Credential/${key}`)
    expect(shown.status).toBe(200)
    expect(shown.headers.get('etag')).toBe('W/"1"')
    expect(shown.body).toEqual({
      schemas: ['urn:hid:scim:api:idp:2.0:Credential'],
      id: key,
      externalId: `${externalId}CT_AIOE`,
      meta: expect.objectContaining({ resourceType: 'Credential', version: '1' }),
      type: 'CT_AIOE',
      status: { status: 'ACTIVE', active: true, startDate: expect.any(String) },
      device: expect.objectContaining({ type: 'Device', display: externalId, value: deviceId }),
      attributes: [],
    })
    const answers = [shown.text]
    const searches = [
      `externalId eq ${externalId}CT_AIOE`,
      `device.value eq ${deviceId}`,
      `externalId sw ${externalId}`,
    ]
    for (const filter of searches) {
      const found = await call('POST', '/Credential/.search', { filter })
      expect(found.body.resources.map(({ id }: { id: string }) => id)).toEqual([key])
      answers.push(found.text)
    }
    answers.push((await call('GET', '/Credential?count=100')).text)
    for (const form of ['hex', 'base64', 'base64url'] as const) {
      expect(answers.join()).not.toContain(seed.toString(form).replace(/=+$/, ''))
    }
    expect((await call('GET', '/Credential?attributes=secret')).status).toBe(400)
    expect((await call('GET', '/Credential?filter=secret%20pr')).status).toBe(400)
  })

  test('a suspended key proves nothing, though its device is active', async () => {
    const { key, user, seed } = await held()
    const put = (body: object) => call('PUT', `/Credential/${key}`, body)
    expect((await put({ status: { status: 'suspended' } })).body).toMatchObject({
      status: { status: 'SUSPENDED', active: false },
      meta: { version: '2' },
    })
    expect((await otp(world, bearer, user.name, hotpOf(seed, 0))).status).toBe(400)
    const window = { startDate: '2020-01-01T00:00:00Z', expiryDate: '2035-01-01T00:00:00Z' }
    const back = await put({ status: { status: 'ACTIVE', ...window }, meta: { version: 2 } })
    expect(back.body.status).toEqual({ status: 'ACTIVE', active: true, ...window })
    expect((await otp(world, bearer, user.name, hotpOf(seed, 0))).status).toBe(200)
    expect((await put({ status: { status: 'PENDING' } })).body.errorCode).toBe(1001)
    expect((await put({ status: { expiryDate: '2019-01-01T00:00:00Z' } })).body.errorCode).toBe(1007)
    expect((await put({ status: { status: 'ACTIVE' }, meta: { version: 2 } })).status).toBe(409)
    expect((await put({ id: '1', status: { status: 'ACTIVE' } })).status).toBe(400)
    expect((await put({})).body.meta.version).toBe('3')
  })

  test('DELETE takes the key out of its device; nothing makes one', async () => {
    const { key, deviceId, user, seed } = await held()
    expect((await call('DELETE', `/Credential/${key}`)).status).toBe(204)
    expect((await call('DELETE', `/Credential/${key}`)).status).toBe(404)
    expect((await call('GET', `/Device/${deviceId}`)).body.children).toEqual([])
    expect((await otp(world, bearer, user.name, hotpOf(seed, 0))).status).toBe(400)
    expect((await call('POST', '/Credential', { type: 'CT_AIOE' })).status).toBe(405)
  })

  test('roles: reading is for device people, changing for their administrators, and never upwards', async () => {
    const { key, deviceId } = await held()
    const desk = await asRole('RL_HELPDSK')
    const keeper = await asRole('RL_DEVADM')
    const suspend = { status: { status: 'SUSPENDED' } }
    expect((await call('GET', `/Credential/${key}`, undefined, desk)).status).toBe(200)
    expect((await call('PUT', `/Credential/${key}`, suspend, desk)).status).toBe(403)
    expect((await call('PUT', `/Credential/${key}`, suspend, keeper)).status).toBe(200)
    const boss = await call('POST', '/Users', { userName: `boss-${key}`, roles: [{ value: 'RL_ORGADMIN' }] })
    await call('PUT', `/Device/${deviceId}`, { owner: { value: boss.body.id } })
    expect((await call('PUT', `/Credential/${key}`, { status: { status: 'ACTIVE' } }, keeper)).status).toBe(403)
    expect((await call('DELETE', `/Credential/${key}`, undefined, keeper)).status).toBe(403)
    expect((await call('GET', `/Credential/${key}`, undefined, await asRole('RL_USERADM'))).status).toBe(403)
  })

  test('H3: the key of a neighbour is not there', async () => {
    const { key } = await held()
    const name = `c${engine.toLowerCase()}${Date.now()}`
    await world.office.tenants.create(name)
    const there = await world.office.directory.find(name)
    await expect(world.office.credentials.load(there!, Number(key))).rejects.toMatchObject({ code: 'not_found' })
    const by = { actor: { kind: 'operator' }, permissions: new Set<string>(), correlation: 'c' } as const
    const remove = world.office.credentials.remove(there!, { id: Number(key) }, by)
    await expect(remove).rejects.toMatchObject({ code: 'not_found' })
    expect((await call('GET', `/Credential/${key}`)).status).toBe(200)
  })
})
