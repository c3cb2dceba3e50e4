/**
 * A4, H3: two tenants with the same names of users, devices and clients. Every endpoint is called with the neighbour's ids,
 * tokens and names, and nothing crosses. The cases are a table by the name of the endpoint: one that is served and has no
 * case here fails the test.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { challengeBody } from '../openid/holder.ts'
import { api, basic, engineNames, otp, scim, send, startWorld, token, totpAt, type World } from '../world.ts'
import { addressOf, nameOf, type Served, servedEndpoints } from './served-endpoints.ts'
import { MARK, NEIGHBOUR, type Side, TWIN, TWIN_DEVICE, twoTenants } from './two-tenants.ts'

describe.each(engineNames)('on %s', engine => {
  let world: World
  let mine: Side
  let theirs: Side
  let served: readonly Served[]

  beforeAll(async () => {
    world = await startWorld(engine)
    const sides = await twoTenants(world)
    mine = sides.mine
    theirs = sides.theirs
    served = await servedEndpoints(world)
  })
  afterAll(() => world.close())

  const pathOf = (path: string, id?: string, tenant?: string) =>
    addressOf(world, path, id, tenant).slice(world.base.length)

  type Case =
    | { readonly kind: 'one'; readonly id: (side: Side) => string; readonly body?: object }
    | { readonly kind: 'list' }
    | { readonly kind: 'stock' }
    | { readonly kind: 'own'; readonly test: string }
    /** Walked by `tenants-approve.test.ts`: signed by a device, or about a request. */
    | { readonly kind: 'approve' }
    /** Walked by `../sign-in/tenants.test.ts`: what it opens is a request_uri, a cookie, a code, the token of a link. */
    | { readonly kind: 'login' }
    | { readonly kind: 'open'; readonly why: string }

  const user = (side: Side) => side.user.id
  const device = (side: Side) => side.device
  const credential = (side: Side) => side.credential
  const authenticator = (side: Side) => side.authenticator
  const imported = (side: Side) => side.import
  const client = (side: Side) => side.world.demo.client.client_id
  const provision = (side: Side) => side.provision
  const confirm = {
    'urn:hid:scim:api:idp:2.0:Action': { action: 'CONFIRM', attributes: [{ name: 'CODE', value: 'ABCDEF' }] },
  }
  const stock = { kind: 'stock' } as const
  const list = { kind: 'list' } as const
  /** Documents of the configuration: all five calls of each kind. */
  const documents = (address: string, member: keyof Side & string, body: object = { name: 'taken over' }) => {
    const path = `/configuration/{tenant}/v2/${address}`
    const id = (side: Side) => String(side[member])
    return {
      [`GET ${path}`]: list,
      [`POST ${path}`]: { kind: 'own', test: 'documents' },
      [`GET ${path}/{id}`]: { kind: 'one', id },
      [`PUT ${path}/{id}`]: { kind: 'one', id, body },
      [`DELETE ${path}/{id}`]: { kind: 'one', id },
    } as const
  }
  const approve = { kind: 'approve' } as const
  const login = { kind: 'login' } as const
  /** Ids of others of the same tenant, too: `account/devices.test.ts`. */
  const account = { kind: 'own', test: 'account' } as const
  const open = { kind: 'open', why: 'of the server, not of a tenant' } as const

  const cases: Readonly<Record<string, Case>> = {
    'POST /{tenant}/authn/token': { kind: 'own', test: 'token endpoint' },
    'GET /{tenant}/authn/.well-known/openid-configuration': {
      kind: 'open',
      why: 'public, names only its own addresses',
    },
    'GET /{tenant}/authn/jwks': { kind: 'open', why: 'public keys' },
    'POST /{tenant}/authn/par': { kind: 'own', test: 'clients' },
    'GET /{tenant}/authn/login': login,
    'POST /{tenant}/authn/login': login,
    'GET /{tenant}/authn/flow': login,
    'GET /{tenant}/authn/theme': login,
    'POST /{tenant}/authn/code': login,
    'POST /{tenant}/authn/enroll/code': login,
    'POST /{tenant}/authn/enroll/fido': login,
    'POST /{tenant}/authn/enroll/card': login,
    'GET /{tenant}/authn/code': login,
    'GET /{tenant}/authn/consent': login,
    'PUT /{tenant}/authn/consent': login,
    'POST /{tenant}/authn/consent': login,
    'GET /{tenant}/authn/portal': login,
    'POST /{tenant}/authn/portal': login,
    'GET /{tenant}/authn/portal/reset': login,
    'POST /{tenant}/authn/portal/reset': login,
    'GET /{tenant}/authn/userinfo': stock,
    'POST /{tenant}/authn/userinfo': stock,
    'GET /scim/{tenant}/v2/Users': list,
    'POST /scim/{tenant}/v2/Users': { kind: 'own', test: 'creating' },
    'POST /scim/{tenant}/v2/Users/.search': list,
    'GET /scim/{tenant}/v2/Users/{id}': { kind: 'one', id: user },
    'PUT /scim/{tenant}/v2/Users/{id}': { kind: 'one', id: user, body: { title: 'taken over' } },
    'DELETE /scim/{tenant}/v2/Users/{id}': { kind: 'one', id: user },
    'GET /scim/{tenant}/v2/Authenticator': list,
    'POST /scim/{tenant}/v2/Authenticator': { kind: 'own', test: 'creating' },
    'POST /scim/{tenant}/v2/Authenticator/.search': list,
    'GET /scim/{tenant}/v2/Authenticator/{id}': { kind: 'one', id: authenticator },
    'PUT /scim/{tenant}/v2/Authenticator/{id}': {
      kind: 'one',
      id: authenticator,
      body: { status: { status: 'DISABLED' } },
    },
    'POST /scim/{tenant}/v2/Authenticator/{id}': {
      kind: 'one',
      id: authenticator,
      body: { 'urn:hid:scim:api:idp:2.0:Action': { action: 'RESET' } },
    },
    'DELETE /scim/{tenant}/v2/Authenticator/{id}': { kind: 'one', id: authenticator },
    'GET /scim/{tenant}/v2/Device': list,
    'POST /scim/{tenant}/v2/Device': { kind: 'own', test: 'creating' },
    'POST /scim/{tenant}/v2/Device/.search': list,
    'GET /scim/{tenant}/v2/Device/{id}': { kind: 'one', id: device },
    'PUT /scim/{tenant}/v2/Device/{id}': { kind: 'one', id: device, body: { status: { status: 'SUSPENDED' } } },
    'POST /scim/{tenant}/v2/Device/{id}': { kind: 'one', id: device, body: { owner: { value: '' } } },
    'DELETE /scim/{tenant}/v2/Device/{id}': { kind: 'one', id: device },
    'GET /scim/{tenant}/v2/Credential': list,
    'POST /scim/{tenant}/v2/Credential/.search': list,
    'GET /scim/{tenant}/v2/Credential/{id}': { kind: 'one', id: credential },
    'PUT /scim/{tenant}/v2/Credential/{id}': { kind: 'one', id: credential, body: { status: { status: 'SUSPENDED' } } },
    'DELETE /scim/{tenant}/v2/Credential/{id}': { kind: 'one', id: credential },
    'POST /scim/{tenant}/v2/Device/.import': { kind: 'own', test: 'creating' },
    'GET /scim/{tenant}/v2/Device/.import/{id}': { kind: 'one', id: imported },
    'GET /scim/{tenant}/v2/Policy/Authenticator': list,
    'GET /scim/{tenant}/v2/Policy/Authenticator/{id}': { kind: 'one', id: side => side.policy },
    'POST /{tenant}/authn/register': { kind: 'own', test: 'clients' },
    'GET /{tenant}/authn/register/{id}': { kind: 'one', id: client },
    'PUT /{tenant}/authn/register/{id}': { kind: 'one', id: client, body: { client_name: 'taken over' } },
    'DELETE /{tenant}/authn/register/{id}': { kind: 'one', id: client },
    ...documents('Policy/Authenticator', 'policy'),
    ...documents('Device/Type', 'deviceType'),
    ...documents('Credential/Type', 'credentialType'),
    ...documents('DeliveryGateway/Push', 'gateway'),
    ...documents('DeliveryGateway/Mail', 'mail'),
    ...documents('DeliveryGateway/Sms', 'sms'),
    ...documents('MessageTemplate', 'template'),
    ...documents('Custo/IDPWorkflows', 'workflow', { payload: {} }),
    ...documents('Custo/IDPThemes', 'theme', { payload: {} }),
    ...Object.fromEntries(
      Object.entries(documents('Application/CardAuth', 'cards')).filter(([name]) => !name.startsWith('PUT ')),
    ),
    'GET /configuration/{tenant}/v2/CorsOrigins': stock,
    'PUT /configuration/{tenant}/v2/CorsOrigins': { kind: 'own', test: '../configuration/cors.test.ts' },
    'GET /configuration/{tenant}/v2/Fido/Policy': stock,
    'PUT /configuration/{tenant}/v2/Fido/Policy': { kind: 'own', test: '../passkeys/trust-policy.test.ts' },
    'GET /configuration/{tenant}/v2/Fido/Models/{id}': { kind: 'own', test: '../passkeys/trust-policy.test.ts' },
    'GET /scim/{tenant}/v2/Device/Provision': list,
    'POST /scim/{tenant}/v2/Device/Provision': { kind: 'own', test: 'creating' },
    'POST /scim/{tenant}/v2/Device/Provision/.search': list,
    'GET /scim/{tenant}/v2/Device/Provision/{id}': { kind: 'one', id: provision },
    'POST /scim/{tenant}/v2/Device/Provision/{id}': { kind: 'one', id: provision, body: confirm },
    'DELETE /scim/{tenant}/v2/Device/Provision/{id}': { kind: 'one', id: provision },
    'POST /{tenant}/authn/bcauthorize': approve,
    'GET /{tenant}/authn/bcauthorize/deliveries': approve,
    'GET /{tenant}/approve/v1/service': approve,
    'POST /{tenant}/approve/v1/activation/start': approve,
    'POST /{tenant}/approve/v1/activation': approve,
    'GET /{tenant}/approve/v1/inbox': approve,
    'GET /{tenant}/approve/v1/approvals/{id}': approve,
    'POST /{tenant}/approve/v1/approvals/{id}/answer': approve,
    'POST /{tenant}/approve/v1/scan': approve,
    'POST /{tenant}/approve/v1/requests': approve,
    'GET /{tenant}/approve/v1/events': approve,
    'GET /{tenant}/approve/v1/policy': approve,
    'PUT /{tenant}/approve/v1/device': approve,
    'POST /{tenant}/approve/v1/device/keys': approve,
    'DELETE /{tenant}/approve/v1/device': approve,
    'GET /{tenant}/account': { kind: 'open', why: 'a page without anything of anybody' },
    'GET /account-app/{file}': open,
    'GET /portal/{file}': open,
    'GET /{tenant}/account/profile': account,
    'GET /{tenant}/account/devices': account,
    'POST /{tenant}/account/devices': account,
    'PATCH /{tenant}/account/devices/{id}': account,
    'POST /{tenant}/account/devices/{id}/confirm': account,
    'DELETE /{tenant}/account/devices/{id}': account,
    'GET /{tenant}/account/passwords': account,
    'POST /{tenant}/account/password': account,
    'DELETE /{tenant}/account/session': account,
    'GET /healthz': open,
    'GET /readyz': open,
    'GET /metrics': open,
    'GET /openapi.json': open,
    'GET /docs': open,
    'GET /docs.css': open,
  }

  const each = (...kinds: readonly Case['kind'][]) =>
    served.flatMap(one => {
      const found = cases[nameOf(one)]
      return found && kinds.includes(found.kind) ? [[one, found] as const] : []
    })

  test('H3: every endpoint that is served has its case here', () => {
    expect(served.map(nameOf).sort()).toEqual(Object.keys(cases).sort())
  })

  test('H3: the neighbour’s tokens open nothing here, and ours nothing there', async () => {
    let tried = 0
    for (const [{ method, path }, found] of each('one', 'list', 'stock', 'own')) {
      if (path.endsWith('/token')) continue
      const body = found.kind === 'one' ? found.body : {}
      const id = found.kind === 'one' ? found.id(mine) : 'AT_OTP'
      for (const bearer of [theirs.bearer, theirs.userToken]) {
        const { status } = await api(
          world,
          bearer,
          method,
          pathOf(path, id),
          method === 'GET' || method === 'DELETE' ? undefined : body,
        )
        expect([method, path, status]).toEqual([method, path, 401])
      }
      const there = pathOf(path, found.kind === 'one' ? found.id(theirs) : 'AT_OTP', NEIGHBOUR)
      const { status } = await api(
        world,
        mine.bearer,
        method,
        there,
        method === 'GET' || method === 'DELETE' ? undefined : body,
      )
      expect([method, path, status]).toEqual([method, path, 401])
      tried += 3
    }
    expect(tried).toBeGreaterThan(100)
  })

  test('H3: the neighbour’s ids name nothing here', async () => {
    const before = await everythingOf(theirs)
    for (const [{ method, path }, found] of each('one')) {
      if (found.kind !== 'one') continue
      const { status, text } = await api(
        world,
        mine.bearer,
        method,
        pathOf(path, found.id(theirs)),
        method === 'GET' || method === 'DELETE' ? undefined : found.body,
      )
      expect([method, path, status]).toEqual([method, path, 404])
      expect(text).not.toContain(MARK)
    }
    expect(await everythingOf(theirs)).toEqual(before)
  })

  /** What the neighbour sees of his own: it is there, and stays as it is. */
  async function everythingOf(side: Side): Promise<unknown[]> {
    const shown: unknown[] = []
    for (const [{ method, path }, found] of each('one')) {
      if (method !== 'GET' || found.kind !== 'one') continue
      const { status, body } = await api(
        world,
        side.bearer,
        'GET',
        pathOf(path, found.id(side), side.world.demo.tenant),
      )
      expect([path, status]).toEqual([path, 200])
      shown.push(body)
    }
    return shown
  }

  test('H3: lists and searches show only their own tenant’s, by the names that both have', async () => {
    for (const [{ method, path }] of each('list')) {
      const ask = (by: Side) =>
        api(
          world,
          by.bearer,
          method,
          pathOf(path, undefined, by.world.demo.tenant),
          method === 'GET' ? undefined : { count: 100 },
        )
      const [here, there] = [await ask(mine), await ask(theirs)]
      expect([path, here.status, there.status]).toEqual([path, 200, 200])
      expect(here.text).not.toContain(MARK)
      expect(here.text).not.toContain(`/${NEIGHBOUR}/`)
      expect(there.text).not.toContain(`/${world.demo.tenant}/`)
    }
    for (const [noun, filter] of [
      ['Users', `userName eq "${TWIN}"`],
      ['Device', `externalId eq ${TWIN_DEVICE}`],
    ] as const) {
      for (const side of [mine, theirs]) {
        const { body } = await scim(side.world, side.bearer, 'POST', `/${noun}/.search`, { filter })
        expect([noun, body.totalResults, body.resources[0].id]).toEqual([
          noun,
          1,
          noun === 'Users' ? side.user.id : side.device,
        ])
      }
    }
  })

  test('H3: creating: the neighbour’s things cannot be referred to', async () => {
    const call = (method: string, path: string, body: object) => scim(world, mine.bearer, method, path, body)
    const answers = [
      await call('POST', '/Authenticator', { policy: { value: 'AT_EMPOTP' }, owner: { value: theirs.user.id } }),
      await call('POST', '/Authenticator', { policy: { value: 'AT_EMPOTP' }, owner: { display: `${MARK}-1` } }),
      await call('POST', '/Device/Provision', { deviceType: 'DT_APPR_OT', owner: { value: theirs.user.id } }),
      await call('PUT', `/Device/${mine.device}`, { owner: { value: theirs.user.id } }),
      await call('PUT', `/Device/${mine.device}`, { owner: { display: `${MARK}-1` } }),
      await call('POST', `/Authenticator/${mine.authenticator}`, challengeBody(theirs.device)),
      await call('POST', `/Authenticator/.AT_OTP`, {
        'urn:hid:scim:api:idp:2.0:Action': {
          action: 'RESET',
          attributes: [{ name: 'USER.EXTERNALID', value: `${MARK}-1` }],
        },
      }),
    ]
    expect(answers.filter(({ status }) => status !== 400 && status !== 404).map(({ text }) => text)).toEqual([])
    // A name that the neighbour uses is free here, and taken there.
    expect((await call('POST', '/Users', { userName: `${MARK}-1` })).status).toBe(201)
    expect((await scim(theirs.world, theirs.bearer, 'POST', '/Users', { userName: `${MARK}-1` })).status).toBe(409)
    await scim(
      world,
      mine.bearer,
      'DELETE',
      `/Users/${(await call('POST', '/Users/.search', { filter: `userName eq ${MARK}-1` })).body.resources[0].id}`,
    )
  })

  test('H3: the token endpoint: neither clients nor secrets, passwords, codes or devices cross', async () => {
    const grant = { grant_type: 'client_credentials' }
    const { client_id, client_secret } = theirs.world.demo.client
    expect((await token(world, grant, { authorization: basic(client_id, client_secret) })).status).toBe(401)
    expect((await token(world, { ...grant, client_id: world.demo.client.client_id, client_secret })).status).toBe(400)
    const login = { grant_type: 'password', username: TWIN, authType: 'AT_STDPWD', noToken: '1' }
    const by = { authorization: `Bearer ${mine.bearer}` }
    expect((await token(world, { ...login, password: theirs.password }, by)).body.error).toBe('invalid_grant')
    expect(
      (await token(world, { ...login, password: mine.password }, { authorization: `Bearer ${theirs.bearer}` })).status,
    ).toBe(401)
    expect((await token(world, { ...login, password: mine.password }, by)).status).toBe(200)
    const code = totpAt(theirs.seed, world.now_seconds())
    expect((await otp(world, mine.bearer, TWIN, code)).status).toBe(400)
    expect((await otp(world, mine.bearer, TWIN, code, { device_id: theirs.device })).status).toBe(400)
    expect((await otp(theirs.world, theirs.bearer, TWIN, code)).status).toBe(200)
  })

  test('H3: documents: the neighbour’s cannot be copied, and his id is free here', async () => {
    const path = `/configuration/${world.demo.tenant}/v2/Device/Type`
    const copied = { id: 'DT_COPY', copyFrom: theirs.deviceType }
    expect((await api(world, mine.bearer, 'POST', path, copied)).status).toBe(400)
    const same = { id: theirs.deviceType, copyFrom: 'DT_TDSV4' }
    expect((await api(world, mine.bearer, 'POST', path, same)).status).toBe(201)
    expect((await api(world, mine.bearer, 'DELETE', `${path}/${theirs.deviceType}`)).status).toBe(204)
    const there = pathOf('/configuration/{tenant}/v2/Device/Type/{id}', theirs.deviceType, NEIGHBOUR)
    expect((await api(world, theirs.bearer, 'GET', there)).body.notes).toBe(MARK)
  })

  test('H3: clients: one that registers here is none there', async () => {
    const { body } = await api(world, mine.bearer, 'POST', `/${world.demo.tenant}/authn/register`, {})
    const proof = { authorization: basic(body.client_id, body.client_secret) }
    const grant = { grant_type: 'client_credentials' }
    expect((await token(world, grant, proof)).status).toBe(200)
    expect((await token(theirs.world, grant, proof)).status).toBe(401)
  })

  test('H3: failures here lock nobody there', async () => {
    for (let n = 0; n < 9; n++) await otp(world, mine.bearer, TWIN, '000000')
    expect((await scim(world, mine.bearer, 'GET', `/Authenticator/${mine.authenticator}`)).body.status.active).toBe(
      false,
    )
    expect(
      (await scim(theirs.world, theirs.bearer, 'GET', `/Authenticator/${theirs.authenticator}`)).body.status.active,
    ).toBe(true)
  })

  test('H3: what is signed for one tenant is signed by its own key and names its own issuer', async () => {
    const keys = async (tenant: string) =>
      (await send(`${world.base}/${tenant}/authn/jwks`)).body.keys.map(({ n }: { n: string }) => n) as string[]
    for (const side of [mine, theirs]) {
      const { status } = await send(`${world.base}/${side.world.demo.tenant}/authn/userinfo`, {
        headers: { authorization: `Bearer ${side.userToken}` },
      })
      expect(status).toBe(200)
    }
    const [here, there] = [await keys(world.demo.tenant), await keys(NEIGHBOUR)]
    expect(here.length * there.length).toBeGreaterThan(0)
    expect(here.filter(one => there.includes(one))).toEqual([])
  })
})
