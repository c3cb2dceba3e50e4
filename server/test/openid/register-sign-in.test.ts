/**
 * What clients register for signing people in, read back as it was written; certificates beside keys; and registrations that are
 * replaced (RFC 7592 section 2.2), which hold from that moment on.
 */
import { execFileSync } from 'node:child_process'
import { createHash, generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exportJWK } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keysIn } from '#openid/register-keys.ts'
import { basic, engineNames, form, send, startWorld, token, type World } from '../world.ts'
import { AskingWorld, REDIRECT, type Registered } from './asking.ts'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })

/** Self-signed, by openssl: it makes what applications have. */
function certificateOf(key: typeof rsa.privateKey): { der: string; thumbprint: string } {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-x5c-'))
  const pem = join(folder, 'key.pem')
  const out = join(folder, 'certificate.der')
  writeFileSync(pem, key.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 })
  execFileSync('openssl', ['req', '-x509', '-new', '-key', pem, '-subj', '/CN=rp', '-outform', 'DER', '-out', out], {
    stdio: 'ignore',
  })
  const bytes = readFileSync(out)
  rmSync(folder, { recursive: true })
  return { der: bytes.toString('base64'), thumbprint: createHash('sha256').update(bytes).digest('base64url') }
}
describe('certificates', () => {
  const wrong = expect.objectContaining({ code: 'invalid_client_metadata' })
  test('x5c is the certificate of its key, or nothing', async () => {
    const jwk = await exportJWK(rsa.publicKey)
    const { der, thumbprint } = certificateOf(rsa.privateKey)
    const other = certificateOf(ec.privateKey)
    const key = (more: object) => ({ jwks: { keys: [{ ...jwk, ...more }] } })
    expect(keysIn(key({ x5c: [der] }))?.keys).toHaveLength(1)
    expect(keysIn(key({ x5c: [der, other.der], 'x5t#S256': thumbprint }))?.keys).toHaveLength(1)
    expect(keysIn({ jwks: { keys: [{ ...(await exportJWK(ec.publicKey)), x5c: [other.der] }] } })?.keys).toHaveLength(1)
    for (const more of [
      { x5c: [other.der] },
      { x5c: [other.der, der] },
      { x5c: [] },
      { x5c: der },
      { x5c: ['AAAA'] },
      { x5c: [der, 'AAAA'] },
      { x5c: [der.replaceAll('+', '-').replaceAll('/', '_')].map(text => `${text}-`) },
      { x5c: [1] },
      { x5c: Array(6).fill(der) },
      { x5c: [der], 'x5t#S256': other.thumbprint },
      { x5u: 'https://rp.example/certificate' },
    ])
      expect(() => keysIn(key(more))).toThrow(wrong)
  })
})

