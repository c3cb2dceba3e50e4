/**
 * `private_key_jwt`: a library that we did not write proves a client by its key, and every forgery of such a proof is worth
 * nothing (rules C8 and H6): algorithm and key come from what was registered, an assertion works once and not for long.
 */
import { createHmac, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto'
import { decodeJwt, exportJWK, SignJWT } from 'jose'
import * as client from 'openid-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sweepExpired } from '#administration/expiry-sweep.ts'
import { approvalQueries } from '#storage/approval.ts'
import { expiryQueries } from '#storage/expiry.ts'
import { loginQueries } from '#storage/login.ts'
import { oobQueries } from '#storage/oob.ts'
import { outboxQueries } from '#storage/outbox.ts'
import { tenantQueries } from '#storage/tenant.ts'
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

const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const grant = { grant_type: 'client_credentials' }
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 })
const coded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

describe.each(engineNames)('on %s', engine => {
  let world: World
  let bearer: string
  let id: string
  let issuer: string
  beforeAll(async () => {
    world = await startWorld(engine)
    issuer = `${world.demo.base}/${world.demo.tenant}/authn`
    id = await registered({})
  })
  afterAll(() => world.close())

  async function registered(more: object): Promise<string> {
    bearer = await clientToken(world)
    const keys = [
      { ...(await exportJWK(rsa.publicKey)), kid: 'r1' },
      { ...(await exportJWK(ec.publicKey)), kid: 'e1', use: 'sig' },
    ]
    const { body } = await send(`${issuer}/register`, {
      method: 'POST',
      headers: { authorization: `Bearer ${bearer}` },
      body: JSON.stringify({ token_endpoint_auth_method: 'private_key_jwt', jwks: { keys }, ...more }),
    })
    return body.client_id
  }

  const claims = (more: object = {}) => {
    const now = world.now_seconds()
    return { iss: id, sub: id, aud: issuer, iat: now, exp: now + 300, jti: randomUUID(), ...more }
  }
  const signed = (more: object = {}, header: object = {}, key: KeyObject = rsa.privateKey, alg = 'RS256') =>
    new SignJWT(claims(more) as Record<string, unknown>).setProtectedHeader({ alg, ...header }).sign(key)
  const proved = (client_assertion: string, more: Record<string, string> = {}) =>
    token(world, { ...grant, client_assertion, client_assertion_type: TYPE, ...more })

  test('openid-client proves a client by its key', async () => {
    const options = { execute: [client.allowInsecureRequests] }
    for (const key of [rsa.privateKey, ec.privateKey]) {
      const name =
        key.asymmetricKeyType === 'rsa'
          ? { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
          : { name: 'ECDSA', namedCurve: 'P-256' }
      const imported = await crypto.subtle.importKey(
        'pkcs8',
        key.export({ format: 'der', type: 'pkcs8' }),
        name,
        false,
        ['sign'],
      )
      const config = await client.discovery(new URL(issuer), id, undefined, client.PrivateKeyJwt(imported), options)
      expect(config.serverMetadata().token_endpoint_auth_methods_supported).toContain('private_key_jwt')
      expect((await client.clientCredentialsGrant(config)).expires_in).toBe(3600)
    }
  })

  test('RS256, PS256, ES256; for the issuer or the endpoint, alone or in a list', async () => {
    expect((await proved(await signed())).status).toBe(200)
    expect((await proved(await signed({ aud: `${issuer}/token` }, { kid: 'r1' }))).status).toBe(200)
    expect((await proved(await signed({ aud: [`${issuer}/token`, issuer] }, {}, rsa.privateKey, 'PS256'))).status).toBe(
      200,
    )
    expect((await proved(await signed({}, { kid: 'e1' }, ec.privateKey, 'ES256'), { client_id: id })).status).toBe(200)
  })

  test('a user in one step, by an assertion', async () => {
    const user = await makeUser(world, bearer)
    const password = await givePassword(world, bearer, user.id)
    const found = await scim(world, bearer, 'POST', '/Users/.search', { filter: `externalId eq ${id}` })
    await scim(world, bearer, 'PUT', `/Users/${found.body.resources[0].id}`, { roles: [{ value: 'RL_OPENIDCLIENT' }] })
    const login = { grant_type: 'password', username: user.name, password }
    const { status } = await token(world, { ...login, client_assertion: await signed(), client_assertion_type: TYPE })
    expect(status).toBe(200)
  })

  test('O1: an assertion works once, also when two come at once', async () => {
    const one = await signed()
    const both = await Promise.all([proved(one), proved(one)])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 400])
    expect((await proved(one)).body.error).toBe('invalid_client')
    const jti = randomUUID()
    expect((await proved(await signed({ jti }))).status).toBe(200)
    expect((await proved(await signed({ jti, exp: world.now_seconds() + 200 }))).status).toBe(400)
  })

  test.each<[string, () => Promise<string>]>([
    ['another issuer', () => signed({ iss: 'x' })],
    ['another subject beside its own issuer', () => signed({ sub: world.demo.client.client_id })],
    ['another client', () => signed({ iss: world.demo.client.client_id, sub: world.demo.client.client_id })],
    ['a client that is not there', () => signed({ iss: '42', sub: '42' })],
    ['another audience', () => signed({ aud: 'https://other.example' })],
    ['an audience that only starts alike', () => signed({ aud: `${issuer}x` })],
    ['an audience beside us, where it could be used as well', () => signed({ aud: ['x', issuer] })],
    ['no audience', () => signed({ aud: undefined })],
    ['no expiry', () => signed({ exp: undefined })],
    ['expired', () => signed({ exp: world.now_seconds() - 1 })],
    ['good for too long', () => signed({ exp: world.now_seconds() + 700 })],
    ['not good yet', () => signed({ nbf: world.now_seconds() + 300 })],
    ['made in the future', () => signed({ iat: world.now_seconds() + 300 })],
    ['an expiry that is a text', () => signed({ exp: '9999999999' })],
    ['no id', () => signed({ jti: undefined })],
    ['an id that is a number', () => signed({ jti: 7 })],
    ['a long id', () => signed({ jti: 'x'.repeat(300) })],
    ['the key of a stranger', () => signed({}, {}, stranger.privateKey)],
    ['the key of a stranger under a registered name', () => signed({}, { kid: 'r1' }, stranger.privateKey)],
    ['the name of another key', () => signed({}, { kid: 'e1' })],
    ['a name that is a path', () => signed({}, { kid: '../../../dev/null' })],
    ['a name that is SQL', () => signed({}, { kid: "' union select 1 --" })],
    [
      'the key in the header',
      async () => signed({}, { jwk: await exportJWK(stranger.publicKey) }, stranger.privateKey),
    ],
    ['an address of keys', () => signed({}, { jku: 'https://evil.example/jwks' }, stranger.privateKey)],
    ['an address of a certificate', () => signed({}, { x5u: 'https://evil.example/c' }, stranger.privateKey)],
    ['a certificate in the header', () => signed({}, { x5c: ['MIIB'] }, stranger.privateKey)],
    ['something critical', async () => forged({ alg: 'RS256', crit: ['exp'], exp: 1 }, rsaSign)],
    ['RS384', async () => forged({ alg: 'RS384' }, rsaSign)],
    ['RS1', async () => forged({ alg: 'RS1' }, text => sign('sha1', Buffer.from(text), rsa.privateKey))],
    ['alg none', async () => forged({ alg: 'none' }, () => Buffer.from('x'))],
    ['alg none without a signature', async () => forged({ alg: 'none' }, () => Buffer.alloc(0))],
    ['alg NONE', async () => forged({ alg: 'NONE' }, () => Buffer.from('x'))],
    ['no algorithm', async () => forged({}, rsaSign)],
    ['a method of the prototype as algorithm', async () => forged({ alg: 'toString' }, rsaSign)],
    [
      'the public key as a shared one',
      async () =>
        forged({ alg: 'HS256' }, text =>
          createHmac('sha256', rsa.publicKey.export({ format: 'pem', type: 'spki' }))
            .update(text)
            .digest(),
        ),
    ],
    ['an RSA signature called ES256', async () => forged({ alg: 'ES256' }, rsaSign)],
    ['a signature of zeros', async () => forged({ alg: 'ES256' }, () => Buffer.alloc(64))],
    [
      'an ECDSA signature in DER',
      async () => forged({ alg: 'ES256' }, text => sign('sha256', Buffer.from(text), ec.privateKey)),
    ],
    [
      'claims that were changed',
      async () => {
        const [head, , signature] = (await signed()).split('.')
        return `${head}.${coded(claims())}.${signature}`
      },
    ],
    ['four parts', async () => `${await signed()}.x`],
    ['not base64url', async () => (await signed()).replace('.', '.=')],
    ['a list for claims', async () => `${coded({ alg: 'RS256' })}.${coded([1])}.AAAA`],
    ['nothing', async () => 'x'],
  ])('H6: worth nothing: %s', async (_, make) => {
    // Past the pause that so many failures bring.
    world.pass(61)
    const { status, body } = await proved(await make())
    expect([status, body.error]).toEqual([400, 'invalid_client'])
  })
  const rsaSign = (text: string) => sign('sha256', Buffer.from(text), rsa.privateKey)
  function forged(header: object, how: (text: string) => Buffer): string {
    const text = `${coded(header)}.${coded(claims())}`
    return `${text}.${how(text).toString('base64url')}`
  }

  test('its sessions are those of AT_JWT, and userinfo says so', async () => {
    const { body } = await proved(await signed())
    const told = await send(`${issuer}/userinfo`, { headers: { authorization: `Bearer ${body.access_token}` } })
    expect(decodeJwt(told.text).acr).toBe('urn:hidaaas:policy:at_jwt')
  })

  test('a client that registered one algorithm is held to it', async () => {
    const own = await registered({ token_endpoint_auth_signing_alg: 'ES256' })
    const of = (key: KeyObject, alg: string) => signed({ iss: own, sub: own }, {}, key, alg)
    expect((await proved(await of(rsa.privateKey, 'RS256'))).status).toBe(400)
    expect((await proved(await of(ec.privateKey, 'ES256'))).status).toBe(200)
  })

  test('one way in one request, and the one that was registered', async () => {
    const { client_id, client_secret } = world.demo.rp
    const cases: [Record<string, string>, Record<string, string>][] = [
      [{ client_id: id, client_secret }, {}],
      [{}, { authorization: `Bearer ${bearer}` }],
      [{ client_id }, {}],
    ]
    for (const [fields, headers] of cases) {
      const answer = await token(
        world,
        { ...grant, client_assertion: await signed(), client_assertion_type: TYPE, ...fields },
        headers,
      )
      expect([answer.status, answer.body.error]).toEqual([400, 'invalid_request'])
    }
    const wrongType = { client_assertion: await signed(), client_assertion_type: 'urn:x' }
    expect((await token(world, { ...grant, ...wrongType })).body.error).toBe('invalid_request')
    expect((await token(world, { ...grant, client_assertion_type: TYPE })).body.error).toBe('invalid_request')
    // A client with a secret cannot be proved by a key, whoever's it is.
    const other = await signed({ iss: client_id, sub: client_id })
    expect((await proved(other)).body.error).toBe('invalid_client')
  })

  test('used assertions are taken away when nobody could use them any more', async () => {
    const tenant = await world.office.directory.find(world.demo.tenant)
    const kept = async () =>
      (await world.ground.store.read(tenant!.number, function* () {
        const text = 'select count(*) as n from assertion_used where tenant_number = ?1'
        return (yield [{ name: 'test_kept', text, values: [tenant!.number] }])[0] as unknown as { n: number }[]
      })) as { n: number }[]
    expect((await kept())[0]!.n).toBeGreaterThan(0)
    world.pass(7200)
    const queries = { tenants: tenantQueries, rows: expiryQueries, approvals: approvalQueries, outbox: outboxQueries }
    const needs = { ...world.ground, ...queries, logins: loginQueries, oob: oobQueries }
    await sweepExpired(needs, new AbortController().signal)
    expect((await kept())[0]!.n).toBe(0)
  })
})
