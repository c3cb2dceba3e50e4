/**
 * H6: signed tokens of strangers, with everything that has fooled a verifier somewhere. Each of them must be worth nothing
 * wherever a text from outside is taken for a credential; forgeries made for one place have tests of their own there.
 */
import { createHmac, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { basic, clientToken, scim, send, startWorld, token, type World } from '../world.ts'

let world: World
let genuine: string
let forged: ReadonlyMap<string, string>
const coded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

beforeAll(async () => {
  world = await startWorld()
  const authn = `${world.base}/${world.demo.tenant}/authn`
  const bearer = await clientToken(world)
  genuine = (await send(`${authn}/userinfo`, { headers: { authorization: `Bearer ${bearer}` } })).text
  const { keys } = (await send(`${authn}/jwks`)).body
  forged = makeForged(keys[0])
})
afterAll(() => world.close())

function makeForged(published: { kid: string; n: string }): ReadonlyMap<string, string> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const own = publicKey.export({ format: 'jwk' })
  const now = Math.floor(Date.now() / 1000)
  const claims = {
    iss: `${world.demo.base}/${world.demo.tenant}/authn`,
    sub: world.demo.admin.externalId,
    aud: world.demo.client.client_id,
    iat: now,
    exp: now + 600,
    jti: randomBytes(8).toString('hex'),
    roles: ['RL_ORGADMIN'],
    client_id: world.demo.client.client_id,
  }
  const rsa = (header: object) => {
    const signed = `${coded({ alg: 'RS256', typ: 'JWT', ...header })}.${coded(claims)}`
    return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`
  }
  const plain = (header: object, signature = '') => `${coded(header)}.${coded(claims)}.${signature}`
  const hmac = (key: string | Buffer) => {
    const signed = `${coded({ alg: 'HS256', typ: 'JWT', kid: published.kid })}.${coded(claims)}`
    return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`
  }
  const [head, body, signature] = genuine.split('.') as [string, string, string]
  return new Map([
    ['alg none', plain({ alg: 'none' })],
    ['alg NONE', plain({ alg: 'NONE' })],
    ['alg nOnE', plain({ alg: 'nOnE' })],
    ['alg none, two parts', plain({ alg: 'none' }).slice(0, -1)],
    ['no alg', plain({ typ: 'JWT' })],
    ['empty signature', plain({ alg: 'RS256', kid: published.kid })],
    ['zero signature', plain({ alg: 'RS256', kid: published.kid }, 'AAAA')],
    ['embedded jwk', rsa({ jwk: own })],
    ['embedded jwk under our kid', rsa({ jwk: own, kid: published.kid })],
    ['jku', rsa({ jku: 'https://evil.example/jwks' })],
    ['x5u', rsa({ x5u: 'https://evil.example/cert' })],
    ['x5c', rsa({ x5c: ['MIIB'] })],
    ['kid traversal', rsa({ kid: '../../../../dev/null' })],
    ['kid as SQL', rsa({ kid: "' union select '' --" })],
    ['kid as a command', rsa({ kid: '| id' })],
    ['our kid, another key', rsa({ kid: published.kid })],
    ['the public key as an HMAC key', hmac(published.n)],
    ['an empty HMAC key', hmac('')],
    ['crit', rsa({ crit: ['b64'], b64: false })],
    ['our own userinfo', genuine],
    ['our own userinfo, other claims', `${head}.${coded(claims)}.${signature}`],
    ['our own userinfo, none', `${coded({ alg: 'none' })}.${body}.`],
    ['a JWE', `${coded({ alg: 'dir', enc: 'A256GCM' })}..AAAA.AAAA.AAAA`],
    ['JSON', JSON.stringify({ alg: 'none', ...claims })],
  ])
}

test('H6: the corpus is there', () => expect(forged.size).toBe(24))

test('H6: none is a bearer token, at any door', async () => {
  const { base, demo } = world
  const places = [
    ['GET', `${base}/scim/${demo.tenant}/v2/Users`],
    ['POST', `${base}/scim/${demo.tenant}/v2/Users`],
    ['GET', `${base}/configuration/${demo.tenant}/v2/Device/Type`],
    ['GET', `${base}/${demo.tenant}/authn/userinfo`],
  ] as const
  for (const [name, jwt] of forged) {
    for (const [method, address] of places) {
      const { status } = await send(address, { method, headers: { authorization: `Bearer ${jwt}` } })
      expect([name, address, status]).toEqual([name, address, 401])
    }
  }
})

test('H6: none authenticates a client: as its token, its secret, or an assertion', async () => {
  const { client_id } = world.demo.client
  for (const [name, jwt] of forged) {
    const login = { grant_type: 'password', username: 'a', password: 'b', authType: 'AT_STDPWD' }
    const assertion = {
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: jwt,
    }
    const grant = { grant_type: 'client_credentials', client_id }
    const answers = {
      bearer: await token(world, login, { authorization: `Bearer ${jwt}` }),
      body: await token(world, { ...grant, client_secret: jwt.slice(0, 512) }),
      basic: await token(
        world,
        { grant_type: 'client_credentials' },
        { authorization: basic(client_id, jwt.slice(0, 300)) },
      ),
      assertion: await token(world, { ...grant, ...assertion }),
      assertionAlone: await token(world, { grant_type: 'client_credentials', ...assertion }),
      assertionForUser: await token(world, { ...login, client_id, ...assertion }),
    }
    for (const [way, { status, text }] of Object.entries(answers)) {
      // A source that fails often is slowed down: 429 is a no, too.
      expect([name, way, [400, 401, 429].includes(status), text.includes('access_token')]).toEqual([
        name,
        way,
        true,
        false,
      ])
    }
    world.pass(61)
  }
})

test('H6: none stands for a user or a grant', async () => {
  const authorization = `Bearer ${await clientToken(world)}`
  for (const [name, jwt] of forged) {
    const answers = [
      await token(
        world,
        { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: jwt },
        { authorization },
      ),
      await token(
        world,
        {
          grant_type: 'password',
          username: world.demo.admin.externalId,
          password: jwt.slice(0, 500),
          authType: 'AT_STDPWD',
        },
        { authorization },
      ),
      await scim(world, jwt.replace(/[^A-Za-z0-9._-]/g, ''), 'GET', '/Users'),
    ]
    expect([name, answers.map(({ status }) => status)]).toEqual([name, [400, 400, 401]])
  }
})
