/**
 * Authenticators over a whole server, on SQLite and PostgreSQL: made once, with the dates of their policy; passwords judged and
 * replaced; closed by failures and opened again; actions; and who may do what to whose.
 */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import {
  basic,
  clientToken,
  engineNames,
  giveAuthenticator,
  givePassword,
  giveToken,
  makeUser,
  otp,
  response,
  scim,
  startWorld,
  token,
  type World,
} from '../world.ts'

const PASSWORD = 'urn:hid:scim:api:idp:2.0:Password'
const ACTION = 'urn:hid:scim:api:idp:2.0:Action'
const DAY_MS = 24 * 3600 * 1000
const [PW1, PW2, PW3, PW4] = ['Kw7-bdfhjmqvxZ', 'Rt4-zpwnkcgtyQ', 'Hs9-qmvlxbrdoK', 'Dn3-gwzufpjehA'] as const

describe.each(engineNames)('on %s', engine => {
  let world: World
  let bearer: string
  const call = (method: string, path: string, body?: unknown, by = bearer) => scim(world, by, method, path, body)
  const create = (owner: string, policy: string, more: object = {}, by = bearer) =>
    call('POST', '/Authenticator', { policy: { value: policy }, owner: { value: owner }, ...more }, by)
  const act = (id: string, action: string, attributes: Record<string, string> = {}, by = bearer) =>
    call(
      'POST',
      `/Authenticator/${id}`,
      { [ACTION]: { action, attributes: Object.entries(attributes).map(([name, value]) => ({ name, value })) } },
      by,
    )
  const put = (id: string, body: object, by = bearer) => call('PUT', `/Authenticator/${id}`, body, by)
  const setPassword = (id: string, password: string, by = bearer) =>
    put(id, { status: { status: 'ENABLED', active: true }, [PASSWORD]: { username: 'x', password } }, by)
  const signIn = async (username: string, password: string) =>
    (
      await token(
        world,
        { grant_type: 'password', username, password, authType: 'AT_STDPWD', noToken: '1' },
        { authorization: `Bearer ${bearer}` },
      )
    ).status

  async function asRole(role: string): Promise<string> {
    const tenant = await world.office.directory.find(world.demo.tenant)
    const { clientId, secret } = await world.office.clients.register(tenant!, { name: role, role, scopes: ['openid'] })
    const reply = await token(world, { grant_type: 'client_credentials' }, { authorization: basic(clientId, secret) })
    return reply.body.access_token
  }

  beforeAll(async () => {
    world = await startWorld(engine)
    bearer = await clientToken(world)
  })
  afterAll(() => world.close())

  test('the holder of hardware tokens is made once, in the shape that clients know', async () => {
    const { id, name } = await makeUser(world, bearer)
    const status = {
      status: 'ENABLED',
      expiryDate: '2035-05-15T20:15:21+0200',
      startDate: '2015-05-15T18:15:21.123+00:00',
    }
    const { status: answered, body, headers } = await create(id, 'AT_OTP', { status })
    expect(answered).toBe(201)
    expect(headers.get('etag')).toBe('W/"1"')
    const { statistics, ...rest } = body
    const site = `/scim/${world.demo.tenant}/v2`
    expect(rest).toEqual({
      schemas: ['urn:hid:scim:api:idp:2.0:Authenticator'],
      id: `${id}.AT_OTP`,
      externalId: name,
      meta: {
        resourceType: 'Authenticator',
        created: expect.stringMatching(/Z$/),
        location: expect.stringContaining(`${site}/Authenticator/${id}.AT_OTP`),
        version: '1',
      },
      status: {
        status: 'ENABLED',
        active: true,
        expiryDate: '2035-05-15T18:15:21Z',
        startDate: '2015-05-15T18:15:21Z',
      },
      owner: { type: 'User', display: name, value: id, $ref: expect.stringContaining(`${site}/Users/${id}`) },
      policy: {
        display: 'AT_OTP',
        value: 'AT_OTP',
        $ref: expect.stringContaining(`${site}/Policy/Authenticator/AT_OTP`),
      },
    })
    expect(statistics).toEqual({
      maximumNumberOfUsages: '-1',
      consecutiveFailed: '0',
      consecutiveSuccess: '0',
      totalFailed: '0',
      totalSuccess: '0',
      challengeCount: '0',
    })
    expect((await call('GET', `/Authenticator/${id}.AT_OTP`)).body).toEqual(body)
    const again = await create(id, 'AT_OTP')
    expect([again.status, again.body.scimType]).toEqual([409, 'uniqueness'])
    const absent = await call('GET', `/Authenticator/${id}.AT_STDPWD`)
    expect([absent.status, typeof absent.body.detail]).toEqual([404, 'string'])
  })

  test('sent back as it was read it stays as it is, and nothing is recorded', async () => {
    const { id } = await makeUser(world, bearer)
    await givePassword(world, bearer, id)
    const key = `${id}.AT_STDPWD`
    const { body: before } = await call('GET', `/Authenticator/${key}`)
    const recorded = vi.spyOn(world.ground.recorder, 'record')
    const same = await put(key, before)
    expect([same.status, same.body]).toEqual([200, before])
    expect(recorded).not.toHaveBeenCalled()
    recorded.mockRestore()
    const later = new Date(Date.parse(before.status.startDate) + 1000).toISOString()
    const moved = await put(key, { status: { ...before.status, startDate: later } })
    expect(moved.body.meta.version).toBe(String(Number(before.meta.version) + 1))
    expect(moved.body.status.expiryDate).toBe(before.status.expiryDate)
  })

  test('of many that are made at once one is', async () => {
    const { id } = await makeUser(world, bearer)
    const answers = await Promise.all(Array.from({ length: 8 }, () => create(id, 'AT_OTP')))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(7).fill(409)])
  })

  test('owner and policy must be there; the owner may be named', async () => {
    const { id, name } = await makeUser(world, bearer)
    expect((await create(id, 'AT_NONE')).status).toBe(400)
    expect((await create('99999999', 'AT_OTP')).status).toBe(400)
    expect((await call('POST', '/Authenticator', { policy: { value: 'AT_OTP' } })).status).toBe(400)
    const byName = { policy: { value: 'AT_OTP' }, owner: { display: name.toUpperCase() } }
    expect((await call('POST', '/Authenticator', byName)).body.id).toBe(`${id}.AT_OTP`)
  })

  test('status words are read in any case, dates must be in order, missing ones are those of the policy', async () => {
    const { id } = await makeUser(world, bearer)
    const wrong = await create(id, 'AT_OTP', { status: { status: 'ACTIVE' } })
    expect([wrong.status, wrong.body.errorCode]).toEqual([400, 1001])
    const turned = await create(id, 'AT_OTP', { status: { expiryDate: '2001-01-01T00:00:00Z' } })
    expect([turned.status, turned.body.errorCode]).toEqual([400, 1007])
    const { body } = await create(id, 'AT_STDPWD', { [PASSWORD]: { password: PW1 } })
    const life_ms = Date.parse(body.status.expiryDate) - Date.parse(body.status.startDate)
    expect(life_ms).toBe(1825 * DAY_MS)
    const off = await put(`${id}.AT_STDPWD`, { status: { status: 'disabled', active: true } })
    expect(off.body.status).toMatchObject({ status: 'DISABLED', active: false })
    const late = await put(`${id}.AT_STDPWD`, {
      status: { status: 'Enabled', startDate: '2034-01-01T00:00:00Z', expiryDate: '2035-01-01T00:00:00Z' },
    })
    expect(late.body.status).toMatchObject({ status: 'ENABLED', active: false })
    expect(late.body.meta.version).toBe('3')
    expect((await put(`${id}.AT_STDPWD`, late.body)).body).toEqual(late.body)
    expect((await put(`${id}.AT_STDPWD`, { policy: { value: 'AT_OTP' } })).body.scimType).toBe('mutability')
    expect((await put(`${id}.AT_STDPWD`, { owner: { value: '' } })).status).toBe(400)
  })

  test('a password is judged by its policy, and neither it nor its hash comes back', async () => {
    const { id, name } = await makeUser(world, bearer)
    expect((await create(id, 'AT_STDPWD')).status).toBe(400)
    expect((await create(id, 'AT_STDPWD', { [PASSWORD]: { password: 'null' } })).status).toBe(400)
    expect((await create(id, 'AT_OTP', { [PASSWORD]: { password: PW1 } })).status).toBe(400)
    const weak = await create(id, 'AT_STDPWD', { [PASSWORD]: { password: 'abcd' } })
    expect([weak.status, weak.body.errorCode]).toEqual([400, 1009])
    expect(weak.body.detail).toMatch(/minLength, minDiffChars, .*notSequence/)
    expect(weak.text).not.toContain('abcd')
    const own = await create(id, 'AT_STDPWD', { [PASSWORD]: { password: `7${name}K` } })
    expect(own.body.detail).toContain('notUserAttribute')
    const made = await create(id, 'AT_STDPWD', { [PASSWORD]: { username: name, password: PW1 } })
    expect(made.status).toBe(201)
    expect(made.text).not.toMatch(/Kw7|argon2|scrypt|assword/)
    expect(await signIn(name, PW1)).toBe(200)
  })

  test('an administrator sets a new password; the old one is dead, former ones do not come back', async () => {
    const { id, name } = await makeUser(world, bearer)
    const key = `${id}.AT_STDPWD`
    const first = await create(id, 'AT_STDPWD', { [PASSWORD]: { password: PW1 } })
    world.pass(3600)
    bearer = await clientToken(world)
    const renewed = await setPassword(key, PW2)
    expect(renewed.status).toBe(200)
    expect(Date.parse(renewed.body.status.expiryDate)).toBeGreaterThan(Date.parse(first.body.status.expiryDate))
    expect(await signIn(name, PW1)).toBe(400)
    expect(await signIn(name, PW2)).toBe(200)
    for (const former of [PW2, PW1]) expect((await setPassword(key, former)).body.detail).toContain('notOldPassword')
    expect((await setPassword(key, PW3)).status).toBe(200)
    expect((await setPassword(key, PW4)).status).toBe(200)
    // Three are remembered: the one in force and two before it.
    expect((await setPassword(key, PW2)).status).toBe(400)
    expect((await setPassword(key, PW1)).status).toBe(200)
    const at_once = await Promise.all([setPassword(key, PW3), setPassword(key, PW2)])
    expect(at_once.some(({ status }) => status === 500)).toBe(false)
    expect((await setPassword(`${id}.AT_CUSTPWD`, PW2)).status).toBe(404)
  })

  test('S003: failures close it, and that shows; RESET opens it', async () => {
    const { id, name } = await makeUser(world, bearer)
    const password = await givePassword(world, bearer, id)
    const key = `${id}.AT_STDPWD`
    expect(await signIn(name, password)).toBe(200)
    for (let n = 0; n < 8; n++) await signIn(name, `wrong-${n}`)
    expect(await signIn(name, password)).toBe(400)
    const { body } = await call('GET', `/Authenticator/${key}`)
    expect(body.status).toMatchObject({ status: 'DISABLED', active: false })
    expect(body.statistics).toMatchObject({
      consecutiveFailed: '8',
      totalSuccess: '1',
      lastSuccessfulChannel: 'CH_EXTRAPP',
    })
    const reset = await act(key, 'reset')
    expect([reset.status, reset.body]).toEqual([200, { schemas: [ACTION], attributes: [] }])
    const after = await call('GET', `/Authenticator/${key}`)
    expect(after.body).toMatchObject({
      status: { status: 'ENABLED', active: true },
      statistics: { consecutiveFailed: '0' },
    })
    expect(await signIn(name, password)).toBe(200)
  })

  test('RESET enables what was disabled, and lifts a block that no time lifts', async () => {
    const { id, name } = await makeUser(world, bearer)
    await create(id, 'AT_RESPWD', { [PASSWORD]: { password: 'Zk4rTw9mQx' }, status: { status: 'DISABLED' } })
    const key = `${id}.AT_RESPWD`
    expect((await act(key, 'RESET')).status).toBe(200)
    const enter = (password: string) =>
      token(
        world,
        { grant_type: 'password', username: name, password, authType: 'AT_RESPWD', noToken: '1' },
        { authorization: `Bearer ${bearer}` },
      )
    expect((await enter('Zk4rTw9mQx')).status).toBe(200)
    for (let n = 0; n < 3; n++) await enter('wrong')
    world.pass(48 * 3600)
    bearer = await clientToken(world)
    expect((await enter('Zk4rTw9mQx')).status).toBe(400)
    await act(key, 'RESET')
    expect((await enter('Zk4rTw9mQx')).status).toBe(200)
  })

  test('a device is asked for a challenge; G2: the challenge stands first', async () => {
    const { id, name } = await makeUser(world, bearer)
    await giveAuthenticator(world, bearer, id)
    const { deviceId, seed } = await giveToken(world, bearer, id, 'DT_POCK_OC')
    const { status, body } = await act(`${id}.AT_OTP`, 'DEVICE-CHALLENGE', {
      'DEVICE.ID': deviceId,
      CHANNEL: 'CH_EXTRAPP',
    })
    expect(status).toBe(200)
    expect(body).toEqual({
      schemas: [ACTION],
      attributes: [
        { name: 'CHALLENGE', type: 'string', value: expect.stringMatching(/^\d{4,10}$/), readOnly: false },
        { name: 'CHALLENGE.ID', type: 'string', value: expect.stringMatching(/^\d+$/), readOnly: false },
        { name: 'REQUEST.STATUS', type: 'string', value: '1', readOnly: false },
        { name: 'REQUEST.REASON', type: 'string', value: '-1', readOnly: false },
        { name: 'REQUEST.ERROR_MESSAGE', type: 'string', readOnly: false },
      ],
    })
    const code = response(seed, body.attributes[0].value)
    const more = { mode: 'ASYNCHRONOUS', device_id: deviceId, channel: 'CH_EXTRAPP' }
    expect((await otp(world, bearer, name, code, more)).status).toBe(200)
    const { body: used } = await call('GET', `/Authenticator/${id}.AT_OTP`)
    expect(used.lastSuccessfulDevice.value).toBe(deviceId)

    // T10: the user named by an attribute, beside an empty user part or the id of the device.
    const named = { 'USER.EXTERNALID': name, CHANNEL: 'CH_EXTRAPP' }
    expect((await act('.AT_OTP', 'DEVICE-CHALLENGE', { ...named, 'DEVICE.ID': deviceId })).status).toBe(200)
    expect((await act(`${deviceId}.AT_OTP`, 'DEVICE-CHALLENGE', named)).status).toBe(200)
    expect((await act(`${id}.AT_OTP`, 'DEVICE-CHALLENGE', { ...named, 'DEVICE.ID': deviceId })).status).toBe(200)
    expect((await act(`${deviceId}.AT_OTP`, 'DEVICE-CHALLENGE', { ...named, 'DEVICE.ID': '1' })).status).toBe(400)
    const stranger = await makeUser(world, bearer)
    await giveAuthenticator(world, bearer, stranger.id)
    expect((await act(`${stranger.id}.AT_OTP`, 'DEVICE-CHALLENGE', { 'DEVICE.ID': deviceId })).status).toBe(400)
  })

  test('an action must be one, be known, and name its user', async () => {
    const { id } = await makeUser(world, bearer)
    await giveAuthenticator(world, bearer, id)
    const key = `${id}.AT_OTP`
    expect((await act(key, 'LEVITATE')).body).toMatchObject({ status: '400', errorCode: 1009 })
    expect((await call('POST', `/Authenticator/${key}`, { status: { status: 'ENABLED' } })).status).toBe(400)
    expect((await act('.AT_OTP', 'RESET')).status).toBe(400)
    expect((await act('.AT_OTP', 'RESET', { 'USER.EXTERNALID': 'nobody@nowhere.example' })).status).toBe(404)
    expect((await act('nonsense', 'RESET')).status).toBe(404)
    expect((await act(key, 'DEVICE-CHALLENGE', { 'DEVICE.ID': '1', CHANNEL: 'CH_NONE' })).status).toBe(400)
    const action = { [ACTION]: { action: 'REGISTER-OOB' } }
    expect((await create(id, 'AT_STDPWD', { ...action, [PASSWORD]: { password: PW1 } })).status).toBe(400)
  })

  test('one that is deleted takes password and failures with it', async () => {
    const { id, name } = await makeUser(world, bearer)
    const password = await givePassword(world, bearer, id)
    for (let n = 0; n < 8; n++) await signIn(name, 'wrong')
    const count = async () => (await call('GET', '/Authenticator?count=0')).body.totalResults
    const before = await count()
    expect((await call('DELETE', `/Authenticator/${id}.AT_STDPWD`)).status).toBe(204)
    expect((await call('DELETE', `/Authenticator/${id}.AT_STDPWD`)).status).toBe(404)
    expect(await count()).toBe(before - 1)
    expect((await create(id, 'AT_STDPWD', { [PASSWORD]: { password } })).status).toBe(201)
    expect(await signIn(name, password)).toBe(200)
  })

  test('searches by owner and policy', async () => {
    const { id, name } = await makeUser(world, bearer)
    await giveAuthenticator(world, bearer, id)
    await givePassword(world, bearer, id)
    const search = async (filter: string) => (await call('POST', '/Authenticator/.search', { filter })).body
    const ids = ({ resources }: { resources: { id: string }[] }) => resources.map(one => one.id)
    expect(ids(await search(`owner.value eq ${id}`))).toEqual([`${id}.AT_OTP`, `${id}.AT_STDPWD`])
    expect(ids(await search(`owner.display eq "${name}" and policy.value eq AT_OTP`))).toEqual([`${id}.AT_OTP`])
    expect(ids(await search(`id eq ${id}.AT_STDPWD`))).toEqual([`${id}.AT_STDPWD`])
    const only = await call('GET', `/Authenticator/${id}.AT_OTP?attributes=status.status`)
    expect(Object.keys(only.body).sort()).toEqual(['id', 'schemas', 'status'])
    expect(only.body.status).toEqual({ status: 'ENABLED' })
  })

  test('nobody takes over a user who may do more by way of his authenticators', async () => {
    const desk = await asRole('RL_HELPDSK')
    const admins = await asRole('RL_USERADM')
    const readers = await asRole('RL_DEVADM')
    const boss = await makeUser(world, bearer)
    await call('PUT', `/Users/${boss.id}`, { roles: [{ value: 'RL_ORGADMIN' }] })
    await givePassword(world, bearer, boss.id)
    const key = `${boss.id}.AT_STDPWD`
    const refused = await Promise.all([
      create(boss.id, 'AT_CUSTPWD', { [PASSWORD]: { password: PW2 } }, admins),
      create(boss.id, 'AT_OTP', {}, admins),
      setPassword(key, PW2, admins),
      put(key, { status: { status: 'DISABLED' } }, desk),
      act(key, 'RESET', {}, desk),
      call('DELETE', `/Authenticator/${key}`, undefined, admins),
    ])
    expect(refused.map(({ status }) => status)).toEqual(Array<number>(6).fill(403))

    const plain = await makeUser(world, bearer)
    await givePassword(world, bearer, plain.id)
    const own = `${plain.id}.AT_STDPWD`
    expect((await act(own, 'RESET', {}, desk)).status).toBe(200)
    expect((await act(own, 'RESET', {}, readers)).status).toBe(403)
    expect((await act(own, 'DEVICE-CHALLENGE', { 'DEVICE.ID': '1' }, readers)).status).toBe(403)
    expect((await put(own, { status: { status: 'DISABLED' } }, desk)).status).toBe(200)
    expect((await setPassword(own, PW2, desk)).status).toBe(403)
    expect((await setPassword(own, PW2, admins)).status).toBe(200)
  })
})
