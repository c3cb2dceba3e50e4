/**
 * A3: what somebody without a token sees: one and the same 401 at every door, whatever he sends, and nowhere which program or
 * version answers. The endpoints come from the server's own description, so a new one is in this test at once.
 */
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientToken, type Reply, send, startWorld, token, type World } from '../world.ts'
import { addressOf, nameOf, type Served, servedEndpoints } from './served-endpoints.ts'

let world: World
let served: readonly Served[]
let expired: string
beforeAll(async () => {
  world = await startWorld()
  served = await servedEndpoints(world)
  expired = await clientToken(world)
  world.pass(3700)
})
afterAll(() => world.close())

/** All that an answer says, without what differs by its nature. */
function said({ status, headers, text }: Reply) {
  const kept = [...headers].filter(([name]) => name !== 'date' && name !== 'x-correlation-id')
  return { status, headers: kept, text }
}

const garbage = () => randomBytes(30).toString('base64')
const callers: readonly (readonly [string, () => Record<string, string>])[] = [
  ['nothing', () => ({})],
  ['a token of nobody', () => ({ authorization: `Bearer ${garbage()}` })],
  ['a token that ended', () => ({ authorization: `Bearer ${expired}` })],
  ['the token of noToken', () => ({ authorization: 'Bearer IA==' })],
  ['an empty token', () => ({ authorization: 'Bearer ' })],
  ['a token that is none', () => ({ authorization: 'Bearer {"a":1}' })],
  ['a token too long', () => ({ authorization: `Bearer ${'A'.repeat(5000)}` })],
  ['Basic', () => ({ authorization: `Basic ${Buffer.from('admin:admin').toString('base64')}` })],
  ['another scheme', () => ({ authorization: 'Negotiate abcdef' })],
]

const UNIFORM: Record<string, { status: number; text: string }> = {
  openid: {
    status: 401,
    text: '{"error":"invalid_token","error_description":"The access token is missing, expired or revoked."}',
  },
  account: {
    status: 401,
    text: '{"error":"invalid_token","error_description":"The access token is missing, expired or revoked."}',
  },
  scim: {
    status: 401,
    text:
      '{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"401","scimType":"invalidToken","errorCode":0,' +
      '"detail":"The access token is missing, expired or revoked."}',
  },
}

test.each(callers)('A3: %s: the same 401 at every endpoint of a door, equal in every byte', async (_, headers) => {
  const asked = served.filter(({ needsBearer }) => needsBearer)
  expect(asked.length).toBeGreaterThan(30)
  const heard = new Map<string, Set<string>>()
  for (const one of asked) {
    const withBody = one.method === 'POST' || one.method === 'PUT' ? { body: '{"a":' } : {}
    const answer = await send(addressOf(world, one.path), { method: one.method, headers: headers(), ...withBody })
    const dialect = one.door in UNIFORM ? one.door : 'scim'
    const { status, text } = said(answer)
    expect([nameOf(one), { status, text }]).toEqual([nameOf(one), UNIFORM[dialect]])
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/)
    heard.set(dialect, (heard.get(dialect) ?? new Set()).add(JSON.stringify(said(answer))))
  }
  expect(Object.fromEntries([...heard].map(([door, answers]) => [door, answers.size]))).toEqual({
    ...{ openid: 1, scim: 1, account: 1 },
  })
})

test('A3: in which way a token is bad is not told: one answer for all of them', async () => {
  for (const path of ['/{tenant}/authn/userinfo', '/scim/{tenant}/v2/Users']) {
    const answers = new Set<string>()
    for (const [, headers] of callers)
      answers.add(JSON.stringify(said(await send(addressOf(world, path), { headers: headers() }))))
    expect([path, answers.size]).toEqual([path, 1])
  }
})

test('A3: the token endpoint without credentials, in the body and in the query', async () => {
  const none = await token(world, { grant_type: 'client_credentials' })
  expect([none.status, none.text]).toEqual([
    400,
    '{"error":"invalid_client","error_description":"The client did not prove itself."}',
  ])
  const garbled = await token(
    world,
    { grant_type: 'password', username: 'a', password: 'b' },
    { authorization: `Bearer ${garbage()}` },
  )
  expect([garbled.status, garbled.body.error]).toEqual([401, 'invalid_token'])
})

