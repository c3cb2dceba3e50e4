/**
 * Clients that others wrote sign people in: `openid-client` and `oauth4webapi`, by the standard's own words, with all their checks on.
 * Pushed requests (RFC 9126), PKCE (RFC 7636), `code` by query and `code id_token` by form post, `iss` (RFC 9207), state, nonce, `c_hash` and
 * `at_hash`; each way in which a client proves itself.
 */
import { createHash, generateKeyPairSync } from 'node:crypto'
import { inspect } from 'node:util'
import { exportJWK } from 'jose'
import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Browser, portalClient, REDIRECT, sample } from '../sign-in/browser.ts'
import { PASSWORDS, type SignInWorld, type SomeBody, startSignIn } from '../sign-in/people.ts'

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const SCOPE = 'openid profile'
const HYBRID = { response_type: 'code id_token', response_mode: 'form_post' } as const

let ground: SignInWorld
let person: SomeBody
let issuer: string
beforeAll(async () => {
  ground = await startSignIn()
  person = await ground.person('AT_CUSTPWD')
  issuer = `${ground.world.demo.base}/${ground.world.demo.tenant}/authn`
})
afterAll(() => ground.close())

const key = () =>
  crypto.subtle.importKey(
    'pkcs8',
    ec.privateKey.export({ format: 'der', type: 'pkcs8' }),
    { name: 'ECDSA', namedCurve: 'P-256' },
    false,
    ['sign'],
  )

interface Method {
  readonly method: string
  metadata(): Promise<Record<string, unknown>>
  openidClient(secret: string): Promise<client.ClientAuth>
  oauth4webapi(secret: string): Promise<oauth.ClientAuth>
}

const methods: readonly Method[] = [
  {
    method: 'client_secret_basic',
    metadata: async () => ({}),
    openidClient: async secret => client.ClientSecretBasic(secret),
    oauth4webapi: async secret => oauth.ClientSecretBasic(secret),
  },
  {
    method: 'client_secret_post',
    metadata: async () => ({}),
    openidClient: async secret => client.ClientSecretPost(secret),
    oauth4webapi: async secret => oauth.ClientSecretPost(secret),
  },
  {
    method: 'private_key_jwt',
    metadata: async () => ({
      jwks: { keys: [await exportJWK(ec.publicKey)] },
      id_token_signed_response_alg: 'ES256',
      require_pushed_authorization_requests: true,
    }),
    openidClient: async () => client.PrivateKeyJwt(await key()),
    oauth4webapi: async () => oauth.PrivateKeyJwt(await key()),
  },
  {
    method: 'none',
    metadata: async () => ({ grant_types: ['authorization_code'] }),
    openidClient: async () => client.None(),
    oauth4webapi: async () => oauth.None(),
  },
]

async function registered({ method, metadata }: Method) {
  const about = await metadata()
  const { id, secret } = await portalClient(ground.world, ground.bearer, sample('password-push-automatic'), {
    token_endpoint_auth_method: method,
    ...about,
  })
  return { id, secret, algorithm: (about.id_token_signed_response_alg as string | undefined) ?? 'RS256' }
}

/** A person at the address to which a client sends him; what the client gets from his browser. */
async function signedIn(address: URL): Promise<URL | Request> {
  const { world } = ground
  const browser = new Browser(world)
  browser.requestUri = address.searchParams.get('request_uri') ?? ''
  const arrived = await browser.get(`login${address.search}`)
  expect(arrived.status).toBe(302)
  browser.requestUri ||= new URL(arrived.headers.get('location') ?? '').searchParams.get('request_uri') ?? ''
  browser.csrf = browser.cookies.get('server-csrf-token')
  const proof = { authType: 'AT_CUSTPWD', username: person.name, password: PASSWORDS.AT_CUSTPWD }
  expect((await browser.code(proof)).status).toBe(200)
  const end = await browser.get(`code?request_uri=${encodeURIComponent(browser.requestUri)}`)
  return end.status === 302 ? new URL(end.headers.get('location') ?? '') : posted(end.text)
}

