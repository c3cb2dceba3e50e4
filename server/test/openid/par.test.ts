/**
 * Pushed requests (RFC 9126): every way in which a client proves itself, in both dialects; and clients that we did not write, which
 * sign somebody in by them: `openid-client` with PKCE by `code`, and by `code id_token` with a form post.
 */
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { exportJWK, SignJWT } from 'jose'
import * as client from 'openid-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Browser } from '../sign-in/browser.ts'
import { basic, engineNames, form, givePassword, makeUser, send, startWorld, token, type World } from '../world.ts'
import { AskingWorld, CHALLENGE, REDIRECT, type Registered } from './asking.ts'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const least = { response_type: 'code', redirect_uri: REDIRECT }
const proof = { code_challenge: CHALLENGE, code_challenge_method: 'S256' }
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const REQUEST_URI = /^urn:hid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

describe.each(engineNames)('on %s', engine => {
  let world: World
  let asking: AskingWorld
  let secret: Registered
  let own: string
  beforeAll(async () => {
    world = await startWorld(engine)
    asking = await AskingWorld.open(world)
    secret = await asking.register()
    own = (await token(world, { grant_type: 'client_credentials' }, { authorization: basic(secret.id, secret.secret) }))
      .body.access_token
  })
  afterAll(() => world.close())

  const par = (fields: Record<string, string>, headers: Record<string, string> = {}, query = '') =>
    send(`${asking.issuer}/par${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: form(fields),
    })
  const assertion = (id: string, more: object = {}) => {
    const now = world.now_seconds()
    const claims = { iss: id, sub: id, aud: asking.issuer, iat: now, exp: now + 60, jti: randomUUID(), ...more }
    return new SignJWT(claims).setProtectedHeader({ alg: 'RS256' }).sign(rsa.privateKey)
  }

  test('by its bearer token: 200, as the reference answers', async () => {
    const answer = await par({ ...least, client_id: secret.id }, { authorization: `Bearer ${own}` })
    expect([answer.status, answer.body]).toEqual([
      200,
      { request_uri: expect.stringMatching(REQUEST_URI), expires_in: 300 },
    ])
    expect(answer.headers.get('cache-control')).toContain('no-store')
  })

  test('by every other way: 201, as the standard answers', async () => {
    const post = await asking.register({ token_endpoint_auth_method: 'client_secret_post' })
    const keys = [await exportJWK(rsa.publicKey)]
    const jwt = await asking.register({ token_endpoint_auth_method: 'private_key_jwt', jwks: { keys } })
    const open = await asking.register({ token_endpoint_auth_method: 'none', grant_types: ['authorization_code'] })
    const inBody = { client_id: post.id, client_secret: post.secret }
    const signed = { client_assertion_type: ASSERTION_TYPE, client_assertion: await assertion(jwt.id) }
    const parUrl = {
      client_assertion_type: ASSERTION_TYPE,
      client_assertion: await assertion(jwt.id, { aud: `${asking.issuer}/par` }),
    }
    const answers = [
      await par(least, { authorization: basic(secret.id, secret.secret) }),
      await par({ ...least, ...inBody }),
      // T5: an empty header is none.
      await par({ ...least, ...inBody }, { authorization: 'Basic Og==' }),
      await par({ ...least, ...signed }),
      await par({ ...least, ...parUrl, client_id: jwt.id }),
      await par({ ...least, ...proof, client_id: open.id }),
    ]
    expect(answers.map(({ status, body }) => [status, REQUEST_URI.test(body.request_uri)])).toEqual(
      answers.map(() => [201, true]),
    )
    expect(new Set(answers.map(({ body }) => body.request_uri)).size).toBe(answers.length)
    expect((await par({ ...least, ...signed })).body.error).toBe('invalid_client')
    expect((await par({ ...least, client_id: open.id })).body.error).toBe('invalid_request')
  })

  test('T3, T4: JSON, and parameters in the query', async () => {
    const authorization = `Bearer ${own}`
    const json = await send(`${asking.issuer}/par`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
      body: JSON.stringify({ ...least, max_age: 60 }),
    })
    expect(json.status).toBe(200)
    const { redirect_uri, ...rest } = least
    expect((await par(rest, { authorization }, `?${form({ redirect_uri })}`)).status).toBe(200)
  })

  test('refused: nobody, a stranger, a user, another client than that of the token', async () => {
    const user = await makeUser(world, asking.bearer)
    const password = await givePassword(world, asking.bearer, user.id)
    const login = { grant_type: 'password', username: user.name, password, authType: 'AT_STDPWD' }
    const users = (await token(world, login, { authorization: `Bearer ${own}` })).body.access_token
    const cases: [Record<string, string>, Record<string, string>, number, string][] = [
      [least, {}, 400, 'invalid_client'],
      [{ ...least, client_id: secret.id }, {}, 400, 'invalid_client'],
      [{ ...least, client_id: secret.id, ...proof }, {}, 400, 'invalid_client'],
      [{ ...least, client_id: secret.id, client_secret: 'x' }, {}, 400, 'invalid_client'],
      [least, { authorization: basic(secret.id, 'x') }, 401, 'invalid_client'],
      [
        { ...least, client_secret: secret.secret },
        { authorization: basic(secret.id, secret.secret) },
        400,
        'invalid_request',
      ],
      [least, { authorization: `Bearer ${users}` }, 401, 'invalid_token'],
      [least, { authorization: 'Bearer AAAA' }, 401, 'invalid_token'],
      [{ ...least, client_id: world.demo.rp.client_id }, { authorization: `Bearer ${own}` }, 400, 'invalid_request'],
      [
        { ...least, redirect_uri: 'https://evil.example/' },
        { authorization: `Bearer ${own}` },
        400,
        'invalid_redirect_uri',
      ],
      [{ ...least, prompt: 'none' }, { authorization: `Bearer ${own}` }, 400, 'login_required'],
    ]
    for (const [fields, headers, status, error] of cases) {
      const answer = await par(fields, headers)
      expect([fields, answer.status, answer.body.error]).toEqual([fields, status, error])
      expect(answer.headers.get('location')).toBeNull()
    }
  })

  describe('openid-client signs somebody in', () => {
    const execute = [client.allowInsecureRequests]
    async function person() {
      const user = await makeUser(world, asking.bearer)
      return { name: user.name, password: await givePassword(world, asking.bearer, user.id) }
    }

    /** What the browser does with the address that the application sends it to; answers the last call of it. */
    async function signedIn(address: URL, who: { name: string; password: string }) {
      const browser = new Browser(world)
      const requestUri = address.searchParams.get('request_uri') ?? ''
      await browser.visit({ id: address.searchParams.get('client_id') ?? '' }, requestUri)
      const proved = await browser.code({ authType: 'AT_STDPWD', username: who.name, password: who.password })
      expect([proved.status, proved.text]).toEqual([200, expect.any(String)])
      return browser.get(`code?${form({ request_uri: requestUri })}`)
    }

    test.each([
      ['client_secret_basic', {}],
      ['none', { grant_types: ['authorization_code'] }],
    ])('by code with PKCE: %s', async (token_endpoint_auth_method, more) => {
      const rp = await asking.register({ token_endpoint_auth_method, ...more })
      const how = rp.secret === undefined ? client.None() : client.ClientSecretBasic(rp.secret)
      const config = await client.discovery(new URL(asking.issuer), rp.id, undefined, how, { execute })
      const verifier = client.randomPKCECodeVerifier()
      const checks = { expectedNonce: client.randomNonce(), expectedState: client.randomState() }
      const address = await client.buildAuthorizationUrlWithPAR(config, {
        redirect_uri: REDIRECT,
        scope: 'openid profile',
        nonce: checks.expectedNonce,
        state: checks.expectedState,
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      })
      const who = await person()
      const back = await signedIn(address, who)
      const location = new URL(back.headers.get('location') ?? '')
      const tokens = await client.authorizationCodeGrant(config, location, { ...checks, pkceCodeVerifier: verifier })
      expect(tokens.claims()).toMatchObject({ sub: who.name, aud: rp.id, iss: asking.issuer, amr: ['pwd'] })
      expect([tokens.token_type, tokens.scope]).toEqual(['bearer', 'openid profile'])
      await expect(
        client.authorizationCodeGrant(config, location, { ...checks, pkceCodeVerifier: verifier }),
      ).rejects.toMatchObject({ error: 'invalid_grant' })
      const ended = await send(`${asking.issuer}/userinfo`, {
        headers: { authorization: `Bearer ${tokens.access_token}` },
      })
      expect(ended.status).toBe(401)
    })

    test('by code id_token with a form post', async () => {
      const rp = await asking.register()
      const how = client.ClientSecretPost(rp.secret)
      const config = await client.discovery(new URL(asking.issuer), rp.id, undefined, how, { execute })
      client.useCodeIdTokenResponseType(config)
      const checks = { expectedNonce: client.randomNonce(), expectedState: client.randomState() }
      const address = await client.buildAuthorizationUrlWithPAR(config, {
        redirect_uri: REDIRECT,
        scope: 'openid',
        response_mode: 'form_post',
        nonce: checks.expectedNonce,
        state: checks.expectedState,
      })
      const who = await person()
      const page = await signedIn(address, who)
      expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html;charset=UTF-8'])
      expect(page.headers.get('content-security-policy')).toContain('form-action https://rp.example;')
      const fields = [...page.text.matchAll(/name="([a-z_]+)" value="([^"]*)"/g)].map(([, n = '', v = '']) => [n, v])
      const request = new Request(REDIRECT, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(fields).toString(),
      })
      const tokens = await client.authorizationCodeGrant(config, request, checks)
      expect(tokens.claims()).toMatchObject({ sub: who.name, nonce: checks.expectedNonce })
    })
  })
})
