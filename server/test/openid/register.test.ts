/**
 * A client of one's own: registered by a privileged bearer, without a role until somebody gives it one, read back without its
 * secret, removed with everything it opened. And what is refused, with nothing left behind.
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { basic, clientToken, engineNames, scim, send, startWorld, token, type World } from '../world.ts'

const grant = { grant_type: 'client_credentials' }
const rsaKey = (bits = 2048, more: object = {}) => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: bits })
  return { open: { ...publicKey.export({ format: 'jwk' }), ...more }, closed: privateKey.export({ format: 'jwk' }) }
}
/** What an application of the reference sends. */
const usual = {
  client_name: 'Bank',
  redirect_uris: ['https://rp.example/back'],
  token_endpoint_auth_method: 'client_secret_basic',
  grant_types: ['client_credentials', 'password', 'authorization_code', 'urn:openid:params:grant-type:ciba'],
  response_types: ['code', 'code id_token'],
  hid_client_channel: 'CH_EXTRAPP',
  hid_user_channel: 'CH_EXTRAPP',
  hid_client_scopes: JSON.stringify({ scopes: ['openid', 'profile', 'hid-tx-sign'] }),
  hid_client_consentprompt: 'false',
  hid_ciba_callback_format_plain: 'True',
  backchannel_token_delivery_mode: 'push',
}

