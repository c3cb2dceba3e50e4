/**
 * A client that we did not write finds its way by the metadata alone (OpenID Connect Discovery 1.0), gets its token, and
 * verifies what is signed with the keys that are published.
 */
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import * as client from 'openid-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
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
  let issuer: string
  beforeAll(async () => {
    world = await startWorld(engine)
    issuer = `${world.demo.base}/${world.demo.tenant}/authn`
  })
  afterAll(() => world.close())

  const discovered = (how: (secret: string) => client.ClientAuth, path = '') => {
    const { client_id, client_secret } = world.demo.rp
    const execute = [client.allowInsecureRequests]
    return client.discovery(new URL(issuer + path), client_id, undefined, how(client_secret), { execute })
  }
  const signedBy = (jwt: string) => jwtVerify(jwt, createRemoteJWKSet(new URL(`${issuer}/jwks`)), { issuer })
  const userinfo = (bearer: string, method = 'GET') =>
    send(`${issuer}/userinfo`, { method, headers: { authorization: `Bearer ${bearer}` } })

  test.each([
    ['client_secret_basic', client.ClientSecretBasic],
    ['client_secret_post', client.ClientSecretPost],
  ])('openid-client completes client_credentials: %s', async (_, how) => {
    const config = await discovered(how)
    expect(config.serverMetadata().issuer).toBe(issuer)
    const granted = await client.clientCredentialsGrant(config, { scope: 'openid' })
    expect([granted.token_type, granted.expires_in, granted.access_token.length]).toEqual(['bearer', 3600, 40])
  })

  test('openid-client is told of a wrong secret and an unknown grant in its own words', async () => {
    const config = await discovered(() => client.ClientSecretPost('wrong'))
    await expect(client.clientCredentialsGrant(config)).rejects.toMatchObject({ error: 'invalid_client', status: 400 })
    const basic = await discovered(() => client.ClientSecretBasic('wrong'))
    await expect(client.clientCredentialsGrant(basic)).rejects.toMatchObject({
      code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE',
      status: 401,
    })
    const good = await discovered(client.ClientSecretPost)
    const unknown = client.genericGrantRequest(good, 'urn:example:none', {})
    await expect(unknown).rejects.toMatchObject({ error: 'unsupported_grant_type' })
  })

  test('the metadata is true: each address answers, each grant exists', async () => {
    const { status, body, headers } = await send(`${issuer}/.well-known/openid-configuration`)
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json;charset=UTF-8'])
    for (const [name, address] of Object.entries<string>(body)) {
      if (!/_(endpoint|uri)$/.test(name)) continue
      const answer = await send(address, { method: 'OPTIONS' })
      expect([name, answer.status, answer.headers.get('allow') !== null]).toEqual([name, 204, true])
    }
    for (const grant_type of body.grant_types_supported) {
      expect((await token(world, { grant_type })).body.error).not.toBe('unsupported_grant_type')
    }
    expect(body).toMatchObject({
      authorization_endpoint: `${issuer}/login`,
      pushed_authorization_request_endpoint: `${issuer}/par`,
      response_types_supported: ['code', 'code id_token', 'id_token'],
      response_modes_supported: ['query', 'fragment', 'form_post'],
      code_challenge_methods_supported: ['S256'],
      request_parameter_supported: true,
      request_uri_parameter_supported: false,
      request_object_signing_alg_values_supported: ['RS256', 'PS256', 'ES256'],
      authorization_response_iss_parameter_supported: true,
    })
    expect(body.token_endpoint_auth_methods_supported).toContain('none')
    expect(body.claims_supported).toEqual(
      expect.arrayContaining(['sub', 'iss', 'preferred_username', 'groupids', 'roles']),
    )
  })

  test('G10: the issuer is the same under either prefix and equals the address of discovery', async () => {
    const bare = await send(`${issuer}/.well-known/openid-configuration`)
    expect(bare.body.issuer).toBe(issuer)
    const under = `${world.demo.base}/idp/${world.demo.tenant}/authn`
    const prefixed = await send(`${under}/.well-known/openid-configuration`)
    expect([issuer, under]).toContain(prefixed.body.issuer)
    const bearer = await clientToken(world)
    const { text } = await userinfo(bearer)
    expect((await signedBy(text)).payload.iss).toBe(issuer)
    const config = await discovered(client.ClientSecretPost)
    expect(config.serverMetadata().token_endpoint).toBe(`${issuer}/token`)
  })

  test('the keys: public parts only, with the certificate that the key is in', async () => {
    const { status, body, text } = await send(`${issuer}/jwks`)
    expect(status).toBe(200)
    for (const key of body.keys) {
      expect(key).toMatchObject({ kty: 'RSA', use: 'sig', kid: expect.any(String), e: 'AQAB' })
      expect(key.x5c).toHaveLength(1)
      expect(Object.keys(key).filter(name => ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'].includes(name))).toEqual([])
    }
    expect(text).not.toContain('PRIVATE')
  })

  test('userinfo of a client: a JWT signed with RS256 by a published key, by GET and POST', async () => {
    const bearer = await clientToken(world)
    for (const method of ['GET', 'POST']) {
      const { status, headers, text } = await userinfo(bearer, method)
      expect([status, headers.get('content-type')]).toEqual([200, 'application/jwt; charset=UTF-8'])
      expect(decodeProtectedHeader(text)).toMatchObject({ alg: 'RS256', kid: expect.any(String) })
      const { payload } = await signedBy(text)
      expect(payload).toMatchObject({
        iss: issuer,
        aud: world.demo.client.client_id,
        sub: world.demo.client.client_id,
        groupids: ['UG_CLIENTID'],
        roles: ['RL_CLIENTIDM2M'],
      })
    }
  })

  test('userinfo of a user: the external id is the subject; names only with the scope for them', async () => {
    const bearer = await clientToken(world)
    const user = await makeUser(world, bearer)
    await scim(world, bearer, 'PUT', `/Users/${user.id}`, { name: { givenName: 'Mara', familyName: 'Okafor' } })
    const password = await givePassword(world, bearer, user.id)
    const login = { grant_type: 'password', username: user.name, password, authType: 'AT_STDPWD' }
    const claimsWith = async (more: Record<string, string>) => {
      const { body } = await token(world, { ...login, ...more }, { authorization: `Bearer ${bearer}` })
      return (await signedBy((await userinfo(body.access_token)).text)).payload
    }
    const named = { given_name: 'Mara', family_name: 'Okafor' }
    const always = { iss: issuer, sub: user.name, preferred_username: user.name, groupids: ['UG_ROOT'], roles: [] }
    expect(await claimsWith({})).toMatchObject({ ...always, ...named, acr: 'urn:hidaaas:policy:at_stdpwd' })
    const bare = await claimsWith({ scope: 'openid' })
    expect(bare).toMatchObject(always)
    expect(bare).not.toHaveProperty('given_name')
    expect(bare).not.toHaveProperty('family_name')
  })

  test('userinfo without a token, with one of nobody, and with a signed JWT of ours', async () => {
    const { text } = await userinfo(await clientToken(world))
    for (const authorization of [undefined, 'Bearer ', 'Bearer IA==', `Bearer ${text}`, 'Basic Og==']) {
      const answer = await send(`${issuer}/userinfo`, { headers: authorization === undefined ? {} : { authorization } })
      expect([authorization?.slice(0, 12), answer.status, answer.body.error]).toEqual([
        authorization?.slice(0, 12),
        401,
        'invalid_token',
      ])
      expect(answer.headers.get('www-authenticate')).toContain('Bearer')
    }
  })
})