describe.each(engineNames)('on %s', engine => {
  let world: World
  let asking: AskingWorld
  beforeAll(async () => {
    world = await startWorld(engine)
    asking = await AskingWorld.open(world)
  })
  afterAll(() => world.close())

  const call = (method: string, address: string, body?: unknown) =>
    send(address, {
      method,
      headers: { authorization: `Bearer ${asking.bearer}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  const register = (metadata: object) => call('POST', `${asking.issuer}/register`, metadata)
  const addressOf = ({ id }: Registered) => `${asking.issuer}/register/${id}`
  const pushed = async ({ id, secret }: Registered, redirect_uri: string) =>
    (
      await send(`${asking.issuer}/par`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: basic(id, secret) },
        body: form({ response_type: 'code', redirect_uri }),
      })
    ).status

  const full = {
    redirect_uris: [REDIRECT, 'http://127.0.0.1/cb', 'com.example.app:/cb'],
    application_type: 'native',
    response_types: ['code', 'id_token code'],
    workflow_id: 'ID_DEFAULT',
    theme_id: 'ID_DEFAULT_THEME',
    hid_client_consentprompt: 'true',
    hid_client_pki_policy: 'AT_JWT',
    hid_client_scopes: JSON.stringify({ scopes: ['openid', 'email'] }),
    request_object_signing_alg: 'PS256',
    require_signed_request_object: true,
    require_pushed_authorization_requests: true,
    userinfo_signed_response_alg: '',
  }

  test('everything is read back as it was written, and kept as it is meant', async () => {
    const jwks = { keys: [{ ...(await exportJWK(rsa.publicKey)), kid: 'a' }] }
    const { status, body } = await register({ ...full, jwks })
    expect([status, body]).toEqual([200, expect.objectContaining({ ...full, jwks })])
    expect((await call('GET', body.registration_client_uri.replace(world.demo.base, world.base))).body).toMatchObject(
      full,
    )
    expect((await asking.known(body.client_id)).document).toMatchObject({
      redirectUris: full.redirect_uris,
      applicationType: 'native',
      responseTypes: ['code', 'code id_token'],
      workflowId: 'ID_DEFAULT',
      themeId: 'ID_DEFAULT_THEME',
      consentPrompt: true,
      requestAlgorithm: 'PS256',
      requiresSigned: true,
      requiresPushed: true,
      userinfoPlain: true,
      scopes: ['openid', 'email'],
    })
  })

  test('what holds when nothing is said', async () => {
    const { body } = await register({ redirect_uris: [REDIRECT] })
    expect(body).toMatchObject({
      response_types: ['code'],
      application_type: 'web',
      grant_types: ['client_credentials', 'password', 'authorization_code'],
      hid_client_consentprompt: 'false',
      require_pushed_authorization_requests: false,
    })
    expect((await register({})).body).not.toHaveProperty('response_types')
  })

  test.each<[string, object]>([
    ['a workflow that is not there', { workflow_id: 'ID_NONE' }],
    ['a theme that is not there', { theme_id: 'ID_NONE' }],
    ['a workflow that is no text', { workflow_id: {} }],
    ['an unknown kind of application', { application_type: 'desktop' }],
    ['an unknown response type', { response_types: ['code token'] }],
    ['a response type with a comma', { response_types: ['code,id_token'] }],
    ['a consent that is neither', { hid_client_consentprompt: 'sometimes' }],
    ['a policy of certificates that needs TLS', { hid_client_pki_policy: 'AT_SYSPKI' }],
    ['unsigned request objects', { request_object_signing_alg: 'none' }],
    ['signed request objects without a key', { request_object_signing_alg: 'RS256' }],
    ['required request objects without a key', { require_signed_request_object: true }],
    ['encrypted request objects', { request_object_encryption_alg: 'RSA-OAEP-256' }],
    ['answers that are JWTs', { authorization_signed_response_alg: 'RS256' }],
    ['an algorithm of userinfo that is not there', { userinfo_signed_response_alg: 'ES256' }],
    ['classes of assurance as a default', { default_acr_values: ['2'] }],
  ])('refused: %s', async (_, more) => {
    const { status, body } = await register({ redirect_uris: [REDIRECT], ...more })
    expect([status, body.error]).toEqual([400, 'invalid_client_metadata'])
  })

  describe('RFC 7592: replaced', () => {
    test('the new addresses hold at once, the old ones no more; secret, role and tokens stay', async () => {
      const client = await asking.register()
      const read = (await call('GET', addressOf(client))).body
      const next = 'https://rp.example/next'
      const answer = await call('PUT', addressOf(client), { ...read, redirect_uris: [next], client_name: 'Next' })
      expect([answer.status, answer.body]).toEqual([200, { ...read, redirect_uris: [next], client_name: 'Next' }])
      expect((await call('GET', addressOf(client))).body).toEqual(answer.body)
      expect([await pushed(client, REDIRECT), await pushed(client, next)]).toEqual([400, 201])
    })

    test('what is left out is as if it had never been said', async () => {
      const client = await asking.register({ hid_client_consentprompt: 'true', number_matching: true })
      const { body } = await call('PUT', addressOf(client), { redirect_uris: [REDIRECT] })
      expect(body).toMatchObject({
        hid_client_consentprompt: 'false',
        number_matching: false,
        response_types: ['code'],
      })
    })

    test('a secret goes with the method that needs it, and another comes with it', async () => {
      const client = await asking.register()
      const grant = { grant_type: 'client_credentials' }
      const by = (secret: string) => token(world, grant, { authorization: basic(client.id, secret) })
      const jwks = { keys: [await exportJWK(rsa.publicKey)] }
      const keyed = await call('PUT', addressOf(client), { token_endpoint_auth_method: 'private_key_jwt', jwks })
      expect([keyed.status, keyed.body.client_secret]).toEqual([200, undefined])
      expect((await by(client.secret)).status).toBe(401)
      const { body } = await call('PUT', addressOf(client), { token_endpoint_auth_method: 'client_secret_basic' })
      expect(body.client_secret).toMatch(/^[A-Za-z0-9_-]{43}$/)
      expect([(await by(client.secret)).status, (await by(body.client_secret)).status]).toEqual([401, 200])
      expect((await call('PUT', addressOf(client), {})).body.client_secret).toBeUndefined()
      expect((await by(body.client_secret)).status).toBe(200)
    })

    test('refused: the id of another, a secret of its own, metadata that are wrong, a client that is not there', async () => {
      const client = await asking.register()
      const before = (await call('GET', addressOf(client))).body
      for (const [body, error] of [
        [{ client_id: world.demo.rp.client_id }, 'invalid_client_metadata'],
        [{ client_secret: 'x' }, 'invalid_client_metadata'],
        [{ workflow_id: 'ID_NONE' }, 'invalid_client_metadata'],
        [{ redirect_uris: ['http://rp.example/'] }, 'invalid_redirect_uri'],
      ] as const) {
        const answer = await call('PUT', addressOf(client), body)
        expect([answer.status, answer.body.error]).toEqual([400, error])
      }
      expect((await call('GET', addressOf(client))).body).toEqual(before)
      for (const id of ['42', 'account'])
        expect((await call('PUT', `${asking.issuer}/register/${id}`, {})).status).toBe(404)
      const own = (
        await token(world, { grant_type: 'client_credentials' }, { authorization: basic(client.id, client.secret) })
      ).body
      const headers = { authorization: `Bearer ${own.access_token}`, 'content-type': 'application/json' }
      expect((await send(addressOf(client), { method: 'PUT', headers, body: '{}' })).status).toBe(403)
    })
  })
})
