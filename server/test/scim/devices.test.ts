/** Devices over a whole server, on SQLite and PostgreSQL: found, assigned, merged, synchronised, removed. */
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadDevices } from '#administration/device-view.ts'
import type { Query } from '#domain/ports/store.ts'
import { rowsOf } from '#domain/ports/store.ts'
import { deviceQueries } from '#storage/device.ts'
import {
  api,
  basic,
  clientToken,
  engineNames,
  giveAuthenticator,
  giveToken,
  hotpOf,
  makeUser,
  otp,
  response,
  scim,
  startWorld,
  token,
  type World,
} from '../world.ts'

const ACTION = 'urn:hid:scim:api:idp:2.0:Action'
const serial = () => `S${randomBytes(6).toString('hex')}-1`
const act = (action: string, ...attributes: readonly (readonly [string, string])[]) => ({
  schemas: [ACTION],
  [ACTION]: { action, attributes: attributes.map(([name, value]) => ({ name, value })) },
})

describe.each(engineNames)('on %s', engine => {
  let world: World
  let bearer: string
  const call = (method: string, path: string, body?: unknown, by = bearer) => scim(world, by, method, path, body)
  const put = (id: string, body: object, by = bearer) => call('PUT', `/Device/${id}`, body, by)
  const post = (id: string, body: object, by = bearer) => call('POST', `/Device/${id}`, body, by)
  const add = (body: object, by = bearer) => call('POST', '/Device', { type: 'DT_POCK_OE', ...body }, by)
  const made = async (body: object = {}) => (await add({ externalId: serial(), ...body })).body

  async function asRole(role: string, tenantName = world.demo.tenant): Promise<string> {
    const tenant = await world.office.directory.find(tenantName)
    const { clientId, secret } = await world.office.clients.register(tenant!, { name: role, role, scopes: ['openid'] })
    const there = { ...world, demo: { ...world.demo, tenant: tenantName } }
    const reply = await token(there, { grant_type: 'client_credentials' }, { authorization: basic(clientId, secret) })
    return reply.body.access_token
  }

  async function rows<Row>(text: string, ...values: unknown[]): Promise<readonly Row[]> {
    const tenant = await world.office.directory.find(world.demo.tenant)
    const query: Query<Row> = { name: `c_test_${text.length}_${values.length}_${text.slice(7, 40)}`, text, values }
    return world.ground.store.read(tenant!.number, () => rowsOf(query))
  }

  async function eventsOf(device: string): Promise<{ action: string; text: string }[]> {
    const found = await rows<{ body: string }>('select body as "body" from audit_event order by id')
    return found
      .map(({ body }) => ({ ...JSON.parse(body), text: body }))
      .filter(({ parameters }) => String(parameters?.DID) === device)
  }

  beforeAll(async () => {
    world = await startWorld(engine)
    bearer = await clientToken(world)
  })
  afterAll(() => world.close())

  test('seed 003: searched by serial number and type, assigned by POST, and its code is accepted', async () => {
    const first = await makeUser(world, bearer)
    await giveAuthenticator(world, bearer, first.id)
    const held = await giveToken(world, bearer, first.id, 'DT_POCK_OE')
    const filter = `externalId eq ${held.externalId} and type eq DT_POCK_OE`
    const search = { filter, sortBy: 'id', sortOrder: 'descending', startIndex: 0, count: 100 }
    const found = await call('POST', '/Device/.search', search)
    expect(found.status).toBe(200)
    const here = `${world.base.replace('127.0.0.1', 'localhost')}/scim/${world.demo.tenant}/v2`
    const [device] = found.body.resources
    const key = device.children[0].value
    expect(found.body.totalResults).toBe(1)
    expect(device).toEqual({
      schemas: ['urn:hid:scim:api:idp:2.0:Device'],
      id: held.deviceId,
      externalId: held.externalId,
      meta: {
        resourceType: 'Device',
        created: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        location: `${here}/Device/${held.deviceId}`,
      },
      type: 'DT_POCK_OE',
      status: { status: 'ACTIVE', active: true, startDate: expect.any(String) },
      owner: { type: 'User', display: first.name, value: first.id, $ref: `${here}/Users/${first.id}` },
      children: [{ value: key, $ref: `${here}/Credential/${key}` }],
    })

    const second = await makeUser(world, bearer)
    await giveAuthenticator(world, bearer, second.id)
    const assigned = await post(held.deviceId, {
      schemas: ['urn:hid:scim:api:idp:2.0:Device'],
      id: held.deviceId,
      owner: { display: second.name.toUpperCase() },
      status: {
        status: 'active',
        active: true,
        expiryDate: '2035-11-30T11:54:31+0100',
        startDate: '2017-11-30T11:54:31+0100',
      },
    })
    expect(assigned.status).toBe(200)
    expect(assigned.headers.get('etag')).toBe('W/"3"')
    expect(assigned.body).toMatchObject({
      owner: { display: second.name, value: second.id },
      status: { status: 'ACTIVE', active: true, expiryDate: '2035-11-30T10:54:31Z', startDate: '2017-11-30T10:54:31Z' },
      children: [{ value: key }],
    })
    expect((await otp(world, bearer, second.name, hotpOf(held.seed, 0))).status).toBe(200)
    // Assigning moves nothing of the key: the code stays used, whoever has the token now.
    await put(held.deviceId, { owner: { value: first.id } })
    expect((await otp(world, bearer, first.name, hotpOf(held.seed, 0))).status).toBe(400)
    expect((await otp(world, bearer, first.name, hotpOf(held.seed, 1))).status).toBe(200)
    const actions = (await eventsOf(held.deviceId)).map(({ action }) => action)
    expect(actions.filter(action => action === 'assignDeviceToUser')).toHaveLength(3)
    expect(actions.filter(action => action === 'unassignDevice')).toHaveLength(2)
    expect(actions).toContain('updateDeviceStatus')
  })

  test('PUT merges one member at a time, and an empty owner takes the device away', async () => {
    const user = await makeUser(world, bearer)
    const device = await made({ status: { status: 'ACTIVE' } })
    expect(device).toMatchObject({ children: [], status: { status: 'ACTIVE', active: true } })
    expect(device.owner).toBeUndefined()
    const named = await put(device.id, { friendlyName: 'On my key ring' })
    expect(named.body.friendlyName).toBe('On my key ring')
    expect((await put(device.id, { owner: { value: user.id } })).body).toMatchObject({
      friendlyName: 'On my key ring',
      owner: { display: user.name },
      status: { status: 'ACTIVE' },
    })
    const back = (await call('GET', `/Device/${device.id}`)).body
    const same = await put(device.id, back)
    expect(same.body).toEqual(back)
    const gone = await put(device.id, { ...back, owner: { ...back.owner, value: '' } })
    expect(gone.body.owner).toBeUndefined()
    expect((await put(device.id, { friendlyName: '' })).body.friendlyName).toBeUndefined()
    expect((await put(device.id, { friendlyName: 'x'.repeat(65) })).body.errorCode).toBe(1008)
    expect((await put(device.id, { friendlyName: 'x'.repeat(64) })).status).toBe(200)
    expect((await put(device.id, { owner: { value: '999999999' } })).status).toBe(400)
    expect((await put(device.id, { owner: { display: 'nobody-of-this-name' } })).status).toBe(400)
    expect((await put(device.id, { id: '1', friendlyName: 'x' })).body.scimType).toBe('mutability')
    expect((await put(device.id, { type: 'DT_POCK_OT' })).body.scimType).toBe('mutability')
    expect((await put(device.id, { externalId: 'other-1' })).body.scimType).toBe('mutability')
    const events = await eventsOf(device.id)
    expect(events.map(({ action }) => action)).toEqual([
      'addDevice',
      'updateDevice',
      'assignDeviceToUser',
      'unassignDevice',
      'updateDevice',
      'updateDevice',
    ])
    expect(events[0]!.text).toContain(`"DSN":"${device.externalId}"`)
    expect(JSON.stringify(events)).not.toContain('key ring')
  })

  test('the life of a device: each status, what follows it, and what never does', async () => {
    const device = await made()
    expect(device.status).toMatchObject({ status: 'PENDING', active: false })
    const become = async (status: string) => (await put(device.id, { status: { status } })).body
    expect((await become('SUSPENDED')).errorCode).toBe(1001)
    expect((await become('Active')).status.status).toBe('ACTIVE')
    expect((await become('ACTIVE')).status.status).toBe('ACTIVE')
    expect((await become('suspended')).status).toMatchObject({ status: 'SUSPENDED', active: false })
    expect((await become('ACTIVE')).status.active).toBe(true)
    expect((await become('PENDING')).errorCode).toBe(1001)
    expect((await become('REVOKED')).status.status).toBe('REVOKED')
    expect((await become('ACTIVE')).errorCode).toBe(1001)
    expect((await become('TERMINATED')).status.status).toBe('TERMINATED')
    expect((await become('REVOKED')).errorCode).toBe(1001)
    expect((await become('LOST')).errorCode).toBe(1001)
    const late = { status: { expiryDate: '2001-01-01T00:00:00Z' } }
    expect((await put(device.id, late)).body.errorCode).toBe(1007)
    const over = { status: { startDate: '2000-01-01T00:00:00Z', expiryDate: '2001-01-01T00:00:00Z' } }
    expect((await put((await made({ status: { status: 'ACTIVE' } })).id, over)).body.status.active).toBe(false)
  })

  test('one external id under one type; types that cannot be', async () => {
    const externalId = serial()
    expect((await add({ externalId })).status).toBe(201)
    const again = await add({ externalId: externalId.toLowerCase() })
    expect([again.status, again.body.scimType]).toEqual([409, 'uniqueness'])
    expect((await add({ externalId, type: 'DT_POCK_OT' })).status).toBe(201)
    const absent = await add({ externalId: serial(), type: 'DT_POCK_AT' })
    expect([absent.status, absent.body.detail]).toEqual([400, expect.stringContaining('unpublished')])
    expect((await add({ externalId: serial(), type: 'DT_NONE' })).status).toBe(400)
    expect((await add({ externalId: '' })).status).toBe(400)
    expect((await add({ externalId: 'a\u0007b' })).status).toBe(400)
    expect((await add({ externalId: 'x'.repeat(129) })).status).toBe(400)
    expect((await add({ externalId: serial(), status: { status: 'REVOKED' } })).body.errorCode).toBe(1001)
    const twice = await Promise.all([1, 2, 3].map(() => add({ externalId: `${externalId}-race` })))
    expect(twice.map(({ status }) => status).sort()).toEqual([201, 409, 409])
  })

  test('a limit of the type counts when one more comes into use, also when two come at once', async () => {
    const tenant = await world.office.directory.find(world.demo.tenant)
    const type = tenant!.configuration.findDeviceType('DT_POCK_OE')
    const document = JSON.stringify({ ...type, code: 'DT_ONE', readOnly: false, maximumDevicePerUser: 1 })
    await world.ground.store.write(tenant!.number, function* () {
      const insert = `insert into configuration_override (tenant_number, kind, code, document, version)
                      values (?1, 'deviceTypes', 'DT_ONE', ?2, 1)`
      yield [
        { name: 'c_test_override', text: insert, values: [tenant!.number, document] },
        {
          name: 'c_test_raise',
          text: 'update tenant set version = version + 1 where tenant_number = ?1',
          values: [tenant!.number],
        },
      ]
    })
    world.pass(3)
    const user = await makeUser(world, bearer)
    const owner = { value: user.id }
    const [a, b] = [await made({ type: 'DT_ONE' }), await made({ type: 'DT_ONE' })]
    const at = { status: { status: 'ACTIVE' }, owner }
    const both = await Promise.all([put(a.id, at), put(b.id, at)])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
    const [first, second] = both[0]?.status === 200 ? [a, b] : [b, a]
    expect((await put(second.id, { owner })).body.status.status).toBe('PENDING')
    expect((await put(second.id, { status: { status: 'ACTIVE' } })).status).toBe(409)
    // What he has stays as it is, and can be changed.
    expect((await put(first.id, { friendlyName: 'mine', status: { status: 'ACTIVE' } })).status).toBe(200)
    await put(first.id, { status: { status: 'SUSPENDED' } })
    expect((await put(second.id, { status: { status: 'ACTIVE' } })).status).toBe(200)
  })

  test('AUTO-SYNCH needs two codes in a row, moves only forward, and MANUAL-SYNCH never back', async () => {
    const user = await makeUser(world, bearer)
    await giveAuthenticator(world, bearer, user.id)
    const { deviceId: id, seed } = await giveToken(world, bearer, user.id, 'DT_POCK_OE')
    const one = await post(id, act('AUTO-SYNCH', ['OTP', hotpOf(seed, 60)]))
    expect([one.status, one.body.detail]).toEqual([400, expect.stringContaining('OTP2')])
    const wrong = await post(id, act('AUTO-SYNCH', ['OTP', hotpOf(seed, 60)], ['OTP2', hotpOf(seed, 62)]))
    expect(wrong.status).toBe(400)
    const right = await post(id, act('auto-synch', ['otp', hotpOf(seed, 60)], ['otp2', hotpOf(seed, 61)]))
    expect([right.status, right.body]).toEqual([200, { schemas: [ACTION], attributes: [] }])
    expect((await otp(world, bearer, user.name, hotpOf(seed, 61))).status).toBe(400)
    expect((await otp(world, bearer, user.name, hotpOf(seed, 62))).status).toBe(200)

    const twice = await post(id, act('AUTO-SYNCH', ['OTP', hotpOf(seed, 70)], ['OTP', hotpOf(seed, 71)]))
    expect(twice.status).toBe(200)
    const counter = (value: string) => post(id, act('MANUAL-SYNCH', ['COUNTER', value]))
    expect((await counter('71')).status).toBe(400)
    expect((await counter('72')).status).toBe(200)
    const ahead = await counter('500')
    expect(ahead.body.attributes[0]).toMatchObject({ name: 'COUNTER', value: '500' })
    expect((await counter('499')).status).toBe(400)
    expect((await counter('900000000000000')).status).toBe(400)
    for (const bad of ['-1', '1.5', '', 'x']) expect((await counter(bad)).status).toBe(400)
    expect((await otp(world, bearer, user.name, hotpOf(seed, 500))).status).toBe(200)
    expect((await eventsOf(id)).filter(({ action }) => action === 'synchroniseDevice')).toHaveLength(5)

    for (const action of ['UNLOCK', 'PIN-UNLOCK'])
      expect((await post(id, act(action, ['CHALLENGE', '1']))).status).toBe(400)
    expect((await post(id, act('RESET'))).status).toBe(400)
    expect((await post(id, act('MANUAL-SYNCH', ['CLOCK', '1']))).status).toBe(400)
    const nobodys = await made()
    expect((await post(nobodys.id, act('AUTO-SYNCH', ['OTP', '111111'], ['OTP2', '222222']))).status).toBe(400)
    expect((await post(nobodys.id, act('MANUAL-SYNCH', ['COUNTER', '5']))).status).toBe(400)
  })

  test('DELETE takes an assigned device with its keys, their state and open challenges', async () => {
    const user = await makeUser(world, bearer)
    await giveAuthenticator(world, bearer, user.id)
    const { deviceId: id, seed } = await giveToken(world, bearer, user.id, 'DT_POCK_OC')
    const asked = await call('POST', `/Authenticator/${user.id}.AT_OTP`, act('DEVICE-CHALLENGE', ['DEVICE.ID', id]))
    const question = asked.body.attributes[0].value as string
    const key = (await call('GET', `/Device/${id}`)).body.children[0].value as string
    const total = async (noun: string) => (await call('GET', `/${noun}?count=0`)).body.totalResults as number
    const before = [await total('Device'), await total('Credential')] as const
    expect((await call('DELETE', `/Device/${id}`)).status).toBe(204)
    expect((await call('GET', `/Device/${id}`)).status).toBe(404)
    expect((await call('DELETE', `/Device/${id}`)).status).toBe(404)
    expect((await call('GET', `/Credential/${key}`)).status).toBe(404)
    expect([await total('Device'), await total('Credential')]).toEqual([before[0] - 1, before[1] - 1])
    for (const [table, column, value] of [
      ['credential_state', 'id', key],
      ['credential', 'id', key],
      ['spent_signature', 'credential_id', key],
      ['challenge', 'device_id', id],
    ] as const) {
      expect(await rows(`select 1 as "x" from ${table} where ${column} = ?1`, Number(value))).toEqual([])
    }
    const late = { mode: 'ASYNCHRONOUS', device_id: id }
    expect((await otp(world, bearer, user.name, response(seed, question), late)).status).toBe(400)
    const actions = (await eventsOf(id)).map(({ action }) => action)
    expect(actions.slice(-3)).toEqual(expect.arrayContaining(['unassignDevice', 'deleteDevice']))
    // The serial number is free again.
    expect((await call('POST', '/Device/.search', { filter: `owner.value eq ${user.id}` })).body.totalResults).toBe(0)
  })

  test('roles: a help desk changes status but assigns nothing, and touches nobody who may do more', async () => {
    const desk = await asRole('RL_HELPDSK')
    const keeper = await asRole('RL_DEVADM')
    const user = await makeUser(world, bearer)
    const boss = (await call('POST', '/Users', { userName: `boss-${serial()}`, roles: [{ value: 'RL_ORGADMIN' }] }))
      .body
    const device = await made({ status: { status: 'ACTIVE' } })
    const to = (value: string) => ({ owner: { value } })
    expect((await put(device.id, to(user.id), desk)).status).toBe(403)
    expect((await put(device.id, to(boss.id), keeper)).status).toBe(403)
    expect((await put(device.id, to(user.id), keeper)).status).toBe(200)
    expect((await put(device.id, { ...to(user.id), status: { status: 'SUSPENDED' } }, desk)).status).toBe(200)
    expect((await put(device.id, to(''), desk)).status).toBe(403)
    await put(device.id, { ...to(boss.id), status: { status: 'ACTIVE' } })
    for (const by of [desk, keeper]) {
      expect((await put(device.id, { status: { status: 'SUSPENDED' } }, by)).status).toBe(403)
      expect((await post(device.id, act('AUTO-SYNCH', ['OTP', '111111'], ['OTP2', '222222']), by)).status).toBe(403)
      expect((await post(device.id, act('MANUAL-SYNCH', ['COUNTER', '5']), by)).status).toBe(403)
    }
    expect((await put(device.id, to(''), keeper)).status).toBe(403)
    expect((await call('DELETE', `/Device/${device.id}`, undefined, keeper)).status).toBe(403)
    expect((await add({ externalId: serial() }, desk)).status).toBe(403)
    expect((await add({ externalId: serial(), owner: { value: boss.id } }, keeper)).status).toBe(403)
    expect((await call('GET', `/Device/${device.id}`, undefined, await asRole('RL_AUDITV'))).status).toBe(403)
    expect((await call('GET', `/Device/${device.id}`)).body.owner.value).toBe(boss.id)
  })

  test('H3: equal serial numbers in two tenants are two devices, and neither reaches the other', async () => {
    const name = `d${engine.toLowerCase()}${Date.now()}`
    await world.office.tenants.create(name)
    const there = await asRole('RL_CLIENTIDM2M', name)
    const user = await makeUser(world, bearer)
    const mine = await made({ owner: { value: user.id } })
    const path = `/scim/${name}/v2/Device`
    const filter = `externalId eq ${mine.externalId}`
    expect((await api(world, there, 'POST', `${path}/.search`, { filter })).body.totalResults).toBe(0)
    for (const method of ['GET', 'PUT', 'POST', 'DELETE']) {
      const body = method === 'GET' || method === 'DELETE' ? undefined : { friendlyName: 'theirs' }
      const reply = await api(world, there, method, `${path}/${mine.id}`, body)
      expect(reply.status, method).toBe(404)
    }
    const theirs = await api(world, there, 'POST', path, { externalId: mine.externalId, type: 'DT_POCK_OE' })
    expect(theirs.status).toBe(201)
    const across = await api(world, there, 'PUT', `${path}/${theirs.body.id}`, { owner: { display: user.name } })
    expect(across.status).toBe(400)
    expect((await api(world, bearer, 'GET', path)).status).toBe(401)
    expect((await call('GET', `/Device/${mine.id}`)).body.friendlyName).toBeUndefined()
  })

  test('A4: unknown filter attributes and members are refused, in query and body', async () => {
    expect((await call('GET', '/Device?filter=owner.value%20eq%2011072')).status).toBe(200)
    expect((await call('GET', '/Device?filter=colour%20eq%20red')).body.scimType).toBe('invalidFilter')
    expect((await call('GET', '/Device?owner=11072')).status).toBe(400)
    expect((await call('GET', '/Device?userId=11072')).status).toBe(400)
    expect((await call('POST', '/Device/.search?type=DT_POCK_OE', { count: 1 })).status).toBe(400)
    expect((await call('POST', '/Device/.search', { attributes: ['secret'] })).status).toBe(400)
    const device = await made()
    const few = await call('GET', `/Device/${device.id}?attributes=externalId&api-version=%2010`)
    expect(few.body).toEqual({ schemas: [expect.any(String)], id: device.id, externalId: device.externalId })
    expect((await call('GET', '/Device/abc')).status).toBe(404)
    expect((await put(device.id, [])).status).toBe(400)
  })

  test('a version that is sent must be the latest', async () => {
    const device = await made()
    expect((await put(device.id, { friendlyName: 'a', meta: { version: '1' } })).body.meta.version).toBe('2')
    expect((await put(device.id, { friendlyName: 'b', meta: { version: '1' } })).status).toBe(409)
    const many = await Promise.all(['c', 'd', 'e'].map(friendlyName => put(device.id, { friendlyName })))
    expect(many.map(({ status }) => status)).toEqual([200, 200, 200])
    expect((await call('GET', `/Device/${device.id}`)).body.meta.version).toBe('5')
  })
})

test('a page of devices is loaded in one round trip, owners and keys included', () => {
  const ids = Array.from({ length: 100 }, (_, n) => n + 1)
  const steps = loadDevices(deviceQueries, 1, ids)
  const step = steps.next([])
  expect(step.done).toBe(false)
  expect(step.value).toHaveLength(2)
  expect(steps.next([[], []]).done).toBe(true)
})