describe.each(engineNames)('on %s', engine => {
  let world: World
  let bearer: string
  beforeAll(async () => {
    world = await startWorld(engine)
    bearer = await clientToken(world)
  })
  afterAll(() => world.close())

  const authn = () => `${world.base}/${world.demo.tenant}/authn`
  const call = (method: string, address: string, body?: unknown, by = bearer) =>
    send(address, {
      method,
      headers: { authorization: `Bearer ${by}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  const register = (metadata: unknown, by = bearer) => call('POST', `${authn()}/register`, metadata, by)
  const userOf = async (id: string) =>
    (await scim(world, bearer, 'POST', '/Users/.search', { filter: `externalId eq "${id}"` })).body
  const total = async () => (await scim(world, bearer, 'GET', '/Users?count=1')).body.totalResults

  test('200, what was sent and what the server made; the secret once', async () => {
    const { status, body } = await register(usual)
    expect(status).toBe(200)
    expect(body).toMatchObject(usual)
    expect(body).toMatchObject({
      client_id: expect.stringMatching(/^[0-9]{40,}$/),
      client_secret: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      client_secret_expires_at: 0,
      client_id_issued_at: expect.any(Number),
      registration_client_uri: `${world.demo.base}/${world.demo.tenant}/authn/register/${body.client_id}`,
      tls_client_certificate_bound_access_tokens: false,
      number_matching: false,
    })
    const { client_secret, client_secret_expires_at, ...shown } = body
    const read = await call('GET', `${authn()}/register/${body.client_id}`)
    expect([read.status, read.body]).toEqual([200, shown])
    expect(read.text).not.toContain(client_secret)
    expect(client_secret_expires_at).toBe(0)
  })

  test('its user stands in UG_CLIENTID without a role: it gets a token and may do nothing until it has one', async () => {
    const { body } = await register(usual)
    const found = await userOf(body.client_id)
    expect(found.totalResults).toBe(1)
    const [user] = found.resources
    expect([user.groups?.[0]?.value, user.roles ?? []]).toEqual(['UG_CLIENTID', []])
    const authorization = basic(body.client_id, body.client_secret)
    const own = (await token(world, grant, { authorization })).body.access_token
    expect((await scim(world, own, 'GET', '/Users')).status).toBe(403)
    expect((await register(usual, own)).status).toBe(403)
    const login = { grant_type: 'password', username: 'nobody', password: 'x', authType: 'AT_STDPWD' }
    expect((await token(world, login, { authorization })).body.error).toBe('insufficient_scope')
    const given = await scim(world, bearer, 'PUT', `/Users/${user.id}`, { roles: [{ value: 'RL_CLIENTIDM2M' }] })
    expect(given.status).toBe(200)
    expect((await scim(world, own, 'GET', '/Users')).status).toBe(200)
    expect((await token(world, login, { authorization })).body.error).toBe('invalid_grant')
  })

  test('removed: client, user and tokens are gone at once, and a second time there is nothing', async () => {
    const { body } = await register(usual)
    const before = await total()
    const authorization = basic(body.client_id, body.client_secret)
    const own = (await token(world, grant, { authorization })).body.access_token
    const address = `${authn()}/register/${body.client_id}`
    expect((await call('DELETE', address)).status).toBe(204)
    expect(await total()).toBe(before - 1)
    expect((await userOf(body.client_id)).totalResults).toBe(0)
    expect((await scim(world, own, 'GET', '/Users')).status).toBe(401)
    expect((await token(world, grant, { authorization })).status).toBe(401)
    for (const method of ['GET', 'DELETE']) {
      const { status, body: refusal } = await call(method, address)
      expect([status, refusal.error]).toEqual([404, 'not_found'])
    }
  })

  test('userless_silent, dcs and dcs_free_text come from the registering client unless it says otherwise', async () => {
    const switches = ({ body }: { body: Record<string, unknown> }) => [
      body.userless_silent,
      body.dcs,
      body.dcs_free_text,
      body.number_matching,
    ]
    expect(switches(await register(usual))).toEqual([true, true, true, false])
    expect(switches(await register({ ...usual, dcs: false, number_matching: true }))).toEqual([
      true,
      false,
      false,
      true,
    ])
    expect(switches(await register({ ...usual, userless_silent: 'False' }))).toEqual([false, true, true, false])

    const admin = { username: world.demo.admin.externalId, password: world.demo.admin.password }
    const person = (await token(world, { grant_type: 'password', ...admin }, { authorization: `Bearer ${bearer}` }))
      .body
    expect(switches(await register(usual, person.access_token))).toEqual([false, false, false, false])

    const { client_id, client_secret } = world.demo.rp
    const rp = (await token(world, grant, { authorization: basic(client_id, client_secret) })).body.access_token
    expect((await register(usual, rp)).status).toBe(403)
  })

  test('little is needed: an empty object is a client of the default kind', async () => {
    const { status, body } = await register({})
    expect([status, body.token_endpoint_auth_method, body.grant_types, body.scope]).toEqual([
      200,
      'client_secret_basic',
      ['client_credentials', 'password'],
      'openid profile',
    ])
  })

  test('clients of the command line can be read too, and show nothing secret', async () => {
    const { client_id, client_secret } = world.demo.client
    const { status, body, text } = await call('GET', `${authn()}/register/${client_id}`)
    expect([status, body.client_name, body.userless_silent]).toEqual([200, 'demo client', true])
    expect(text).not.toContain(client_secret)
    const rp = await call('GET', `${authn()}/register/${world.demo.rp.client_id}`)
    expect(rp.body).toMatchObject({ number_matching: true, dcs: false })
  })

  test('private_key_jwt and none have no secret', async () => {
    const jwks = { keys: [rsaKey().open] }
    for (const more of [
      { token_endpoint_auth_method: 'private_key_jwt', jwks },
      { token_endpoint_auth_method: 'none' },
    ]) {
      const { body } = await register({ ...usual, grant_types: ['authorization_code'], ...more })
      expect([body.token_endpoint_auth_method, body.client_secret]).toEqual([
        more.token_endpoint_auth_method,
        undefined,
      ])
      const bare = await token(world, { ...grant, client_id: body.client_id })
      expect(bare.status).toBe(400)
      expect(['invalid_client', 'unauthorized_client']).toContain(bare.body.error)
      const guessed = await token(world, { ...grant, client_id: body.client_id, client_secret: 'x' })
      expect(guessed.body.error).toBe('invalid_client')
    }
  })

  test('a client registered for the body may not use Basic', async () => {
    const { body } = await register({ ...usual, token_endpoint_auth_method: 'client_secret_post' })
    const { client_id, client_secret } = body
    expect((await token(world, { ...grant, client_id, client_secret })).status).toBe(200)
    expect((await token(world, grant, { authorization: basic(client_id, client_secret) })).status).toBe(401)
  })

  test('encrypted id_tokens need a key for it', async () => {
    const alg = { id_token_encrypted_response_alg: 'RSA-OAEP-256', hid_ciba_callback_format_plain: 'False' }
    const sound = { ...usual, ...alg, jwks: { keys: [rsaKey(2048, { use: 'enc' }).open] } }
    expect((await register(sound)).body.id_token_encrypted_response_enc).toBe('A128CBC-HS256')
    expect((await register({ ...sound, id_token_encrypted_response_enc: 'A256GCM' })).status).toBe(200)
    for (const jwks of [undefined, { keys: [rsaKey(2048, { use: 'sig' }).open] }, { keys: [rsaKey().open] }]) {
      expect((await register({ ...sound, jwks })).body.error).toBe('invalid_client_metadata')
    }
    expect((await register({ ...sound, hid_ciba_callback_format_plain: 'True' })).status).toBe(400)
  })

  const closed = rsaKey().closed
  const weak = rsaKey(1024).open
  const point = {
    kty: 'EC',
    crv: 'P-256',
    x: randomBytes(32).toString('base64url'),
    y: randomBytes(32).toString('base64url'),
  }
  const key = rsaKey(2048, { kid: 'a' }).open
  test.each<[string, Record<string, unknown>]>([
    ['a name that is no text', { client_name: 7 }],
    ['a name that turns the text around it', { client_name: 'Bank\u202egnaB' }],
    ['a name too long', { client_name: 'x'.repeat(101) }],
    ['an unknown method', { token_endpoint_auth_method: 'client_secret_jwt' }],
    ['an unknown grant', { grant_types: ['urn:example:none'] }],
    ['a grant that is no text', { grant_types: [{}] }],
    ['grants that are no list', { grant_types: 'password' }],
    ['a password for a client that proves nothing', { token_endpoint_auth_method: 'none' }],
    ['a code without a place to send it', { redirect_uris: [] }],
    ['an unknown response type', { response_types: ['token'] }],
    ['a workflow that is not there', { workflow_id: 'WF_1' }],
    ['a theme that is not there', { theme_id: 'TH_1' }],
    ['an unknown scope', { hid_client_scopes: '{"scopes":["admin"]}' }],
    ['a scope of its own', { hid_client_scopes: '{"scopes":[{"name":{}}]}' }],
    ['scopes that are no JSON', { hid_client_scopes: 'openid' }],
    ['scopes that contradict each other', { scope: 'openid' }],
    ['an unknown channel', { hid_user_channel: 'CH_NONE' }],
    ['an unknown channel of its own', { hid_client_channel: 'CH_NONE' }],
    ['an unknown policy', { hid_user_authn_policy: 'AT_NONE' }],
    ['a policy for its secret that holds no secret', { hid_client_pwd_policy: 'AT_OTP' }],
    ['a switch that is neither on nor off', { dcs: 'maybe' }],
    ['a switch that is a number', { number_matching: 1 }],
    ['a switch that is a list', { userless_silent: [true] }],
    ['free text without signatures', { dcs: false, dcs_free_text: true }],
    ['an unknown mode', { backchannel_token_delivery_mode: 'pull' }],
    ['ping without an address', { backchannel_token_delivery_mode: 'ping' }],
    ['a callback without TLS', { backchannel_client_notification_endpoint: 'http://rp.example/cb' }],
    ['a callback into a private network', { hid_callback_uris: ['http://10.0.0.1/cb'] }],
    ['an unsigned id_token', { id_token_signed_response_alg: 'none' }],
    ['an old encryption', { id_token_encrypted_response_alg: 'RSA1_5' }],
    ['a method without a key', { token_endpoint_auth_method: 'private_key_jwt' }],
    [
      'a method with a key for something else',
      { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [rsaKey(2048, { use: 'enc' }).open] } },
    ],
    ['a private key', { jwks: { keys: [closed] } }],
    ['a shared key', { jwks: { keys: [{ kty: 'oct', k: 'AAAA' }] } }],
    ['a weak key', { jwks: { keys: [weak] } }],
    ['an exponent of one', { jwks: { keys: [{ ...key, e: 'AQ' }] } }],
    ['a point beside the curve', { jwks: { keys: [point] } }],
    ['another curve', { jwks: { keys: [{ ...point, crv: 'P-521' }] } }],
    ['no keys', { jwks: { keys: [] } }],
    ['keys that are no list', { jwks: { keys: key } }],
    ['two keys of one name', { jwks: { keys: [key, { ...key }] } }],
    ['eleven keys', { jwks: { keys: Array.from({ length: 11 }, (_, n) => ({ ...key, kid: String(n) })) } }],
    ['keys to be fetched', { jwks_uri: 'https://rp.example/jwks' }],
    ['an id of its own', { client_id: '42' }],
    ['a secret of its own', { client_secret: 'x' }],
    ['a statement', { software_statement: 'a.b.c' }],
    ['bound tokens', { tls_client_certificate_bound_access_tokens: true }],
    ['pairwise subjects', { subject_type: 'pairwise' }],
    ['allowed addresses', { hid_client_authentication_constraints: '10.0.0.0/8' }],
    ['another group', { hid_client_group: 'UG_ORGADMIN' }],
    ['too many members', Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`x${n}`, n]))],
  ])('refused: %s', async (_, more) => {
    const before = await total()
    const { status, body } = await register({ ...usual, ...more })
    expect([status, body.error]).toEqual([400, 'invalid_client_metadata'])
    expect(await total()).toBe(before)
  })

  test('refused: a redirect URI that is none, a body too large, no bearer', async () => {
    expect((await register({ ...usual, redirect_uris: ['https://rp.example/#x'] })).body.error).toBe(
      'invalid_redirect_uri',
    )
    expect((await register({ ...usual, x: 'y'.repeat(20_000) })).status).toBe(413)
    expect((await register([])).status).toBe(400)
    const nobody = await send(`${authn()}/register`, { method: 'POST', body: JSON.stringify(usual) })
    expect([nobody.status, nobody.body.error]).toEqual([401, 'invalid_token'])
  })
})
