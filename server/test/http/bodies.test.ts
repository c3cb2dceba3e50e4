/** What the carrier makes of bodies and query strings: tolerance of labels, refusal of ambiguity, bounds (security.md H2, P4). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Running, serve } from './small-doors.ts'

let server: Running
beforeAll(async () => {
  server = await serve()
})
afterAll(() => server.carrier.close())

const FORM = 'application/x-www-form-urlencoded'
const post = (body: string | Buffer, type: string | undefined = FORM, query = '') =>
  server.send('POST', `/demo/authn/token${query}`, {
    body,
    headers: type === undefined ? {} : { 'content-type': type },
  })
const search = (body: string | Buffer, type: string) =>
  server.send('POST', '/scim/demo/v2/Users/.search', {
    body,
    headers: { authorization: 'Bearer good-demo', 'content-type': type },
  })

describe('T3: labels do not decide', () => {
  it.each([FORM, `${FORM}; charset=UTF-8`, 'text/plain', '"quoted"', 'no/such; ;;', ''])(
    'a form labelled %s',
    async type => {
      expect((await post('grant_type=x', type)).json.body).toEqual({ grant_type: 'x' })
    },
  )
  it.each([FORM, 'application/json', 'application/json; charset=utf-8', ''])(
    'JSON on a form endpoint labelled %s',
    async type => {
      expect((await post('{"grant_type":"x","more":{"a":1}}', type)).json.body).toEqual({
        grant_type: 'x',
        more: { a: 1 },
      })
    },
  )
  it.each([
    'application/scim+json',
    '"application/scim+json"',
    'application/scim+json;charset=utf-8',
    'application/json',
    FORM,
  ])('a SCIM body labelled %s', async type => {
    expect((await search('{"filter":"x"}', type)).json.body).toEqual({ filter: 'x' })
  })
  it('a body without any label', async () => {
    const bytes = 'grant_type=x'
    const answer = await server.raw(
      `POST /demo/authn/token HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: ${bytes.length}\r\n\r\n${bytes}`,
    )
    expect(answer).toContain('"grant_type":"x"')
  })
  it('a body in many pieces, and a chunked one', async () => {
    const form = `grant_type=x&pad=${'p'.repeat(8000)}&pad2=${'q'.repeat(8000)}`
    const pieces = form.match(/.{1,1000}/g)!.map(piece => `${piece.length.toString(16)}\r\n${piece}\r\n`)
    const head = 'POST /demo/authn/token HTTP/1.1\r\nhost: a\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n'
    expect(await server.raw(`${head}${pieces.join('')}0\r\n\r\n`)).toContain('"grant_type":"x"')
  })
})

describe('T4: parameters in the query string', () => {
  it('stand for those of the body', async () => {
    expect((await post('', FORM, '?grant_type=x')).json.body).toEqual({ grant_type: 'x' })
    expect((await post('other=1', FORM, '?grant_type=x')).json.body).toEqual({ other: '1', grant_type: 'x' })
  })
  it('the same name in both is refused', async () => {
    const answer = await post('grant_type=x', FORM, '?grant_type=x')
    expect([answer.status, answer.json.error]).toEqual([400, 'invalid_request'])
  })
})

describe('P4: ambiguous input is refused', () => {
  it.each([
    'grant_type=x&grant_type=y',
    'grant_type=x&grant%5ftype=x',
    'grant_type=%',
    'grant_type=%ff',
    'grant_type=a%00b',
    '=x',
    '{"grant_type":"x","grant_type":"y"}',
    '{"grant_type":"x","__proto__":{}}',
    '{"grant_type":"x"',
    '[]',
    '"x"',
    'null',
    '',
  ])('%s', async body => {
    const answer = await post(body)
    expect([answer.status, answer.json.error]).toEqual([400, 'invalid_request'])
  })

  it('query strings too', async () => {
    const headers = { authorization: 'Bearer good-demo' }
    const list = (query: string) => server.send('GET', `/scim/demo/v2/Users?${query}`, { headers })
    expect((await list('count=3&api-version=10&unknown=1')).json.query.count).toBe('3')
    expect((await list('count=3&count=4')).status).toBe(400)
    expect((await list('count=%zz')).status).toBe(400)
    expect((await list('count=many')).json.detail).toContain('count')
  })

  it('shapes: the place and the rule are told, never the value', async () => {
    const answer = await search('{"filter":["planted-secret"]}', 'application/json')
    expect(answer.status).toBe(400)
    expect(answer.json.detail).toBe('filter: a value is not of the kind that is expected here (type).')
    expect((await post('a=planted-secret')).json.error_description).toBe('Missing: grant_type.')
    expect(server.log).toEqual(server.log.filter(line => !JSON.stringify(line).includes('planted')))
  })
})

describe('H2: every input has a bound', () => {
  it.each([
    ['form in total', () => post(`grant_type=x&${'a'.repeat(70_000)}`), 413],
    ['form value', () => post(`grant_type=${'x'.repeat(8193)}`), 400],
    ['form name', () => post(`grant_type=x&${'n'.repeat(65)}=1`), 400],
    ['form pairs', () => post(`grant_type=x${'&'.repeat(65)}`), 400],
    [
      'JSON in total',
      () => search(JSON.stringify({ pad: Array(6).fill('x'.repeat(60_000)) }), 'application/json'),
      413,
    ],
    ['JSON depth', () => search('['.repeat(100_000), 'application/json'), 400],
    ['JSON list', () => search(`{"a":[${'1,'.repeat(2000)}1]}`, 'application/json'), 400],
    ['JSON text', () => search(`{"a":"${'x'.repeat(70_000)}"}`, 'application/json'), 400],
    ['one header', () => server.send('GET', '/demo/authn/jwks', { headers: { x: 'y'.repeat(20_000) } }), 431],
    ['address', () => server.send('GET', `/demo/authn/jwks?${'y'.repeat(20_000)}`), 431],
    ['path parameter', () => server.send('GET', `/scim/demo/v2/Users/${'1'.repeat(300)}`), 404],
  ])('%s', async (_name, oversize, status) => {
    expect((await oversize()).status).toBe(status)
  })

  it('count of headers', async () => {
    const headers = Object.fromEntries(Array.from({ length: 70 }, (_, n) => [`x-${n}`, '1']))
    expect((await server.send('GET', '/demo/authn/jwks', { headers })).status).toBe(400)
  })

  it('a declared length beyond the bound is refused before a byte of it is sent', async () => {
    const head = 'POST /demo/authn/token HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 900000000\r\n\r\n'
    expect(await server.raw(head)).toMatch(/^HTTP\/1.1 413 /)
  })

  it('a chunked body beyond the bound is refused without waiting for its end', async () => {
    const head = 'POST /demo/authn/token HTTP/1.1\r\nhost: a\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n'
    const piece = `4000\r\n${'x'.repeat(0x4000)}\r\n`
    expect(await server.raw(head + piece.repeat(6))).toMatch(/^HTTP\/1.1 413 /)
  })

  it('compressed bodies are not unpacked', async () => {
    const headers = { 'content-encoding': 'gzip' }
    expect((await server.send('POST', '/demo/authn/token', { headers, body: 'x' })).status).toBe(415)
  })

  it('bytes that are no HTTP get a plain 400', async () => {
    expect(await server.raw('\x16\x03\x01\x02\x00\r\n\r\n')).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/)
    const smuggled =
      'POST /demo/authn/token HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'
    expect(await server.raw(smuggled)).toMatch(/^HTTP\/1.1 400 /)
  })

  it('an endpoint can raise its own total, and nothing else', async () => {
    const writer = await serve({
      identify: async () => ({
        kind: 'client',
        user: 1,
        client: 'w',
        session: 1,
        permissions: new Set(['users.write']),
        roles: [],
      }),
    })
    const put = (size: number) =>
      writer.send('PUT', '/scim/demo/v2/Users/1', {
        headers: { authorization: 'Bearer w' },
        body: JSON.stringify({ a: 'x'.repeat(size / 2), b: 'x'.repeat(size / 2) }),
      })
    expect((await put(99_000)).status).toBe(200)
    expect((await put(101_000)).status).toBe(413)
    await writer.carrier.close()
  })
})
