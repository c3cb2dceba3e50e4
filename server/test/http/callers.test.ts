/** Who is let in, and what hostile headers achieve: nothing (security.md H3, H4, R2, R3, A3). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Running, serve } from './small-doors.ts'

let server: Running
beforeAll(async () => {
  server = await serve()
})
afterAll(() => server.carrier.close())

const users = '/scim/demo/v2/Users/1'
const as = (authorization: string, more: Record<string, string> = {}) => ({ headers: { authorization, ...more } })

describe('bearer tokens', () => {
  it('A3: without, malformed, unknown and foreign tokens get one and the same 401', async () => {
    const sent = [
      {},
      as(''),
      as('Bearer'),
      as('Bearer '),
      as('Bearer  good-demo'),
      as('Bearer good demo'),
      as('Bearer nobody'),
      as('Bearer good-other'),
      as(`Bearer ${'x'.repeat(5000)}`),
      as('Basic Z29vZC1kZW1v'),
      as('good-demo'),
      as('Bearer good-demö'),
    ]
    const answers = await Promise.all(sent.map(one => server.send('GET', users, one)))
    const shown = answers.map(({ headers, status, text }) => {
      const { date: _date, 'x-correlation-id': _id, ...rest } = headers
      return JSON.stringify([status, text, rest])
    })
    expect(new Set(shown).size).toBe(1)
    expect(answers[0]?.status).toBe(401)
    expect(answers[0]?.headers['www-authenticate']).toBe('Bearer')
  })

  it('the scheme is read in any case', async () => {
    expect((await server.send('GET', users, as('bearer good-demo'))).status).toBe(200)
    expect((await server.send('GET', users, as('BEARER good-demo'))).json.caller).toBe('reader')
  })

  it('a known caller without the permission gets 403', async () => {
    const answer = await server.send('PUT', users, { ...as('Bearer good-demo'), body: '{}' })
    expect([answer.status, answer.json.status]).toEqual([403, '403'])
  })

  it('any good token is enough where the endpoint says so', async () => {
    expect((await server.send('GET', '/demo/authn/userinfo', as('Bearer good-demo'))).json).toEqual({ sub: 'reader' })
    expect((await server.send('GET', '/demo/authn/userinfo')).status).toBe(401)
  })

  it('H3: a token is good under its own tenant only', async () => {
    expect((await server.send('GET', '/scim/other/v2/Users/1', as('Bearer good-demo'))).status).toBe(401)
    expect((await server.send('GET', '/scim/other/v2/Users/1', as('Bearer good-other'))).json.tenant).toBe('other')
  })

  it('H4: a refusal of whoever knows tokens is passed on; an exception opens nothing', async () => {
    expect((await server.send('GET', users, as('Bearer limited'))).status).toBe(429)
    expect((await server.send('GET', users, as('Bearer broken'))).status).toBe(500)
  })

  it('H4: an access kind that is not known opens nothing', async () => {
    const { openidDoor } = await import('./small-doors.ts')
    const door = openidDoor()
    const [first] = door.endpoints.filter(endpoint => endpoint.path.endsWith('jwks'))
    const odd = { ...first!, access: { kind: 'sometimes' as 'anyone', why: 'planted' } }
    const oddly = await serve({ doors: [{ ...door, endpoints: [odd] }] })
    expect((await oddly.send('GET', '/demo/authn/jwks', as('Bearer good-demo'))).status).toBe(403)
    await oddly.carrier.close()
  })

  it('two Authorization headers are refused', async () => {
    const lines = 'authorization: Bearer good-demo\r\nAuthorization: Bearer nobody\r\n'
    expect(await server.raw(`GET ${users} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n${lines}\r\n`)).toMatch(
      /^HTTP\/1.1 400 /,
    )
  })

  it('a body is not read for a caller who may not send it', async () => {
    const head = `PUT ${users} HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 50000\r\n\r\n`
    expect(await server.raw(head)).toMatch(/^HTTP\/1.1 401 /)
  })
})

describe('hostile headers', () => {
  it('R2: no header moves the public origin', async () => {
    const headers = {
      host: 'evil.example',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'gopher',
      'x-original-url': '/evil',
      forwarded: 'host=evil.example;proto=http;for=1.2.3.4',
    }
    const answer = await server.send('GET', '/demo/authn/jwks', { headers })
    expect(answer.json.origin).toBe('https://id.example')
    expect(JSON.stringify([answer.headers, answer.text])).not.toContain('evil')
  })

  it('R3: X-Forwarded-For counts from listed proxies only, and only when it can be read', async () => {
    const told = async (running: Running, forwarded: string) =>
      (await running.send('GET', '/demo/authn/jwks', { headers: { 'x-forwarded-for': forwarded } })).json.source
    expect(await told(server, '203.0.113.9')).toBe('127.0.0.1')
    const behind = await serve({ trustedProxies: ['127.0.0.0/8'] })
    expect(await told(behind, '203.0.113.9')).toBe('203.0.113.9')
    for (const bad of ['nonsense', '203.0.113.9, ', '203.0.113.9:1', `${'1.1.1.1,'.repeat(300)}2.2.2.2`]) {
      expect(await told(behind, bad)).toBe('127.0.0.1')
    }
    await behind.carrier.close()
  })

  it('a correlation id is taken when it is plain, else made', async () => {
    const told = async (id: string) =>
      (await server.send('GET', '/demo/authn/jwks', { headers: { 'x-correlation-id': id } })).headers[
        'x-correlation-id'
      ]
    expect(await told('Case.42_a-b')).toBe('Case.42_a-b')
    expect(await told('x'.repeat(64))).toBe('x'.repeat(64))
    for (const bad of ['', 'a b', 'x'.repeat(65), '<script>', 'a,b', '{"level":"info"}']) {
      expect(await told(bad)).toMatch(/^[A-Za-z0-9_-]{16}$/)
    }
  })
})
