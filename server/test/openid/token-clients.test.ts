/**
 * How a client proves itself: Basic or body, each in its dialect (401 or 400), or the token it holds. And who may then do
 * what: a plain client authenticates users, a privileged one administers, a user's token does neither.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  basic,
  clientToken,
  engineNames,
  givePassword,
  makeUser,
  scim,
  send,
  startWorld,
  token,
  type World,
} from '../world.ts'

describe.each(engineNames)('on %s', engine => {
  let world: World
  let bearer: string
  let login: Record<string, string>
  let username: string
  beforeAll(async () => {
    world = await startWorld(engine)
    bearer = await clientToken(world)
    const user = await makeUser(world, bearer)
    username = user.name
    const password = await givePassword(world, bearer, user.id)
    login = { grant_type: 'password', username, password, authType: 'AT_STDPWD' }
  })
  afterAll(() => world.close())
  const grant = { grant_type: 'client_credentials' }

  test('Basic or body: a token of an hour', async () => {
    const { client_id, client_secret } = world.demo.rp
    const answers = [
      await token(world, grant, { authorization: basic(client_id, client_secret) }),
      await token(world, { ...grant, client_id }, { authorization: basic(client_id, client_secret) }),
      await token(world, { ...grant, client_id, client_secret }),
    ]
    for (const { status, body } of answers) {
      const access_token = expect.stringMatching(/^[A-Za-z0-9+/]{40}$/)
      expect([status, body]).toEqual([200, { access_token, token_type: 'Bearer', expires_in: 3600 }])
    }
    expect(new Set(answers.map(({ body }) => body.access_token)).size).toBe(3)
  })

  test('a wrong secret: 400 in the body, 401 with a challenge in Basic', async () => {
    const { client_id } = world.demo.rp
    const inBody = await token(world, { ...grant, client_id, client_secret: 'wrong' })
    expect([inBody.status, inBody.body.error, inBody.headers.get('www-authenticate')]).toEqual([
      400,
      'invalid_client',
      null,
    ])
    const inBasic = await token(world, grant, { authorization: basic(client_id, 'wrong') })
    expect([inBasic.status, inBasic.body.error]).toEqual([401, 'invalid_client'])
    expect(inBasic.headers.get('www-authenticate')).toBe('Basic realm="authn"')
  })

  test.each([
    ['not base64', 'Basic §§'],
    ['no colon', `Basic ${Buffer.from('alone').toString('base64')}`],
    ['no id', `Basic ${Buffer.from(':secret').toString('base64')}`],
    ['too long', `Basic ${Buffer.from(`a:${'x'.repeat(1100)}`).toString('base64')}`],
  ])('a Basic header that cannot be read: %s', async (_, authorization) => {
    const answer = await token(world, grant, { authorization: Buffer.from(authorization).toString('latin1') })
    expect([answer.status, answer.body.error]).toEqual([401, 'invalid_client'])
  })

  test('T5: body credentials win over an empty Basic header, and a filled one beside them is refused', async () => {
    const { client_id, client_secret } = world.demo.rp
    for (const authorization of ['Basic Og==', 'Basic ', 'basic Og==']) {
      expect((await token(world, { ...grant, client_id, client_secret }, { authorization })).status).toBe(200)
      for (const fields of [grant, { ...grant, client_id, client_secret: 'wrong' }]) {
        const { status, body } = await token(world, fields, { authorization })
        expect([status, body.error]).toEqual([400, 'invalid_client'])
      }
    }
    const both = await token(
      world,
      { ...grant, client_id, client_secret },
      { authorization: basic(client_id, client_secret) },
    )
    expect([both.status, both.body.error]).toEqual([400, 'invalid_request'])
    const other = { authorization: basic(client_id, client_secret) }
    expect((await token(world, { ...grant, client_id: world.demo.client.client_id }, other)).body.error).toBe(
      'invalid_request',
    )
  })

  test('nobody proved himself: the same for both grants', async () => {
    for (const fields of [grant, login, { ...grant, client_id: world.demo.rp.client_id }]) {
      const { status, body } = await token(world, fields)
      expect([status, body.error]).toEqual([400, 'invalid_client'])
    }
  })

  test('client_credentials by a token: a token is no secret', async () => {
    const { status, body } = await token(world, grant, { authorization: `Bearer ${bearer}` })
    expect([status, body.error]).toEqual([400, 'invalid_client'])
  })

  test('a user in one step with the secret, or in two with the token of the client', async () => {
    const { client_id, client_secret } = world.demo.rp
    expect((await token(world, { ...login, client_id, client_secret })).status).toBe(200)
    expect((await token(world, login, { authorization: basic(client_id, client_secret) })).status).toBe(200)
    const own = await token(world, grant, { authorization: basic(client_id, client_secret) })
    expect((await token(world, login, { authorization: `Bearer ${own.body.access_token}` })).status).toBe(200)
  })

  test('the token of a user authenticates nobody and administers nothing', async () => {
    const mine = (await token(world, login, { authorization: `Bearer ${bearer}` })).body.access_token as string
    const asUser = await token(world, login, { authorization: `Bearer ${mine}` })
    expect([asUser.status, asUser.body.error]).toEqual([401, 'invalid_token'])
    for (const path of ['/Users', '/Device', '/Authenticator', '/Credential', '/Policy/Authenticator']) {
      const { status, body } = await scim(world, mine, 'GET', path)
      expect([path, status, body.scimType, body.detail]).toEqual([path, 403, 'forbidden', expect.any(String)])
    }
  })

  test('RL_OPENIDCLIENT may authenticate but not administrate', async () => {
    const { client_id, client_secret } = world.demo.rp
    const own = (await token(world, grant, { authorization: basic(client_id, client_secret) })).body
      .access_token as string
    expect((await token(world, login, { authorization: `Bearer ${own}` })).status).toBe(200)
    for (const [method, path] of [
      ['GET', '/Users'],
      ['POST', '/Users/.search'],
      ['POST', '/Device/.import'],
    ] as const) {
      expect((await scim(world, own, method, path, method === 'GET' ? undefined : {})).status).toBe(403)
    }
  })

  test('RL_ORGADMIN: an administrator’s own token administers', async () => {
    const { externalId, password } = world.demo.admin
    const fields = { grant_type: 'password', username: externalId, password, authType: 'AT_STDPWD' }
    const own = (await token(world, fields, { authorization: `Bearer ${bearer}` })).body.access_token as string
    expect((await scim(world, own, 'GET', '/Users')).status).toBe(200)
    expect((await scim(world, own, 'POST', '/Users', { userName: 'made-by-ada' })).status).toBe(201)
  })

  test('a client whose role was taken away authenticates nobody, with the token it has too', async () => {
    const tenant = await world.office.directory.find(world.demo.tenant)
    if (!tenant) throw new Error('no demo tenant')
    const made = await world.office.clients.register(tenant, {
      name: 'short-lived',
      role: 'RL_OPENIDCLIENT',
      scopes: ['openid'],
    })
    const authorization = basic(made.clientId, made.secret)
    const own = (await token(world, grant, { authorization })).body.access_token as string
    expect((await token(world, login, { authorization: `Bearer ${own}` })).status).toBe(200)
    const changed = await scim(world, bearer, 'PUT', `/Users/${made.user}`, { roles: [{ value: 'RL_AUDITV' }] })
    expect(changed.status).toBe(200)
    for (const by of [`Bearer ${own}`, authorization]) {
      const { status, body } = await token(world, login, { authorization: by })
      expect([status, body.error]).toEqual([403, 'insufficient_scope'])
    }
  })

  test('unauthorized_client: a grant that the client did not register', async () => {
    const tenant = await world.office.directory.find(world.demo.tenant)
    if (!tenant) throw new Error('no demo tenant')
    const made = await world.office.clients.register(tenant, {
      name: 'bare',
      role: 'RL_OPENIDCLIENT',
      scopes: ['openid'],
    })
    await world.ground.store.write(tenant.number, function* () {
      const document = JSON.stringify({
        name: 'bare',
        grantTypes: [],
        scopes: [],
        ownPolicy: 'AT_SYSLOG',
        userPolicy: 'AT_STDPWD',
        userChannel: 'CH_EXTRAPP',
      })
      const text = 'update client set document = ?3 where tenant_number = ?1 and client_id = ?2'
      yield [{ name: 'test_document', text, values: [tenant.number, made.clientId, document] }]
    })
    for (const fields of [grant, login]) {
      const { status, body } = await token(world, fields, { authorization: basic(made.clientId, made.secret) })
      expect([status, body.error]).toEqual([400, 'unauthorized_client'])
    }
  })

  test('a disabled client gets nothing, and its token opens nothing any more', async () => {
    const tenant = await world.office.directory.find(world.demo.tenant)
    if (!tenant) throw new Error('no demo tenant')
    const made = await world.office.clients.register(tenant, {
      name: 'off',
      role: 'RL_CLIENTIDM2M',
      scopes: ['openid'],
    })
    const authorization = basic(made.clientId, made.secret)
    const own = (await token(world, grant, { authorization })).body.access_token as string
    expect((await scim(world, own, 'GET', '/Users')).status).toBe(200)
    expect((await scim(world, bearer, 'PUT', `/Users/${made.user}`, { active: false })).status).toBe(200)
    expect((await scim(world, own, 'GET', '/Users')).status).toBe(401)
    expect((await token(world, login, { authorization: `Bearer ${own}` })).status).toBe(401)
    for (const fields of [grant, login]) {
      const { status, body } = await token(world, fields, { authorization })
      expect([status, body.error]).toEqual([401, 'invalid_client'])
    }
  })

  test('a disabled client takes the tokens of its users with it', async () => {
    const tenant = await world.office.directory.find(world.demo.tenant)
    if (!tenant) throw new Error('no demo tenant')
    const made = await world.office.clients.register(tenant, {
      name: 'off too',
      role: 'RL_OPENIDCLIENT',
      scopes: ['openid'],
    })
    const users = (await token(world, login, { authorization: basic(made.clientId, made.secret) })).body
      .access_token as string
    expect((await scim(world, bearer, 'PUT', `/Users/${made.user}`, { active: false })).status).toBe(200)
    const held = await send(`${world.base}/${world.demo.tenant}/authn/userinfo`, {
      headers: { authorization: `Bearer ${users}` },
    })
    expect(held.status).toBe(401)
  })

  test('a client that is gone takes the tokens of its users with it', async () => {
    const tenant = await world.office.directory.find(world.demo.tenant)
    if (!tenant) throw new Error('no demo tenant')
    const made = await world.office.clients.register(tenant, {
      name: 'gone',
      role: 'RL_OPENIDCLIENT',
      scopes: ['openid'],
    })
    const own = (await token(world, login, { authorization: basic(made.clientId, made.secret) })).body
      .access_token as string
    const userinfo = () =>
      send(`${world.base}/${world.demo.tenant}/authn/userinfo`, { headers: { authorization: `Bearer ${own}` } })
    expect((await userinfo()).status).toBe(200)
    expect((await scim(world, bearer, 'DELETE', `/Users/${made.user}`)).status).toBe(204)
    expect((await userinfo()).status).toBe(401)
  })
})