/** What a browser makes of the page: its form, sent. */
function posted(page: string): Request {
  const [, action = ''] = /<form method="post" action="([^"]+)"/.exec(page) ?? []
  const fields = [...page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)]
  const body = new URLSearchParams(fields.map(([, name = '', value = '']) => [name, value]))
  return new Request(action, { method: 'POST', body })
}

const hashOf = (text: string) => createHash('sha256').update(text).digest().subarray(0, 16).toString('base64url')

describe.each(methods)('$method', one => {
  describe('openid-client', () => {
    const configured = async (more: readonly ((config: client.Configuration) => void)[] = []) => {
      const { id, secret, algorithm } = await registered(one)
      const about = { id_token_signed_response_alg: algorithm }
      const execute = [client.allowInsecureRequests, client.enableNonRepudiationChecks, ...more]
      const config = await client.discovery(new URL(issuer), id, about, await one.openidClient(secret), { execute })
      return { id, config }
    }
    const asked = async (verifier: string, state: string, nonce: string) => ({
      ...{ redirect_uri: REDIRECT, scope: SCOPE, state, nonce, login_hint: person.name },
      ...{ code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' },
    })
    const secrets = () =>
      [client.randomPKCECodeVerifier(), client.randomState(), client.randomNonce()] as [string, string, string]

    test('PAR, PKCE, code', async () => {
      const { id, config } = await configured()
      const [pkceCodeVerifier, expectedState, expectedNonce] = secrets()
      const parameters = await asked(pkceCodeVerifier, expectedState, expectedNonce)
      const address = await client.buildAuthorizationUrlWithPAR(config, parameters)
      expect([...address.searchParams.keys()].sort()).toEqual(['client_id', 'request_uri'])
      const back = (await signedIn(address)) as URL
      expect(back.searchParams.get('iss')).toBe(issuer)
      const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true }
      const tokens = await client.authorizationCodeGrant(config, back, checks)
      expect(tokens.claims()).toMatchObject({
        ...{ iss: issuer, aud: id, sub: person.name, nonce: expectedNonce, acr: 'acr_up', amr: ['pwd'] },
        at_hash: hashOf(tokens.access_token),
      })
      const info = await client.fetchUserInfo(config, tokens.access_token, person.name)
      expect(info.sub).toBe(person.name)
      await expect(client.authorizationCodeGrant(config, back, checks)).rejects.toMatchObject({
        error: 'invalid_grant',
      })
    })

    test('code id_token by form post', async () => {
      const { config } = await configured([client.useCodeIdTokenResponseType])
      const [pkceCodeVerifier, expectedState, expectedNonce] = secrets()
      const parameters = { ...(await asked(pkceCodeVerifier, expectedState, expectedNonce)), ...HYBRID }
      const back = (await signedIn(await client.buildAuthorizationUrlWithPAR(config, parameters))) as Request
      const fields = new URLSearchParams(await back.clone().text())
      expect([...fields.keys()].sort()).toEqual(['code', 'id_token', 'iss', 'state'])
      const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true }
      const tokens = await client.authorizationCodeGrant(config, back, checks)
      expect(tokens.claims()).toMatchObject({ sub: person.name, nonce: expectedNonce })
    })

    test('code id_token: a code of another login beside the id_token is noticed', async () => {
      const { config } = await configured([client.useCodeIdTokenResponseType])
      const [pkceCodeVerifier, expectedState, expectedNonce] = secrets()
      const parameters = { ...(await asked(pkceCodeVerifier, expectedState, expectedNonce)), ...HYBRID }
      const answers = []
      for (let n = 0; n < 2; n++) {
        const back = await signedIn(await client.buildAuthorizationUrlWithPAR(config, parameters))
        answers.push(new URLSearchParams(await (back as Request).text()))
      }
      answers[0]?.set('code', answers[1]?.get('code') ?? '')
      const mixed = new Request(REDIRECT, { method: 'POST', body: answers[0] ?? null })
      const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true }
      await expect(client.authorizationCodeGrant(config, mixed, checks)).rejects.toSatisfy(error =>
        inspect(error, { depth: 6 }).includes("claim: 'c_hash'"),
      )
    })
  })

  describe('oauth4webapi', () => {
    const open = { [oauth.allowInsecureRequests]: true }
    const prepared = async () => {
      const { id, secret, algorithm } = await registered(one)
      const at = new URL(issuer)
      const as = await oauth.processDiscoveryResponse(
        at,
        await oauth.discoveryRequest(at, { algorithm: 'oidc', ...open }),
      )
      const about: oauth.Client = { client_id: id, id_token_signed_response_alg: algorithm }
      return { as, about, proof: await one.oauth4webapi(secret) }
    }

    const signIn = async (more: Record<string, string>) => {
      const { as, about, proof } = await prepared()
      const verifier = oauth.generateRandomCodeVerifier()
      const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()]
      const parameters = {
        ...{ redirect_uri: REDIRECT, scope: SCOPE, response_type: 'code', state, nonce, ...more },
        ...{ code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' },
      }
      const answer = await oauth.pushedAuthorizationRequest(as, about, proof, parameters, open)
      const { request_uri } = await oauth.processPushedAuthorizationResponse(as, about, answer)
      const address = new URL(as.authorization_endpoint ?? '')
      address.search = new URLSearchParams({ client_id: about.client_id, request_uri }).toString()
      return { as, about, proof, verifier, state, nonce, back: await signedIn(address) }
    }
    type SignedIn = Awaited<ReturnType<typeof signIn>>

    const redeemed = async ({ as, about, proof, verifier, nonce }: SignedIn, callback: URLSearchParams) => {
      const answer = await oauth.authorizationCodeGrantRequest(as, about, proof, callback, REDIRECT, verifier, open)
      const strict = { expectedNonce: nonce, requireIdToken: true }
      const result = await oauth.processAuthorizationCodeResponse(as, about, answer, strict)
      await oauth.validateApplicationLevelSignature(as, answer, open)
      return { result, claims: oauth.getValidatedIdTokenClaims(result) }
    }

    test('PAR, PKCE, code', async () => {
      const done = await signIn({})
      const { as, about, state } = done
      const { result, claims } = await redeemed(done, oauth.validateAuthResponse(as, about, done.back as URL, state))
      expect(claims).toMatchObject({ iss: issuer, sub: person.name, at_hash: hashOf(result.access_token) })
      expect(result.token_type).toBe('bearer')
    })

    test('code id_token by form post', async () => {
      const done = await signIn(HYBRID)
      const { as, about, state, nonce } = done
      const callback = await oauth.validateCodeIdTokenResponse(
        as,
        about,
        done.back as Request,
        nonce,
        state,
        undefined,
        open,
      )
      const { claims } = await redeemed(done, callback)
      expect(claims).toMatchObject({ sub: person.name, nonce })
    })

    test('an answer of another issuer, state or nonce is noticed', async () => {
      const done = await signIn({})
      const { as, about, state } = done
      const back = done.back as URL
      const mixed = new URL(back)
      mixed.searchParams.set('iss', 'https://evil.example')
      expect(() => oauth.validateAuthResponse(as, about, mixed, state)).toThrow(/iss/)
      expect(() => oauth.validateAuthResponse(as, about, back, oauth.generateRandomState())).toThrow(/state/)
      const callback = oauth.validateAuthResponse(as, about, back, state)
      await expect(redeemed({ ...done, nonce: 'other' }, callback)).rejects.toThrow(/nonce/)
    })
  })
})

test('openid-client without PAR: the whole request by the browser', async () => {
  const { id, secret } = await registered(methods[0] as Method)
  const config = await client.discovery(new URL(issuer), id, {}, client.ClientSecretBasic(secret), {
    execute: [client.allowInsecureRequests],
  })
  const [pkceCodeVerifier, expectedState] = [client.randomPKCECodeVerifier(), client.randomState()]
  const address = client.buildAuthorizationUrl(config, {
    ...{ redirect_uri: REDIRECT, scope: SCOPE, state: expectedState, code_challenge_method: 'S256' },
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
  })
  const back = (await signedIn(address)) as URL
  const tokens = await client.authorizationCodeGrant(config, back, { pkceCodeVerifier, expectedState })
  expect(tokens.claims()?.sub).toBe(person.name)
})
