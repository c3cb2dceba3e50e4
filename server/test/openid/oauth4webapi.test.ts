/**
 * A strict library that we did not write (`oauth4webapi`) signs somebody in by the standards alone: a signed request object, pushed by a
 * client that proves itself by its key, PKCE, the code, and the tokens; and the hybrid by its fragment.
 */
import * as oauth from 'oauth4webapi'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Browser } from '../sign-in/browser.ts'
import { engineNames, form, givePassword, makeUser, startWorld, type World } from '../world.ts'
import { AskingWorld, REDIRECT, type Registered } from './asking.ts'

const insecure = { [oauth.allowInsecureRequests]: true }

describe.each(engineNames)('on %s', engine => {
  let world: World
  let asking: AskingWorld
  let as: oauth.AuthorizationServer
  let person: { name: string; password: string }
  beforeAll(async () => {
    world = await startWorld(engine)
    asking = await AskingWorld.open(world)
    const issuer = new URL(asking.issuer)
    as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure))
    const user = await makeUser(world, asking.bearer)
    person = { name: user.name, password: await givePassword(world, asking.bearer, user.id) }
  })
  afterAll(() => world.close())

  async function signedIn(client: Registered, request_uri: string): Promise<URL> {
    const browser = new Browser(world)
    await browser.visit(client, request_uri)
    await browser.code({ authType: 'AT_STDPWD', username: person.name, password: person.password })
    const back = await browser.get(`code?${form({ request_uri })}`)
    return new URL(back.headers.get('location') ?? '')
  }

  test.each([
    ['ES256', { name: 'ECDSA', namedCurve: 'P-256' }],
    ['PS256', { name: 'RSA-PSS', hash: 'SHA-256', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) }],
  ] as const)('private_key_jwt, a request object, PKCE and the code: %s', async (alg, kind) => {
    const { privateKey, publicKey } = await crypto.subtle.generateKey(kind, true, ['sign', 'verify'])
    const jwk = { ...(await crypto.subtle.exportKey('jwk', publicKey)), kid: alg, use: 'sig', alg, key_ops: undefined }
    const registered = await asking.register({
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: alg,
      request_object_signing_alg: alg,
      require_signed_request_object: true,
      require_pushed_authorization_requests: true,
      jwks: { keys: [jwk] },
    })
    const client: oauth.Client = { client_id: registered.id }
    const key = { key: privateKey, kid: alg }
    const proof = () => oauth.PrivateKeyJwt(key)
    const [verifier, state, nonce] = [
      oauth.generateRandomCodeVerifier(),
      oauth.generateRandomState(),
      oauth.generateRandomNonce(),
    ]

    const wanted = new URLSearchParams({
      response_type: 'code',
      redirect_uri: REDIRECT,
      scope: 'openid profile',
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...{ state, nonce },
    })
    const request = await oauth.issueRequestObject(as, client, wanted, key)
    const pushed = await oauth.pushedAuthorizationRequest(as, client, proof(), { request }, insecure)
    const { request_uri } = await oauth.processPushedAuthorizationResponse(as, client, pushed)

    const answer = oauth.validateAuthResponse(as, client, await signedIn(registered, request_uri), state)
    const response = await oauth.authorizationCodeGrantRequest(
      as,
      client,
      proof(),
      answer,
      REDIRECT,
      verifier,
      insecure,
    )
    const tokens = await oauth.processAuthorizationCodeResponse(as, client, response, {
      expectedNonce: nonce,
      requireIdToken: true,
    })
    await oauth.validateApplicationLevelSignature(as, response, insecure)
    expect(oauth.getValidatedIdTokenClaims(tokens)).toMatchObject({
      sub: person.name,
      iss: as.issuer,
      aud: registered.id,
    })
    const told = await oauth.userInfoRequest(as, client, tokens.access_token, insecure)
    const claims = await oauth.processUserInfoResponse(
      as,
      { ...client, userinfo_signed_response_alg: 'RS256' },
      person.name,
      told,
    )
    expect(claims).toMatchObject({ sub: person.name, preferred_username: person.name })
  })

  test('code id_token in the fragment', async () => {
    const registered = await asking.register()
    const client: oauth.Client = { client_id: registered.id }
    const proof = oauth.ClientSecretBasic(registered.secret)
    const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()]
    const wanted = {
      response_type: 'code id_token',
      response_mode: 'fragment',
      redirect_uri: REDIRECT,
      scope: 'openid',
    }
    const pushed = await oauth.pushedAuthorizationRequest(as, client, proof, { ...wanted, state, nonce }, insecure)
    const { request_uri } = await oauth.processPushedAuthorizationResponse(as, client, pushed)
    const back = await signedIn(registered, request_uri)
    expect(back.search).toBe('')
    const answer = await oauth.validateCodeIdTokenResponse(as, client, back, nonce, state, undefined, insecure)
    const response = await oauth.authorizationCodeGrantRequest(
      as,
      client,
      proof,
      answer,
      REDIRECT,
      oauth.nopkce,
      insecure,
    )
    const tokens = await oauth.processAuthorizationCodeResponse(as, client, response, { expectedNonce: nonce })
    expect(oauth.getValidatedIdTokenClaims(tokens)?.sub).toBe(person.name)
  })

  test('an error by redirect is understood as one', async () => {
    const registered = await asking.register()
    const client: oauth.Client = { client_id: registered.id }
    const browser = new Browser(world)
    const wanted = {
      client_id: registered.id,
      response_type: 'code',
      redirect_uri: REDIRECT,
      prompt: 'none',
      state: 's',
    }
    const back = await browser.get(`login?${form(wanted)}`)
    const location = new URL(back.headers.get('location') ?? '')
    expect(() => oauth.validateAuthResponse(as, client, location, 's')).toThrow(
      expect.objectContaining({ error: 'login_required' }),
    )
  })
})
