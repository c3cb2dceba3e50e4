/** What every answer carries, what a failure tells, and how the server goes down (security.md A3, H1, H4, H7). */
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openidDoor, type Received, type Running, scimDoor, serve } from './small-doors.ts'

let server: Running
beforeAll(async () => {
  server = await serve()
})
afterAll(() => server.carrier.close())

const shown = ({ headers, status }: Received) => {
  const { connection: _connection, date: _date, 'x-correlation-id': _id, 'keep-alive': _keep, ...rest } = headers
  return { status, ...rest }
}
const token = (grant: string) => server.send('POST', '/demo/authn/token', { body: `grant_type=${grant}` })

describe('H7: headers, as they are sent', () => {
  const json = { 'cache-control': 'no-store', pragma: 'no-cache', 'x-content-type-options': 'nosniff' }

  it('an OpenID answer', async () => {
    expect(
      shown(await server.send('GET', '/demo/authn/userinfo', { headers: { authorization: 'Bearer good-demo' } })),
    ).toEqual({
      status: 200,
      'content-type': 'application/json;charset=UTF-8',
      'content-length': '16',
      ...json,
    })
  })
  it('a SCIM refusal', async () => {
    expect(shown(await server.send('GET', '/scim/demo/v2/Users/1'))).toEqual({
      status: 401,
      'content-type': 'application/scim+json;charset=utf-8',
      'content-length': '134',
      'www-authenticate': 'Bearer',
      ...json,
    })
  })
  it('a page', async () => {
    expect(shown(await server.send('GET', '/demo/authn/portal'))).toEqual({
      status: 200,
      'content-type': 'text/html;charset=UTF-8',
      'content-length': '34',
      ...json,
      'content-security-policy':
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; " +
        "frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
    })
  })
  it('A3: nothing names the product', async () => {
    const answers = [
      await server.send('GET', '/'),
      await server.send('OPTIONS', '/demo/authn/token'),
      await token('crash'),
    ]
    for (const answer of answers) {
      expect(JSON.stringify([answer.headers, answer.text])).not.toMatch(/fastify|node|countersign|powered|"server"/i)
    }
  })
  it('a handler can send cookies and allow caching', async () => {
    expect((await token('cookies')).headers['set-cookie']).toEqual(['a=1', 'b=2'])
    const cached = await token('cached')
    expect([cached.headers['cache-control'], cached.headers.pragma]).toEqual(['public, max-age=60', undefined])
  })
})

describe('H4, H1: failures', () => {
  it('a refusal keeps its code, and tells when to come back', async () => {
    const answer = await token('busy')
    expect([answer.status, answer.json.error, answer.headers['retry-after']]).toEqual([
      503,
      'temporarily_unavailable',
      '2',
    ])
  })
  it('an exception is a 500 with the correlation id; its cause stands in the log only', async () => {
    const answer = await token('crash')
    const id = answer.headers['x-correlation-id']
    expect([answer.status, answer.json]).toEqual([500, { error: 'server_error', error_description: id }])
    expect(answer.text).not.toContain('secret')
    const line = server.log.find(one => one.level === 'error' && one.fields.correlation === id)
    expect(String(line?.fields.error)).toContain('the secret cause')
    expect(line?.fields).toMatchObject({ method: 'POST', path: '/{tenant}/authn/token' })
  })
  it('chance fails: even a request that needs a name from us is answered with 500, and told', async () => {
    const broken = () => {
      throw new Error('the planted cause')
    }
    const unlucky = await serve({ random: { bytes: broken } })
    for (const [method, path] of [
      ['GET', '/demo/authn/jwks'],
      ['GET', '/scim/demo/v2/Users/1'],
      ['GET', '/nowhere'],
      ['POST', '/demo/authn/jwks'],
      ['OPTIONS', '/demo/authn/jwks'],
    ] as const) {
      const answer = await unlucky.send(method, path)
      expect([path, answer.status, answer.headers['x-correlation-id']]).toEqual([path, 500, 'none'])
      expect(answer.text).not.toContain('planted')
    }
    const told = unlucky.log.filter(({ level }) => level === 'error').map(({ fields }) => String(fields.error))
    expect(told).toEqual(Array(5).fill('Error: the planted cause'))
    const named = await unlucky.send('GET', '/demo/authn/jwks', { headers: { 'x-correlation-id': 'mine' } })
    expect([named.status, named.headers['x-correlation-id']]).toEqual([200, 'mine'])
    await unlucky.carrier.close()
  })
  it('a header that would split the answer is a fault, and no part of it goes out', async () => {
    const answer = await token('bad-header')
    expect([answer.status, answer.headers['set-cookie'], answer.headers['x-bad']]).toEqual([500, undefined, undefined])
  })
  it('a refusal that the endpoint does not declare is answered, and reported to us', async () => {
    expect((await token('undeclared')).status).toBe(409)
    expect(server.log.some(line => line.level === 'warn' && line.fields.code === 'uniqueness')).toBe(true)
  })
  it('a dialect that fails still ends in a 500', async () => {
    const broken = () => {
      throw new Error('planted')
    }
    const oddly = await serve({ doors: [{ ...openidDoor(), dialect: { ...openidDoor().dialect, refuse: broken } }] })
    expect((await oddly.send('POST', '/demo/authn/token', { body: 'x=y' })).status).toBe(500)
    expect((await oddly.send('GET', '/demo/authn/jwks')).status).toBe(200)
    await oddly.carrier.close()
  })
  it('a client that goes away in the middle of its body leaves nothing behind', async () => {
    const before = server.log.length
    await new Promise<void>(resolve => {
      const socket = connect(server.port, '127.0.0.1', () => {
        socket.write('POST /demo/authn/token HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\ngrant', () =>
          socket.destroy(),
        )
      })
      socket.on('close', () => resolve())
    })
    expect((await token('x')).status).toBe(200)
    expect(server.log.length).toBe(before)
  })
})

