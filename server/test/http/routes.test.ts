/** Addresses: which endpoint answers where, what is forgiven in a path, and what stands where no endpoint does. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Running, serve } from './small-doors.ts'

let server: Running
const bearer = { authorization: 'Bearer good-demo' }
beforeAll(async () => {
  server = await serve()
})
afterAll(() => server.carrier.close())

describe('addresses of endpoints', () => {
  it.each([
    ['/scim/demo/v2/Users/11072', '11072', '/scim/{tenant}/v2/Users/{id}'],
    ['/scim/demo/v2/Authenticator/52276.AT_OTP', '52276.AT_OTP', '/scim/{tenant}/v2/Authenticator/{id}'],
    ['/scim/demo/v2/Authenticator/.AT_TXOOB', '.AT_TXOOB', '/scim/{tenant}/v2/Authenticator/{id}'],
    ['/scim/demo/v2/Device/Provision/9', '9', '/scim/{tenant}/v2/Device/Provision/{id}'],
    ['/scim/demo/v2/Device/Provisional', 'Provisional', '/scim/{tenant}/v2/Device/{id}'],
    ['/scim/demo/v2/Users/a%2Fb%40c', 'a/b@c', '/scim/{tenant}/v2/Users/{id}'],
    ['/scim/demo/v2/Users/11072/', '11072', '/scim/{tenant}/v2/Users/{id}'],
  ])('T1: %s', async (path, id, template) => {
    const answer = await server.send('GET', path, { headers: bearer })
    expect([answer.status, answer.json.id, answer.json.path]).toEqual([200, id, template])
  })

  it('a fixed part wins over a parameter', async () => {
    const answer = await server.send('POST', '/scim/demo/v2/Users/.search', { headers: bearer, body: '{"filter":"x"}' })
    expect(answer.json).toEqual({ body: { filter: 'x' }, path: 'search' })
    expect((await server.send('GET', '/scim/demo/v2/Users/.search', { headers: bearer })).status).toBe(405)
  })

  it.each(['/SCIM/demo/v2/Users', '/Scim/demo/v2/Users/', '/sCIM/demo/v2/Users?count=3'])(
    'T1: any case of scim: %s',
    async path => {
      expect((await server.send('GET', path, { headers: bearer })).status).toBe(200)
    },
  )

  it('T1: only the first part of a SCIM path is read in any case', async () => {
    expect((await server.send('GET', '/SCIM/demo/V2/users', { headers: bearer })).status).toBe(404)
    expect((await server.send('GET', '/SCIM/DEMO/v2/Users', { headers: bearer })).status).toBe(404)
    expect((await server.send('GET', '/demo/AUTHN/jwks')).status).toBe(404)
  })

  it('T1: authn paths stand under /idp too, and handlers are told so', async () => {
    expect((await server.send('GET', '/demo/authn/jwks')).json.origin).toBe('https://id.example')
    expect((await server.send('GET', '/idp/demo/authn/jwks')).json.origin).toBe('https://id.example/idp')
    expect((await server.send('GET', '/idp/scim/demo/v2/Users')).status).toBe(404)
  })

  it('a trailing slash is forgiven by door', async () => {
    expect((await server.send('GET', '/scim/demo/v2/Users/', { headers: bearer })).status).toBe(200)
    expect((await server.send('GET', '/demo/authn/jwks/')).status).toBe(404)
  })

  it('HEAD answers like GET without a body', async () => {
    const get = await server.send('GET', '/demo/authn/jwks')
    const head = await server.send('HEAD', '/demo/authn/jwks')
    expect(head.status).toBe(200)
    expect(head.text).toBe('')
    expect(head.headers['content-length']).toBe(get.headers['content-length'])
  })

  it('DELETE answers 204 without type and body', async () => {
    const writer = await serve({ identify: async () => ({ ...caller, permissions: new Set(['users.write']) }) })
    const answer = await writer.send('DELETE', '/scim/demo/v2/Users/1', { headers: bearer })
    expect([answer.status, answer.text, answer.headers['content-type']]).toEqual([204, '', undefined])
    await writer.carrier.close()
  })
})

const caller = { kind: 'client' as const, user: 1, client: 'w', session: 1, permissions: new Set<string>(), roles: [] }

describe('addresses without endpoint', () => {
  it('T15: OPTIONS tells the methods', async () => {
    const users = await server.send('OPTIONS', '/scim/demo/v2/Users/1')
    expect([users.status, users.headers.allow, users.text]).toEqual([204, 'GET, HEAD, PUT, DELETE, OPTIONS', ''])
    expect((await server.send('OPTIONS', '/idp/demo/authn/token')).headers.allow).toBe('POST, OPTIONS')
  })

  it('a wrong method is 405 in the dialect of the door', async () => {
    const scim = await server.send('PATCH', '/scim/demo/v2/Users/1', { headers: bearer, body: '{}' })
    expect([scim.status, scim.headers.allow, scim.json.status]).toEqual([405, 'GET, HEAD, PUT, DELETE, OPTIONS', '405'])
    expect(scim.headers['content-type']).toBe('application/scim+json;charset=utf-8')
    const openid = await server.send('GET', '/demo/authn/token')
    expect([openid.status, openid.headers.allow, openid.json.error]).toEqual([
      405,
      'POST, OPTIONS',
      'method_not_allowed',
    ])
  })

  it('an unknown address is 404 in the dialect of the door it is under', async () => {
    expect((await server.send('GET', '/scim/demo/v2/Nothing')).json.schemas).toEqual([
      'urn:ietf:params:scim:api:messages:2.0:Error',
    ])
    expect((await server.send('POST', '/demo/authn/nothing', { body: 'a=b' })).json.error).toBe('not_found')
    expect((await server.send('GET', '/idp/demo/authn/nothing')).json.error).toBe('not_found')
    expect((await server.send('GET', '/')).json.error).toBe('not_found')
    expect((await server.send('GET', '/favicon.ico')).status).toBe(404)
  })

  it('unknown methods and unreadable addresses are refused', async () => {
    expect((await server.send('TRACE', '/demo/authn/jwks')).status).toBe(405)
    expect((await server.send('PROPFIND', '/demo/authn/token')).headers.allow).toBe('POST, OPTIONS')
    expect((await server.send('GET', '/demo/authn/%zz')).status).toBe(400)
    expect((await server.send('GET', '/scim/demo/v2/Users/%ff', { headers: bearer })).status).toBe(400)
    expect((await server.send('GET', '/scim/demo/v2/Users/a%00b', { headers: bearer })).status).toBe(400)
  })

  it('H3: an unknown tenant gets one answer, whatever its name', async () => {
    const names = ['nobody', 'DEMO', 'x'.repeat(64), 'x'.repeat(65), 'de%20mo', '..%2fdemo', '__proto__', 'constructor']
    const answers = await Promise.all(names.map(name => server.send('GET', `/${name}/authn/jwks`)))
    expect(new Set(answers.map(answer => `${answer.status} ${answer.text}`)).size).toBe(1)
    expect(answers[0]?.status).toBe(404)
    expect(server.looked).not.toContain('x'.repeat(65))
  })
})
