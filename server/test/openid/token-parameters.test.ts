/** What the token endpoint reads, forgives, takes for granted and refuses. RFC 6749 sections 4.3, 4.4 and 5.2. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { permissionsOf } from '#domain/permission.ts'
import {
  basic,
  clientToken,
  givePassword,
  giveToken,
  otp,
  response,
  scim,
  send,
  startWorld,
  token,
  totpAt,
  type World,
} from '../world.ts'
import { askChallenge, codeNow, type Holder, holderOf } from './holder.ts'

let world: World
let bearer: string
let holder: Holder
let password: string
const asClient = () => ({ authorization: `Bearer ${bearer}` })
const address = () => `${world.base}/${world.demo.tenant}/authn/token`

beforeAll(async () => {
  world = await startWorld()
  bearer = await clientToken(world)
  holder = await holderOf(world, bearer)
  password = await givePassword(world, bearer, holder.id)
})
afterAll(() => world.close())

describe('what is refused', () => {
  const good = () => ({ grant_type: 'password', username: holder.name, password: '000000', authType: 'AT_OTP' })
  const CONTEXT = 'sign1:1:false sign2:2:false sign3:3:false'

  test.each<[string, Record<string, string | undefined>]>([
    ['no grant_type', { grant_type: undefined }],
    ['a grant_type beyond its bound', { grant_type: 'x'.repeat(129) }],
    ['no username', { username: undefined }],
    ['an empty username', { username: '' }],
    ['no password', { password: undefined }],
    ['an unknown authType', { authType: 'AT_NOBODY' }],
    ['an authType of the prototype', { authType: 'constructor' }],
    ['an unknown mode', { mode: 'SIMULTANEOUS' }],
    ['a mode in lower case', { mode: 'synchronous' }],
    ['a mode that a password does not serve', { authType: 'AT_STDPWD', mode: 'ASYNCHRONOUS' }],
    ['signing with a password', { authType: 'AT_STDPWD', mode: 'SIGNING', context: CONTEXT }],
    ['a device_id that is a serial number', { device_id: '0973494699-1' }],
    ['a device_id below zero', { device_id: '-1' }],
    ['a device_id beyond its bound', { device_id: '9'.repeat(21) }],
    ['an unknown channel', { channel: 'CH_NOWHERE' }],
    ['a channel that the policy does not name', { channel: 'CH_TDS' }],
    ['values to sign without their mode', { context: CONTEXT }],
    ['signing without context', { mode: 'SIGNING' }],
    ['signing without values', { mode: 'SIGNING', context: 'txID:1:false' }],
    ['a context that is no triple', { mode: 'SIGNING', context: 'sign1=1' }],
    ['a triple without its flag', { mode: 'SIGNING', context: 'sign1:1' }],
    ['a triple with another flag', { mode: 'SIGNING', context: 'sign1:1:yes' }],
    ['a value twice', { mode: 'SIGNING', context: 'sign1:1:false sign1:2:false' }],
    ['a gap between values', { mode: 'SIGNING', context: 'sign1:1:false sign3:3:false' }],
    ['a fourth value', { mode: 'SIGNING', context: `${CONTEXT} sign4:4:false` }],
    ['too many triples', { mode: 'SIGNING', context: Array.from({ length: 17 }, (_, n) => `n${n}:1:false`).join(' ') }],
    ['a context beyond its bound', { mode: 'SIGNING', context: 'x'.repeat(2049) }],
    ['another noToken', { noToken: '2' }],
    ['a username beyond its bound', { username: 'x'.repeat(256) }],
    ['a password beyond its bound', { password: 'x'.repeat(513) }],
  ])('invalid_request: %s', async (_, change) => {
    const fields = Object.fromEntries(
      Object.entries({ ...good(), ...change }).filter(([, value]) => value !== undefined),
    )
    const { status, body } = await token(world, fields as Record<string, string>, asClient())
    expect([status, body.error]).toEqual([400, 'invalid_request'])
    expect(body.error_description).toMatch(/\.$/)
    expect(Object.keys(body)).toEqual(['error', 'error_description'])
  })

  test('none of them took an attempt', async () => {
    const { body } = await scim(world, bearer, 'GET', `/Authenticator/${holder.id}.AT_OTP`)
    expect(body.statistics.consecutiveFailed).toBe('0')
  })

  test.each([
    ['grant_type=password&grant_type=password&username=a&password=b'],
    ['grant_type=password&username=a&username=b&password=b'],
    ['grant_type=%ff&username=a'],
    ['grant_type=password&username=%00&password=b'],
    ['{"grant_type":"password","username":{"a":1},"password":"b"}'],
    ['{"grant_type":"password","username":["a"],"password":"b"}'],
    ['["grant_type"]'],
    [''],
  ])('invalid_request: the body %s', async body => {
    const headers = { ...asClient(), 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await send(address(), { method: 'POST', headers, body })
    expect([answer.status, answer.body.error]).toEqual([400, 'invalid_request'])
  })

  test.each(['implicit', 'token', 'refresh_token', '__proto__', 'PASSWORD'])(
    'unsupported_grant_type: %s',
    async grant_type => {
      const { status, body } = await token(world, { ...good(), grant_type }, asClient())
      expect([status, body.error]).toEqual([400, 'unsupported_grant_type'])
    },
  )

  test('invalid_grant: wrong secret, wrong user, no authenticator: the same bytes', async () => {
    const answers = await Promise.all([
      token(world, good(), asClient()),
      token(world, { ...good(), username: 'nobody@test.example' }, asClient()),
      token(world, { ...good(), authType: 'AT_EMPOTP' }, asClient()),
      token(world, { ...good(), authType: 'AT_STDPWD' }, asClient()),
      token(world, { ...good(), mode: 'ASYNCHRONOUS', device_id: holder.token.deviceId }, asClient()),
      token(world, { ...good(), device_id: '99999999' }, asClient()),
    ])
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`))).toEqual(
      new Set([
        '400 {"error":"invalid_grant","error_description":"The resource owner\'s user name or password is invalid."}',
      ]),
    )
  })

  test.each(['client_credentials', 'password'])('invalid_scope: %s for more than the client has', async grant_type => {
    const { client_id, client_secret } = world.demo.rp
    const login = { username: holder.name, password, authType: 'AT_STDPWD' }
    const fields = { grant_type, ...(grant_type === 'password' ? login : {}), client_id, client_secret }
    const { status, body } = await token(world, { ...fields, scope: 'openid email' })
    expect([status, body.error]).toEqual([400, 'invalid_scope'])
    expect((await token(world, { ...fields, scope: 'openid' })).status).toBe(200)
  })

  test('405 with the methods that are', async () => {
    const { status, headers, body } = await send(address())
    expect([status, headers.get('allow'), body.error]).toEqual([
      405,
      expect.stringContaining('POST'),
      'invalid_request',
    ])
  })
})

describe('what is forgiven', () => {
  const signIn = () => ({
    grant_type: 'password',
    username: holder.name,
    password,
    authType: 'AT_STDPWD',
    noToken: '1',
  })
  const query = (fields: Record<string, string>) => new URLSearchParams(fields).toString()

  test('T1: the address under /idp', async () => {
    const url = `${world.base}/idp/${world.demo.tenant}/authn/token`
    const headers = { ...asClient(), 'content-type': 'application/x-www-form-urlencoded' }
    expect((await send(url, { method: 'POST', headers, body: query(signIn()) })).status).toBe(200)
  })

  test('T2: api-version in the query, blanks around it, and parameters that nobody knows', async () => {
    const headers = { ...asClient(), 'content-type': 'application/x-www-form-urlencoded' }
    for (const more of ['?api-version=7', '?api-version=%2010', '?%20api-version=10%20&whatever=1']) {
      const answer = await send(`${address()}${more}`, {
        method: 'POST',
        headers,
        body: `${query(signIn())}&unheard=of`,
      })
      expect([more, answer.status]).toEqual([more, 200])
    }
  })

  test.each([
    ['JSON', 'application/json'],
    ['JSON labelled as a form', 'application/x-www-form-urlencoded'],
    ['JSON labelled as text', 'text/plain'],
    ['JSON without a label', ''],
  ])('T3: %s', async (_, type) => {
    const headers = { ...asClient(), 'content-type': type }
    const answer = await send(address(), { method: 'POST', headers, body: JSON.stringify(signIn()) })
    expect(answer.status).toBe(200)
  })

  test('T4: parameters in the query string, but no name in both', async () => {
    const { password: secret, ...rest } = signIn()
    const headers = { ...asClient(), 'content-type': 'application/x-www-form-urlencoded' }
    const url = `${address()}?${query(rest)}`
    expect((await send(url, { method: 'POST', headers, body: query({ password: secret }) })).status).toBe(200)
    const twice = await send(url, { method: 'POST', headers, body: query(signIn()) })
    expect([twice.status, twice.body.error]).toEqual([400, 'invalid_request'])
    const bare = await send(`${address()}?${query(signIn())}`, { method: 'POST', headers: asClient() })
    expect(bare.status).toBe(200)
    expect(world.logged.join('\n')).not.toContain(secret)
  })

  test('T15: OPTIONS answers, as a health check of clients in the field', async () => {
    const { status, headers } = await send(address(), { method: 'OPTIONS' })
    expect([status, headers.get('allow')]).toEqual([204, expect.stringContaining('POST')])
  })
})

describe('what is taken for granted', () => {
  test('the policy of the client, when authType is absent', async () => {
    const fields = { grant_type: 'password', username: holder.name, password, noToken: '1' }
    expect((await token(world, fields, asClient())).status).toBe(200)
    expect((await token(world, { ...fields, password: codeNow(world, holder) }, asClient())).status).toBe(400)
  })

  test('SYNCHRONOUS, when mode is absent; any of the user’s devices, when device_id is', async () => {
    const other = await holderOf(world, bearer)
    const second = await giveToken(world, bearer, other.id, 'DT_POCK_OT')
    const code = totpAt(second.seed, world.now_seconds())
    expect((await otp(world, bearer, other.name, code, { device_id: other.token.deviceId })).status).toBe(400)
    expect((await otp(world, bearer, other.name, code, { device_id: '' })).status).toBe(200)
    expect((await otp(world, bearer, other.name, codeNow(world, other))).status).toBe(200)
  })

  test('the channel of the client, when channel is absent: it is what the statistics show', async () => {
    const other = await holderOf(world, bearer)
    await otp(world, bearer, other.name, '000000', { channel: 'CH_SSP' })
    await otp(world, bearer, other.name, codeNow(world, other))
    const { body } = await scim(world, bearer, 'GET', `/Authenticator/${other.id}.AT_OTP`)
    expect(body.statistics).toMatchObject({ lastSuccessfulChannel: 'CH_EXTRAPP', lastUnsuccessfulChannel: 'CH_SSP' })
  })

  test('the user by external id or user name, in any case', async () => {
    const made = await scim(world, bearer, 'POST', '/Users', { userName: 'Login-Name', externalId: 'External-Id' })
    const secret = await givePassword(world, bearer, made.body.id)
    for (const username of ['login-name', 'LOGIN-NAME', 'external-id', 'External-Id']) {
      const fields = { grant_type: 'password', username, password: secret, authType: 'AT_STDPWD', noToken: '1' }
      expect([username, (await token(world, fields, asClient())).status]).toEqual([username, 200])
    }
  })
})

describe('which device answers in which mode', () => {
  test('a synchronous device answers no challenge', async () => {
    const other = await holderOf(world, bearer, 'DT_POCK_OE')
    expect((await askChallenge(world, bearer, other)).status).toBe(400)
    const more = { mode: 'ASYNCHRONOUS', device_id: other.token.deviceId }
    expect((await otp(world, bearer, other.name, response(other.token.seed, '12345678'), more)).status).toBe(400)
  })

  test('an asynchronous device gives no codes, a signing device neither codes nor responses', async () => {
    for (const type of ['DT_POCK_OC', 'DT_POCK_TD']) {
      const other = await holderOf(world, bearer, type)
      expect((await otp(world, bearer, other.name, codeNow(world, other))).status).toBe(400)
      if (type === 'DT_POCK_TD') expect((await askChallenge(world, bearer, other)).status).toBe(400)
    }
  })

  test('DT_OATH_TC does both with one secret', async () => {
    const other = await holderOf(world, bearer)
    const seed = Buffer.from('3132333435363738393031323334353637383930', 'hex')
    const tenant = await world.office.directory.find(world.demo.tenant)
    if (!tenant) throw new Error('no demo tenant')
    const content = Buffer.from(`serial,slot,algorithm,seed_hex,digits\nBOTH1,1,TOTP,${seed.toString('hex')},6\n`)
    const request = { deviceType: 'DT_OATH_TC', fileName: 'both.csv', content }
    const { devices } = await world.office.imports.run(tenant, request, { kind: 'operator' })
    const deviceId = String(devices[0])
    const shown = await scim(world, bearer, 'PUT', `/Device/${deviceId}`, { owner: { value: other.id } })
    expect(shown.body.children).toHaveLength(2)

    const both = { ...other, token: { ...other.token, deviceId, seed } }
    expect((await otp(world, bearer, other.name, codeNow(world, both), { device_id: deviceId })).status).toBe(200)
    const asked = await askChallenge(world, bearer, both)
    const answer = response(seed, asked.body.attributes[0].value, 'OCRA-1:HOTP-SHA1-6:QN08')
    const more = { mode: 'ASYNCHRONOUS', device_id: deviceId }
    expect((await otp(world, bearer, other.name, answer, { device_id: deviceId })).status).toBe(400)
    expect((await otp(world, bearer, other.name, answer, more)).status).toBe(200)
  })
})

test('a client with a role may do what the table says, and no end user may do anything', () => {
  expect([...permissionsOf(['RL_OPENIDCLIENT'])]).toEqual(['user.authenticate'])
  expect([...permissionsOf([])]).toEqual([])
  expect(basic('a:b', 'c d')).toBe(`Basic ${Buffer.from('a%3Ab:c%20d').toString('base64')}`)
})
