/**
 * Request objects (RFC 9101): what a client signed counts, by the keys and algorithms of its registration and no other (rule H6); what
 * stands beside fills up, or counts for nothing where the client registered so. Signed by `jose`, as a stranger would.
 */
import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { CompactEncrypt, exportJWK, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startWorld, type World } from '../world.ts'
import { AskingWorld, REDIRECT, type Registered } from './asking.ts'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 })

let world: World
let asking: AskingWorld
let client: Registered
let strict: Registered
beforeAll(async () => {
  world = await startWorld()
  asking = await AskingWorld.open(world)
  const keys = [
    { ...(await exportJWK(rsa.publicKey)), kid: 'r1' },
    { ...(await exportJWK(ec.publicKey)), kid: 'e1', use: 'sig' },
  ]
  client = await asking.register({ jwks: { keys } })
  const signed = { request_object_signing_alg: 'PS256', require_signed_request_object: true }
  strict = await asking.register({ jwks: { keys }, ...signed })
})
afterAll(() => world.close())

const claims = (more: object = {}, of = client) => ({
  iss: of.id,
  aud: asking.issuer,
  exp: world.now_seconds() + 300,
  client_id: of.id,
  response_type: 'code id_token',
  redirect_uri: REDIRECT,
  scope: 'openid',
  nonce: 'signed-nonce',
  state: 'signed-state',
  ...more,
})
const signed = (more: object = {}, header: object = {}, key: KeyObject = rsa.privateKey, alg = 'RS256', of = client) =>
  new SignJWT(claims(more, of)).setProtectedHeader({ alg, ...header }).sign(key)
const judge = (request: string, beside: object = {}, of = client) =>
  asking.judge(of, { client_id: of.id, request, ...beside })
const coded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const byRsa = (text: string) => sign('sha256', Buffer.from(text), rsa.privateKey)
function forged(header: object, how: (text: string) => Buffer, more: object = {}): string {
  const text = `${coded(header)}.${coded(claims(more))}`
  return `${text}.${how(text).toString('base64url')}`
}

describe('taken', () => {
  test.each<[string, KeyObject, object]>([
    ['RS256', rsa.privateKey, {}],
    ['PS256', rsa.privateKey, { kid: 'r1', typ: 'oauth-authz-req+jwt' }],
    ['ES256', ec.privateKey, { kid: 'e1', typ: 'JWT' }],
  ])('%s', async (alg, key, header) => {
    expect(await judge(await signed({}, header, key, alg))).toMatchObject({
      request: { responseType: 'code id_token', nonce: 'signed-nonce', state: 'signed-state', scope: 'openid' },
    })
  })

  test('its claims win over what stands beside it, which fills up', async () => {
    const request = await signed({ nbf: world.now_seconds() - 5, iat: world.now_seconds(), max_age: 60 })
    const beside = { nonce: 'other', state: 'other', redirect_uri: 'https://evil.example/', login_hint: 'alice' }
    expect(await judge(request, beside)).toMatchObject({
      request: { nonce: 'signed-nonce', redirectUri: REDIRECT, loginHint: 'alice', maxAge_seconds: 60 },
    })
  })

  test('the issuer in a list, no client_id, a subject that is somebody else', async () => {
    const aud = ['https://other.example', asking.issuer]
    expect(await judge(await signed({ aud, client_id: undefined, sub: 'alice' }))).toHaveProperty('request')
  })

  test('a client that registered so: what is signed, by its algorithm, and nothing else', async () => {
    const request = await signed({}, {}, rsa.privateKey, 'PS256', strict)
    const { request: read } = (await judge(request, { login_hint: 'alice' }, strict)) as { request: object }
    expect(read).toMatchObject({ state: 'signed-state' })
    expect(read).not.toHaveProperty('loginHint')
    const bare = await signed({ redirect_uri: undefined }, {}, rsa.privateKey, 'PS256', strict)
    expect(await judge(bare, { redirect_uri: REDIRECT }, strict)).toHaveProperty('code', 'invalid_request')
    const { state, ...unsigned } = claims({}, strict)
    expect(await asking.judge(strict, { ...unsigned, aud: undefined, exp: undefined })).toHaveProperty(
      'code',
      'invalid_request',
    )
    const other = await signed({}, {}, rsa.privateKey, 'RS256', strict)
    expect(await judge(other, {}, strict)).toHaveProperty('code', 'invalid_request_object')
  })
})