describe('every anonymous answer', () => {
  /** The content type of metrics names the version of its own format. */
  const words = (headers: Headers) =>
    [...headers]
      .filter(([name]) => name !== 'x-correlation-id')
      .join(' ')
      .replace('text/plain; version=0.0.4', '')

  const strays = [
    '/',
    '/favicon.ico',
    '/demo',
    '/demo/authn',
    '/demo/authn/none',
    '/scim/demo/v2',
    '/scim/demo/v2/None',
    '/.env',
    '/server-status',
  ]
  const BANNER = /countersign\/|fastify|node\.js|express|nginx|v?\d+\.\d+\.\d+/i

  test('A3: names no program and no version in its headers, and no version in its body', async () => {
    const addresses = [
      ...served.map(({ method, path }) => [method, addressOf(world, path)] as const),
      ...strays.map(path => ['GET', world.base + path] as const),
    ]
    for (const [method, address] of addresses) {
      const { headers, text, status } = await send(address, { method })
      for (const name of ['server', 'x-powered-by', 'via', 'x-runtime', 'x-version'])
        expect([address, name, headers.get(name)]).toEqual([address, name, null])
      expect([address, BANNER.test(words(headers))]).toEqual([address, false])
      if (status >= 400) expect([address, BANNER.test(text)]).toEqual([address, false])
      if (status >= 400) expect(text).not.toMatch(/at .*\.(ts|js):\d+|node_modules|ENOENT|select /)
    }
  })

  test('A3: the surface that is open to anyone', async () => {
    const open = served.filter(one => one.open).map(nameOf)
    expect(open.sort()).toEqual([
      'GET /account-app/{file}',
      'GET /docs',
      'GET /docs.css',
      'GET /healthz',
      'GET /openapi.json',
      'GET /portal/{file}',
      'GET /readyz',
      'GET /{tenant}/account',
      'GET /{tenant}/approve/v1/service',
      'GET /{tenant}/authn/.well-known/openid-configuration',
      'GET /{tenant}/authn/jwks',
      'GET /{tenant}/authn/login',
      'GET /{tenant}/authn/portal',
      'GET /{tenant}/authn/portal/reset',
      'POST /{tenant}/approve/v1/activation',
      'POST /{tenant}/approve/v1/activation/start',
      'POST /{tenant}/authn/login',
      'POST /{tenant}/authn/portal',
      'POST /{tenant}/authn/portal/reset',
    ])
    const { text: ready } = await send(`${world.base}/readyz`)
    expect(Object.keys(JSON.parse(ready))).toEqual(['ok', 'checks'])
    expect((await send(`${world.base}/healthz`)).text).toBe('ok\n')
  })

  test('A3: an unknown tenant: one answer of each dialect for all its addresses', async () => {
    const answers = new Set<string>()
    for (const { method, path, door } of served) {
      if (!path.includes('{tenant}') || door === 'openid') continue
      const answer = JSON.stringify(said(await send(addressOf(world, path, '1', 'nobody'), { method })))
      // Apps are told the time by every answer.
      answers.add(`${door === 'approve'} ${answer.replace(/\\"server_time\\":\d+/, '')}`)
    }
    expect([...answers].map(one => JSON.parse(one.slice(one.indexOf('{'))).status)).toEqual([404, 404, 404])
  })

  test('A3: bytes that are no request are answered without a banner', async () => {
    const { connect } = await import('node:net')
    const heard = await new Promise<string>(resolve => {
      let all = ''
      const socket = connect(Number(new URL(world.base).port), '127.0.0.1', () => socket.write('GARBAGE\r\n\r\n'))
      socket.on('data', chunk => {
        all += chunk.toString()
      })
      socket.on('close', () => resolve(all))
    })
    expect(heard).toMatch(/^HTTP\/1\.1 400 /)
    expect(heard).not.toMatch(BANNER)
    expect(heard.toLowerCase()).not.toContain('server:')
  })
})