describe('the server as a whole', () => {
  it('two endpoints at one address do not start', async () => {
    await expect(serve({ doors: [scimDoor, scimDoor] })).rejects.toThrow(
      'two endpoints stand at GET /scim/:tenant/v2/Users',
    )
  })
  it.each(['https://id.example/', 'id.example', 'https://id.example/path', 'https://u:p@id.example'])(
    'R2: the public origin is checked at start: %s',
    async origin => {
      await expect(serve({ origin })).rejects.toThrow('public origin')
    },
  )
  it('the public origin may depend on the port', async () => {
    const local = await serve({ origin: port => `http://localhost:${port}` })
    expect((await local.send('GET', '/demo/authn/jwks')).json.origin).toBe(`http://localhost:${local.port}`)
    await local.carrier.close()
  })
  it('several requests use one connection, answered in order', async () => {
    const get = 'GET /demo/authn/jwks HTTP/1.1\r\nhost: a\r\n\r\n'
    const post = 'POST /demo/authn/token HTTP/1.1\r\nhost: a\r\ncontent-length: 12\r\n\r\ngrant_type=z'
    const last = 'GET /demo/authn/nothing HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n'
    const received = await server.raw(get + post + get + last)
    expect(received.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 404'])
  })

  it('close finishes what is under way, tells clients to go, and accepts nothing new', async () => {
    let release: () => void = () => undefined
    let arrived: () => void = () => undefined
    const held = new Promise<void>(resolve => {
      release = resolve
    })
    const here = new Promise<void>(resolve => {
      arrived = resolve
    })
    const hold = () => {
      arrived()
      return held
    }
    const draining = await serve({ doors: [openidDoor(hold)] })
    const answer = draining.raw('GET /demo/authn/slow HTTP/1.1\r\nhost: a\r\n\r\n')
    await here
    const closed = draining.carrier.close()
    await expect(draining.send('GET', '/demo/authn/jwks')).rejects.toThrow('ECONNREFUSED')
    release()
    const text = await answer
    expect(text).toMatch(/^HTTP\/1.1 200 /)
    expect(text).toContain('"done":true')
    expect(text.toLowerCase()).toContain('connection: close')
    await closed
  })

  it('close cuts what does not finish', async () => {
    const never = () => new Promise<void>(() => undefined)
    const stuck = await serve({ doors: [openidDoor(never)], drain_ms: 50 })
    const answer = stuck.raw('GET /demo/authn/slow HTTP/1.1\r\nhost: a\r\n\r\n').catch(() => '')
    await stuck.send('GET', '/demo/authn/jwks')
    await stuck.carrier.close()
    expect(await answer).toBe('')
  })
})
