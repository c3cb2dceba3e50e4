/**
 * Users over a whole server, on SQLite and PostgreSQL: names, merging, roles, selection, what leaves with a user, and who may
 * change whom.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadUsers } from '#administration/user-view.ts'
import type { Unit } from '#domain/ports/store.ts'
import { userQueries } from '#storage/user.ts'
import {
  api,
  basic,
  clientToken,
  engineNames,
  giveAuthenticator,
  givePassword,
  makeUser,
  scim,
  send,
  startWorld,
  token,
  type World,
} from '../world.ts'

const ATTRIBUTES = 'urn:hid:scim:api:idp:2.0:UserAttribute'
const DEVICES = 'urn:hid:scim:api:idp:2.0:UserDevice'
const AUTHENTICATORS = 'urn:hid:scim:api:idp:2.0:UserAuthenticator'
let made = 0
const fresh = (word = 'u') => `${word}-${++made}-${Date.now()}@users.example`

describe.each(engineNames)('on %s', engine => {
  let world: World
  let bearer: string
  const call = (method: string, path: string, body?: unknown, by = bearer) => scim(world, by, method, path, body)
  const create = (body: object, by = bearer) => call('POST', '/Users', body, by)
  const put = (id: string, body: object, by = bearer) => call('PUT', `/Users/${id}`, body, by)

  /** The token of a new client with this role. */
  async function asRole(role: string, tenantName = world.demo.tenant): Promise<string> {
    const tenant = await world.office.directory.find(tenantName)
    const { clientId, secret } = await world.office.clients.register(tenant!, { name: role, role, scopes: ['openid'] })
    const reply = await send(`${world.base}/${tenantName}/authn/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: basic(clientId, secret) },
      body: 'grant_type=client_credentials',
    })
    expect(reply.status).toBe(200)
    return reply.body.access_token
  }

  beforeAll(async () => {
    world = await startWorld(engine)
    bearer = await clientToken(world)
  })
  afterAll(() => world.close())

  test('one name stands for both, and the answer is the whole user', async () => {
    const userName = fresh()
    const { status, body, headers } = await create({ userName, name: { familyName: 'Okafor', givenName: 'Mara' } })
    expect(status).toBe(201)
    expect(headers.get('content-type')).toMatch(/^application\/scim\+json/)
    expect(headers.get('etag')).toBe('W/"1"')
    expect(body).toEqual({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', DEVICES, ATTRIBUTES, AUTHENTICATORS],
      id: expect.stringMatching(/^\d+$/),
      externalId: userName,
      meta: {
        resourceType: 'User',
        created: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        location: expect.stringContaining(`/scim/${world.demo.tenant}/v2/Users/${body.id}`),
        version: '1',
      },
      userName,
      displayName: 'Mara Okafor',
      name: { familyName: 'Okafor', givenName: 'Mara' },
      active: true,
      groups: [{ display: 'Users', value: 'UG_ROOT' }],
      roles: [],
      [ATTRIBUTES]: {
        attributes: [
          { name: 'EXTERNALID', type: 'string', value: userName, readOnly: false },
          { name: 'FIRSTNAME', type: 'string', value: 'Mara', readOnly: false },
          { name: 'LASTNAME', type: 'string', value: 'Okafor', readOnly: false },
        ],
      },
      [DEVICES]: { devices: [] },
      [AUTHENTICATORS]: { authenticators: [] },
    })
    const byExternalId = await create({ externalId: fresh() })
    expect(byExternalId.body.userName).toBe(byExternalId.body.externalId)
    expect((await create({ title: 'nobody' })).status).toBe(400)
    expect((await call('GET', `/Users/${body.id}`)).body).toEqual(body)
  })

  test('a name belongs to one user, whichever of his two it is and in any case', async () => {
    const [one, two] = [fresh('One'), fresh('Two')]
    const first = await create({ userName: one, externalId: two })
    for (const taken of [{ userName: two }, { userName: one.toUpperCase() }, { userName: fresh(), externalId: one }]) {
      const { status, body } = await create(taken)
      expect([status, body.scimType]).toEqual([409, 'uniqueness'])
    }
    const other = await makeUser(world, bearer)
    expect((await put(other.id, { userName: two.toUpperCase() })).status).toBe(409)
    // Nothing of the refused change stays, and a name that was given up is free.
    expect((await call('GET', `/Users/${other.id}`)).body.userName).toBe(other.name)
    expect((await put(first.body.id, { externalId: one })).status).toBe(200)
    expect((await put(other.id, { userName: two })).body.userName).toBe(two)

    const name = fresh()
    const racers = await Promise.all(Array.from({ length: 8 }, () => create({ userName: name })))
    expect(racers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(7).fill(409)])
  })

  test('searches by GET and .search, whole and in pages, with exact totals', async () => {
    const { id, name } = await makeUser(world, bearer)
    const filter = `externalId eq "${name}"`
    const found = await call('POST', '/Users/.search', {
      filter,
      sortBy: 'id',
      sortOrder: 'descending',
      startIndex: 0,
      count: 100,
    })
    expect(found.body).toMatchObject({ totalResults: 1, resources: [{ id, externalId: name }] })
    const listed = await call('GET', `/Users?api-version= 10&filter=${encodeURIComponent(filter)}`)
    expect(listed.body).toEqual(found.body)
    expect((await call('POST', '/Users/.search', { filter: 'externalId eq nobody' })).body).toEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
      totalResults: 0,
      resources: [],
    })
    const before = (await call('GET', '/Users?count=0')).body.totalResults
    await makeUser(world, bearer)
    const page = (await call('GET', '/Users?startIndex=1&count=2')).body
    expect(page).toMatchObject({ totalResults: before + 1, startIndex: 1, itemsPerPage: 2 })
    expect(page.resources).toHaveLength(2)
  })

  test('A4: what would narrow a search is obeyed or refused, never ignored', async () => {
    for (const path of [
      '/Users?userName=x',
      '/Users?attributes=shoeSize',
      '/Users?filter=shoeSize eq 4',
      '/Users?sortBy=x',
    ]) {
      expect((await call('GET', path)).status).toBe(400)
    }
    expect((await call('POST', '/Users/.search?userName=x', {})).status).toBe(400)
    expect((await call('POST', '/Users/.search?filter=externalId eq nobody', {})).body.totalResults).toBe(0)
  })

  test('T8: PUT changes only what is there, and a change of nothing is no new version', async () => {
    const { id, name } = await makeUser(world, bearer)
    const mobile = {
      [ATTRIBUTES]: {
        attributes: [
          { name: 'ATR_MOBILE', value: '+4470000001' },
          { name: 'CUSTATT1', value: 'x' },
        ],
      },
    }
    expect((await put(id, mobile)).body).toMatchObject({ externalId: name, phoneNumbers: [{ value: '+4470000001' }] })
    const { body } = await put(id, { emails: [{ value: 'm@example.org' }], title: 'Dr' })
    expect(body.meta.version).toBe('3')
    const values = Object.fromEntries(
      body[ATTRIBUTES].attributes.map((one: { name: string; value: string }) => [one.name, one.value]),
    )
    expect(values).toEqual({
      EXTERNALID: name,
      TITLE: 'Dr',
      ATR_EMAIL: 'm@example.org',
      ATR_MOBILE: '+4470000001',
      CUSTATT1: 'x',
    })
    expect((await put(id, body)).body).toEqual(body)
    const byMobile = await call('POST', '/Users/.search', { filter: 'ATR_MOBILE eq "+4470000001" and title eq dr' })
    expect(byMobile.body.totalResults).toBe(1)
  })

  test('a value that stands in two places may be changed in either; two different news are refused', async () => {
    const { id } = await makeUser(world, bearer)
    const { body } = await put(id, { emails: [{ value: 'old@example.org' }] })
    const changed = await put(id, { ...body, emails: [{ value: 'new@example.org' }] })
    expect(changed.body.emails).toEqual([{ value: 'new@example.org' }])
    const attributes = [{ name: 'ATR_EMAIL', value: 'third@example.org' }]
    const both = { emails: [{ value: 'fourth@example.org' }], [ATTRIBUTES]: { attributes } }
    expect((await put(id, both)).status).toBe(400)
    const removed = await put(id, { [ATTRIBUTES]: { attributes: [{ name: 'ATR_EMAIL', value: '' }] } })
    expect(removed.body.emails).toBeUndefined()
  })

  test('groups and roles must be there; a role is given and taken with the whole list', async () => {
    const { id } = await makeUser(world, bearer)
    expect((await put(id, { groups: [{ value: 'UG_NONE' }] })).status).toBe(400)
    expect((await put(id, { groups: [{ value: 'UG_ROOT' }, { value: 'UG_ORGADMIN' }] })).status).toBe(400)
    expect((await put(id, { groups: [{ value: 'UG_ORGADMIN' }] })).body.groups[0].value).toBe('UG_ORGADMIN')
    expect((await put(id, { roles: [{ value: 'RL_NONE' }] })).body).toMatchObject({ status: '400', errorCode: 1292 })
    expect((await put(id, { roles: [{ value: 'RL_HELPDSK' }, { value: 'RL_AUDITV' }] })).body.roles).toHaveLength(2)
    expect((await put(id, { roles: [] })).body.roles).toEqual([])
  })

  test('G3: extensions are there, empty or not, unless the selection leaves them out', async () => {
    const { id, name } = await makeUser(world, bearer)
    await giveAuthenticator(world, bearer, id)
    const { body } = await call('GET', `/Users/${id}?attributes=userName,${AUTHENTICATORS}`)
    expect(body).toEqual({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', AUTHENTICATORS],
      id,
      userName: name,
      [AUTHENTICATORS]: {
        authenticators: [
          {
            type: 'Authenticator',
            display: 'AT_OTP',
            value: `${id}.AT_OTP`,
            $ref: expect.stringMatching(new RegExp(`^http.*/Authenticator/${id}\\.AT_OTP$`)),
          },
        ],
      },
    })
    const ref = new URL(body[AUTHENTICATORS].authenticators[0].$ref)
    expect((await api(world, bearer, 'GET', ref.pathname)).body.id).toBe(`${id}.AT_OTP`)
  })

  test('a stale version is refused, by header and by body', async () => {
    const { id } = await makeUser(world, bearer)
    const url = `${world.base}/scim/${world.demo.tenant}/v2/Users/${id}`
    const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/scim+json' }
    const change = (tag: string) =>
      send(url, { method: 'PUT', headers: { ...headers, 'if-match': tag }, body: '{"title":"x"}' })
    expect((await change('W/"1"')).status).toBe(200)
    expect((await change('W/"1"')).status).toBe(409)
    expect((await put(id, { title: 'y', meta: { version: '1' } })).status).toBe(409)
    expect((await send(url, { method: 'DELETE', headers: { ...headers, 'if-match': 'W/"9"' } })).status).toBe(409)
  })

  test('who is made inactive loses his sessions at once and for ever', async () => {
    const { id, name } = await makeUser(world, bearer)
    const password = await givePassword(world, bearer, id)
    const signIn = () =>
      token(
        world,
        { grant_type: 'password', username: name, password, authType: 'AT_STDPWD' },
        { authorization: `Bearer ${bearer}` },
      )
    const { body } = await signIn()
    const info = () => api(world, body.access_token, 'GET', `/${world.demo.tenant}/authn/userinfo`)
    expect((await info()).status).toBe(200)
    expect((await put(id, { active: false })).body.active).toBe(false)
    expect((await info()).status).toBe(401)
    expect((await signIn()).status).toBe(400)
    expect((await put(id, { active: 'true' })).body.active).toBe(true)
    expect((await info()).status).toBe(401)
    expect((await signIn()).status).toBe(200)
  })

  test('a user leaves with everything of his; a client goes with the user that stands for it', async () => {
    const { id, name } = await makeUser(world, bearer)
    const password = await givePassword(world, bearer, id)
    const fields = { grant_type: 'password', username: name, password, authType: 'AT_STDPWD' }
    const { body } = await token(world, fields, { authorization: `Bearer ${bearer}` })
    const authenticators = async () => (await call('GET', '/Authenticator?count=0')).body.totalResults
    const users = async () => (await call('GET', '/Users?count=0')).body.totalResults
    const [usersBefore, authenticatorsBefore] = [await users(), await authenticators()]
    expect((await call('DELETE', `/Users/${id}`)).status).toBe(204)
    expect([await users(), await authenticators()]).toEqual([usersBefore - 1, authenticatorsBefore - 1])
    expect((await call('GET', `/Users/${id}`)).status).toBe(404)
    expect((await call('DELETE', `/Users/${id}`)).status).toBe(404)
    expect((await call('GET', `/Authenticator/${id}.AT_STDPWD`)).status).toBe(404)
    expect((await api(world, body.access_token, 'GET', `/${world.demo.tenant}/authn/userinfo`)).status).toBe(401)
    expect((await create({ userName: name })).status).toBe(201)

    const other = await asRole('RL_CLIENTIDM2M')
    const clients = await call('POST', '/Users/.search', {
      filter: 'groups.value eq UG_CLIENTID',
      sortOrder: 'descending',
    })
    expect((await call('DELETE', `/Users/${clients.body.resources[0].id}`)).status).toBe(204)
    expect((await call('GET', '/Users?count=0', undefined, other)).status).toBe(401)
  })

  test('nobody changes a user who may do more, and only who may assign roles does', async () => {
    const desk = await asRole('RL_USERADM')
    const boss = (await create({ userName: fresh('boss'), roles: [{ value: 'RL_ORGADMIN' }] })).body
    const plain = await makeUser(world, bearer)
    expect((await put(plain.id, { title: 'x' }, desk)).status).toBe(200)
    expect((await put(boss.id, { title: 'x' }, desk)).status).toBe(403)
    expect((await put(boss.id, { active: false }, desk)).status).toBe(403)
    expect((await call('DELETE', `/Users/${boss.id}`, undefined, desk)).status).toBe(403)
    expect((await put(plain.id, { roles: [{ value: 'RL_AUDITV' }] }, desk)).status).toBe(403)
    expect((await create({ userName: fresh(), roles: [{ value: 'RL_AUDITV' }] }, desk)).status).toBe(403)
    // Sending back what was read changes no role.
    expect((await put(plain.id, { ...(await call('GET', `/Users/${plain.id}`)).body, title: 'y' }, desk)).status).toBe(
      200,
    )
    expect((await create({ userName: fresh() }, await asRole('RL_OPENIDCLIENT'))).status).toBe(403)
  })

  test('H3: equal names in two tenants are two users, and neither sees the other', async () => {
    const name = `t${engine.toLowerCase()}${Date.now()}`
    await world.office.tenants.create(name)
    const there = await asRole('RL_CLIENTIDM2M', name)
    const { id, name: userName } = await makeUser(world, bearer)
    const path = `/scim/${name}/v2/Users`
    expect((await api(world, there, 'GET', `${path}?filter=externalId eq "${userName}"`)).body.totalResults).toBe(0)
    expect((await api(world, there, 'POST', path, { userName })).status).toBe(201)
    expect((await api(world, bearer, 'GET', path)).status).toBe(401)
    // Ids count up within a tenant, so this one names nobody there or somebody else.
    await api(world, there, 'PUT', `${path}/${id}`, { title: 'mine' })
    expect((await call('GET', `/Users/${id}`)).body.title).toBeUndefined()
  })

  test.each<readonly [string, unknown]>([
    ['a name that is too long', { userName: 'x'.repeat(300) }],
    ['a control character', { userName: 'a\u0007b' }],
    ['two addresses', { userName: 'ok-1', emails: [{ value: 'a' }, { value: 'b' }] }],
    ['no flag', { userName: 'ok-2', active: 'perhaps' }],
    ['no code', { userName: 'ok-3', [ATTRIBUTES]: { attributes: [{ name: 'not a code', value: 'x' }] } }],
    ['many values', { userName: 'ok-4', [ATTRIBUTES]: { attributes: [{ name: 'CUST', value: ['a', 'b'] }] } }],
    ['two ids', { externalId: 'b-5', [ATTRIBUTES]: { attributes: [{ name: 'EXTERNALID', value: 'c' }] } }],
    ['no object', []],
  ])('a body that cannot be meant is refused: %s', async (_, body) => {
    expect((await create(body as object)).status).toBe(400)
  })

  test('H1: the audit keeps who did what, personal values apart, and no value of an attribute', async () => {
    const { id, name } = await makeUser(world, bearer)
    await put(id, { [ATTRIBUTES]: { attributes: [{ name: 'ATR_MOBILE', value: '+4479998887' }] } })
    await put(id, { roles: [{ value: 'RL_AUDITV' }] })
    const password = await givePassword(world, bearer, id)
    await call('DELETE', `/Users/${id}`)
    const tenant = await world.office.directory.find(world.demo.tenant)
    const about = (text: string) => ({ name: `t_${text.length}`, text, values: [] })
    const [events, personal] = await world.ground.store.read(tenant!.number, function* (): Unit<
      readonly (readonly unknown[])[]
    > {
      return yield [
        about('select body from audit_event'),
        about(`select value from audit_personal where user_id = ${id}`),
      ]
    })
    const bodies = (events as readonly { body: string }[]).map(({ body }) => body)
    const all = bodies.join('\n')
    for (const action of ['addUser', 'updateUser', 'addRoleToUser', 'addAuthenticator', 'deleteUser']) {
      expect(all).toContain(action)
    }
    for (const secret of [password, '+4479998887', name]) expect(all).not.toContain(secret)
    expect(personal).toContainEqual({ value: name })
  })

  test('a user who is deleted while he gets an authenticator leaves none behind', async () => {
    const { id } = await makeUser(world, bearer)
    const [made] = await Promise.all([
      call('POST', '/Authenticator', { policy: { value: 'AT_OTP' }, owner: { value: id } }),
      call('DELETE', `/Users/${id}`),
    ])
    expect([201, 400]).toContain(made.status)
    const left = await call('POST', '/Authenticator/.search', { filter: `owner.value eq ${id}` })
    expect(left.body.totalResults).toBe(0)
  })
})

test('a page of users is loaded in one round trip, whatever hangs on them', () => {
  const ids = Array.from({ length: 100 }, (_, n) => n + 1)
  const steps = loadUsers(userQueries, 1, ids, new Set(['attributes', 'roles', 'authenticators', 'devices']))
  const step = steps.next([])
  expect(step.done).toBe(false)
  expect(step.value).toHaveLength(5)
  expect(steps.next([[], [], [], [], []]).done).toBe(true)
})