describe('H6: refused, and nobody is told', () => {
  test.each<[string, () => Promise<string> | string]>([
    ['the key of a stranger', () => signed({}, {}, stranger.privateKey)],
    ['the key of a stranger under a registered name', () => signed({}, { kid: 'r1' }, stranger.privateKey)],
    ['the name of another key', () => signed({}, { kid: 'e1' })],
    ['an unknown name', () => signed({}, { kid: 'r2' })],
    ['a name that is a path', () => signed({}, { kid: '../../dev/null' })],
    [
      'the key in the header',
      async () => signed({}, { jwk: await exportJWK(stranger.publicKey) }, stranger.privateKey),
    ],
    ['an address of keys', () => signed({}, { jku: 'https://evil.example/jwks' }, stranger.privateKey)],
    ['an address of a certificate', () => signed({}, { x5u: 'https://evil.example/c' }, stranger.privateKey)],
    ['a certificate in the header', () => signed({}, { x5c: ['MIIB'] }, stranger.privateKey)],
    ['something critical', () => forged({ alg: 'RS256', crit: ['exp'], exp: 1 }, byRsa)],
    ['something critical that is empty', () => forged({ alg: 'RS256', crit: [] }, byRsa)],
    ['RS384', () => forged({ alg: 'RS384' }, byRsa)],
    ['alg none', () => forged({ alg: 'none' }, () => Buffer.from('x'))],
    ['alg none without a signature', () => forged({ alg: 'none' }, () => Buffer.alloc(0))],
    ['alg NONE', () => forged({ alg: 'NONE' }, () => Buffer.alloc(0))],
    ['no algorithm', () => forged({}, byRsa)],
    ['a member of the prototype as algorithm', () => forged({ alg: 'constructor' }, byRsa)],
    [
      'the public key as a shared one',
      () => {
        const shared = rsa.publicKey.export({ format: 'pem', type: 'spki' })
        return forged({ alg: 'HS256' }, text => createHmac('sha256', shared).update(text).digest())
      },
    ],
    ['an RSA signature called ES256', () => forged({ alg: 'ES256' }, byRsa)],
    ['a signature of zeros', () => forged({ alg: 'ES256' }, () => Buffer.alloc(64))],
    ['a signature in DER', () => forged({ alg: 'ES256' }, text => sign('sha256', Buffer.from(text), ec.privateKey))],
    ['an access token', () => signed({}, { typ: 'at+jwt' })],
    ['a proof of possession', () => signed({}, { typ: 'dpop+jwt' })],
    ['a logout token', () => signed({}, { typ: 'logout+jwt' })],
    ['an assertion of the client', () => signed({ sub: client.id })],
    ['another issuer', () => signed({ iss: 'https://evil.example' })],
    ['no issuer', () => signed({ iss: undefined })],
    ['another audience', () => signed({ aud: 'https://other.example' })],
    ['an audience that starts alike', () => signed({ aud: `${asking.issuer}/` })],
    ['an audience of lists', () => signed({ aud: [[asking.issuer]] })],
    ['no audience', () => signed({ aud: undefined })],
    ['no expiry', () => signed({ exp: undefined })],
    ['expired', () => signed({ exp: world.now_seconds() - 1 })],
    ['good for too long', () => signed({ exp: world.now_seconds() + 3700 })],
    ['good for ever', () => signed({ exp: Number.MAX_SAFE_INTEGER })],
    ['an expiry that is a text', () => signed({ exp: '9999999999' })],
    ['not good yet', () => signed({ nbf: world.now_seconds() + 300 })],
    ['made in the future', () => signed({ iat: world.now_seconds() + 300 })],
    ['another client', () => signed({ client_id: strict.id })],
    ['another request inside', () => signed({ request: 'a.b.c' })],
    ['an address inside', () => signed({ request_uri: 'https://evil.example/r' })],
    ['a state that is a list', () => signed({ state: ['a', 'b'] })],
    ['a scope that is an object', () => signed({ scope: {} })],
    ['a state with a line break', () => signed({ state: 'a\nb' })],
    ['a long nonce', () => signed({ nonce: 'x'.repeat(1025) })],
    ['a list for claims', () => `${coded({ alg: 'RS256' })}.${coded([1])}.AAAA`],
    [
      'claims that were changed',
      async () => (await signed()).replace(/\.[^.]+\./, `.${coded(claims({ state: 'x' }))}.`),
    ],
    ['two parts', async () => (await signed()).split('.').slice(0, 2).join('.')],
    ['four parts', async () => `${await signed()}.x`],
    ['not base64url', async () => (await signed()).replace('.', '.=')],
    ['padded', async () => `${await signed()}==`],
    ['nothing', () => 'x'],
    [
      'encrypted',
      async () => {
        const inside = new TextEncoder().encode(await signed())
        const header = { alg: 'RSA-OAEP-256', enc: 'A256GCM', cty: 'JWT' }
        return new CompactEncrypt(inside).setProtectedHeader(header).encrypt(stranger.publicKey)
      },
    ],
  ])('%s', async (_, make) => {
    const beside = { response_type: 'code', redirect_uri: REDIRECT, state: 's' }
    expect(await judge(await make(), beside)).toMatchObject({ code: 'invalid_request_object', back: undefined })
  })

  test('a redirect URI that is signed must be registered all the same', async () => {
    const request = await signed({ redirect_uri: 'https://evil.example/cb' })
    expect(await judge(request)).toMatchObject({ code: 'invalid_redirect_uri', back: undefined })
  })

  test('a client without keys, and one whose key is for something else', async () => {
    const keyless = await asking.register()
    const sealing = { ...(await exportJWK(rsa.publicKey)), use: 'enc' }
    const sealed = await asking.register({ jwks: { keys: [sealing] } })
    for (const one of [keyless, sealed]) {
      const request = await signed({}, {}, rsa.privateKey, 'RS256', one)
      expect(await judge(request, {}, one)).toMatchObject({ code: 'invalid_request_object', back: undefined })
    }
  })

  test('a request beside an address', async () => {
    expect(await judge(await signed(), { request_uri: 'urn:hid:x' })).toMatchObject({ code: 'invalid_request' })
  })
})
