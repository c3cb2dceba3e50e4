/**
 * H2, S1, S2 over the wire: whatever is too large, too deep, too long or too many is refused before it is worked on, and the
 * server goes on answering. What is read from a filter never becomes SQL.
 */
import { connect } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Query, Store, Unit } from '#domain/ports/store.ts'
import { limits } from '#http/limits.ts'
import { clientToken, type Reply, scim, send, startWorld, type World } from '../world.ts'

let world: World
let bearer: string
const texts: string[] = []

beforeAll(async () => {
  world = await startWorld()
  bearer = await clientToken(world)
  overhear(world.ground.store)
})
afterAll(() => world.close())
afterEach(async () => {
  expect((await send(`${world.base}/healthz`)).status).toBe(200)
  expect((await search({ filter: 'userName eq nobody' })).status).toBe(200)
})

/** Keeps the text of every query that the store is given. */
function overhear(store: Store): void {
  for (const way of ['read', 'write'] as const) {
    const real = store[way].bind(store)
    store[way] = <T>(tenant: number, unit: () => Unit<T>) => real(tenant, () => heard(unit()))
  }
}

function* heard<T>(unit: Unit<T>): Unit<T> {
  let step = unit.next()
  while (!step.done) {
    texts.push(...step.value.map((query: Query) => query.text))
    step = unit.next(yield step.value)
  }
  return step.value
}

const search = (body: unknown): Promise<Reply> => scim(world, bearer, 'POST', '/Users/.search', body)
const users = () => `${world.base}/scim/${world.demo.tenant}/v2/Users`
const post = (body: string | Buffer, url = users(), type = 'application/scim+json') =>
  send(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${bearer}`, 'content-type': type },
    body: body as string,
  })
const tokenUrl = () => `${world.base}/${world.demo.tenant}/authn/token`
const postForm = (body: string) => post(body, tokenUrl(), 'application/x-www-form-urlencoded')

function raw(bytes: string): Promise<string> {
  return new Promise(resolve => {
    let all = ''
    const socket = connect(Number(new URL(world.base).port), '127.0.0.1', () => socket.write(bytes))
    socket.on('data', chunk => {
      all += chunk.toString()
    })
    socket.on('error', () => resolve(all))
    socket.on('close', () => resolve(all))
  })
}

describe('H2: JSON', () => {
  const json = limits.json_bytes.value
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
  test.each<[string, () => string, number]>([
    ['a body beyond its bytes', () => `{"a":"${'x'.repeat(json)}"}`, 413],
    ['a string beyond its characters', () => `{"a":"${'x'.repeat(limits.json_string_characters.value + 1)}"}`, 400],
    ['too deep', () => `{"a":${nested(limits.json_depth.value)}}`, 400],
    ['far too deep', () => `{"a":${nested(100_000)}}`, 400],
    ['far too deep, unfinished', () => `{"a":${'['.repeat(200_000)}`, 400],
    ['an array too long', () => `{"a":[${'1,'.repeat(limits.json_items.value)}1]}`, 400],
    [
      'an object too wide',
      () => `{${Array.from({ length: limits.json_items.value + 1 }, (_, n) => `"a${n}":1`).join(',')}}`,
      400,
    ],
    ['a name twice', () => '{"userName":"a","userName":"b"}', 400],
    ['__proto__', () => '{"__proto__":{"userName":"a"}}', 400],
    ['__proto__ by an escape', () => '{"\\u005f_proto__":{"userName":"a"}}', 400],
    ['constructor', () => '{"userName":"a","constructor":{"prototype":{"x":1}}}', 400],
    ['a NUL', () => '{"userName":"a\\u0000b"}', 400],
    ['half a character', () => '{"userName":"a\\ud800"}', 400],
    ['a number without end', () => `{"a":${'9'.repeat(100_000)}}`, 400],
  ])('%s', async (what, body, status) => {
    const answer = await post(body())
    const fits = what === 'a number without end' ? [400] : [status]
    expect(fits).toContain(answer.status)
    expect(answer.body.detail).toMatch(/\.$/)
  })

  test('bytes that are no UTF-8, compressed bodies, no body', async () => {
    expect((await post(Buffer.from([0x7b, 0xff, 0xfe, 0x7d]))).status).toBe(400)
    const zipped = await send(users(), {
      method: 'POST',
      headers: { authorization: `Bearer ${bearer}`, 'content-encoding': 'gzip' },
      body: 'x',
    })
    expect(zipped.status).toBe(415)
    expect((await post('')).status).toBe(400)
  })

  test('a body without a length, far too large: refused while it comes', async () => {
    const endless = new ReadableStream({
      pull(controller) {
        controller.enqueue(Buffer.alloc(65_536, 0x78))
      },
    })
    const sent = fetch(users(), {
      method: 'POST',
      headers: { authorization: `Bearer ${bearer}` },
      body: endless,
      duplex: 'half',
    } as RequestInit)
    const status = await sent.then(
      answer => answer.status,
      () => 'cut',
    )
    expect([413, 'cut']).toContain(status)
  })

  test.each([
    ['userName', 'x'.repeat(5000)],
    ['title', 'x'.repeat(60_000)],
    ['externalId', 'x'.repeat(5000)],
  ])('a member beyond its own bound: %s', async (name, value) => {
    expect((await scim(world, bearer, 'POST', '/Users', { userName: 'bounded', [name]: value })).status).toBe(400)
  })
})

describe('H2: forms, headers, addresses', () => {
  test.each<[string, () => string, number]>([
    ['too many pairs', () => Array.from({ length: limits.form_pairs.value + 1 }, (_, n) => `a${n}=1`).join('&'), 400],
    ['a name too long', () => `${'a'.repeat(limits.form_name_bytes.value + 1)}=1`, 400],
    ['a value too long', () => `grant_type=password&username=${'a'.repeat(limits.form_value_bytes.value + 1)}`, 400],
    ['a body beyond its bytes', () => `grant_type=${'a'.repeat(16_400)}`, 413],
    ['a body far beyond its bytes', () => `grant_type=${'a'.repeat(3_000_000)}`, 413],
    ['escapes without end', () => `grant_type=${'%61'.repeat(5000)}`, 400],
    ['a broken escape', () => 'grant_type=%zz', 400],
    ['ampersands', () => '&'.repeat(10_000), 400],
  ])('a form: %s', async (_, body, status) => {
    const answer = await postForm(body()).catch(() => ({ status: 413, body: { error: 'invalid_request' } }))
    expect([answer.status, answer.body.error]).toEqual([status, 'invalid_request'])
  })

  test('a query: too many pairs', async () => {
    const query = Array.from({ length: limits.form_pairs.value + 1 }, (_, n) => `a${n}=1`).join('&')
    expect((await send(`${users()}?${query}`, { headers: { authorization: `Bearer ${bearer}` } })).status).toBe(400)
  })

  test('headers: too many, too long, twice', async () => {
    const many = Object.fromEntries(Array.from({ length: limits.headers.value + 1 }, (_, n) => [`x-${n}`, '1']))
    expect((await send(users(), { headers: { ...many, authorization: `Bearer ${bearer}` } })).status).toBe(400)
    const long = await raw(`GET /healthz HTTP/1.1\r\nhost: a\r\nx-long: ${'x'.repeat(20_000)}\r\n\r\n`)
    expect(long).toMatch(/^HTTP\/1\.1 431 /)
    const line = await raw(`GET /${'x'.repeat(20_000)} HTTP/1.1\r\nhost: a\r\n\r\n`)
    expect(line).toMatch(/^HTTP\/1\.1 (431|414|404) /)
    const two = `authorization: Bearer ${bearer}\r\nauthorization: Bearer ${bearer}\r\n`
    expect(
      await raw(`GET ${new URL(users()).pathname} HTTP/1.1\r\nhost: a\r\n${two}connection: close\r\n\r\n`),
    ).toMatch(/^HTTP\/1\.1 400 /)
  })

  test('requests that two readers would read differently are not read', async () => {
    const path = new URL(tokenUrl()).pathname
    const both = await raw(
      `POST ${path} HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nhost: a\r\n\r\n`,
    )
    expect(both).toMatch(/^HTTP\/1\.1 400 /)
    expect(both).not.toContain('ok\n')
    expect(
      await raw(`POST ${path} HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nabcdef`),
    ).toMatch(/^HTTP\/1\.1 400 /)
    expect(await raw('GET /healthz HTTP/1.1\r\nhost: a\r\nx-a: b\r\n folded\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /)
  })

  test.each([
    ['a parameter too long', 'x'.repeat(limits.path_parameter_characters.value + 1), 404],
    ['a parameter far too long', 'x'.repeat(10_000), 404],
    ['a NUL', '%00', 400],
    ['an escape that is none', '%zz', 400],
    ['no UTF-8', '%ff', 400],
    ['a path upwards', '..%2f..%2fetc%2fpasswd', 404],
    ['a number beyond all', '9'.repeat(20), 404],
    ['a number below zero', '-1', 404],
    ['a broken number', '1e3', 404],
    ['another number system', '%D9%A1', 404],
  ])('an id: %s', async (_, id, status) => {
    for (const noun of ['Users', 'Device', 'Credential', 'Authenticator']) {
      const url = `${world.base}/scim/${world.demo.tenant}/v2/${noun}/${id}`
      const { status: said } = await send(url, { headers: { authorization: `Bearer ${bearer}` } })
      expect([noun, said === status || (status === 404 && said === 400)]).toEqual([noun, true])
    }
  })

  test.each(['x'.repeat(65), '..', 'de mo', "d'mo", 'demo%00', '%2e%2e', '__proto__', 'constructor'])(
    'a tenant named %s',
    async name => {
      const { status } = await send(`${world.base}/scim/${name}/v2/Users`, {
        headers: { authorization: `Bearer ${bearer}` },
      })
      expect([400, 404]).toContain(status)
    },
  )

  test('a request that comes byte by byte holds nobody else up', async () => {
    const slow = connect(Number(new URL(world.base).port), '127.0.0.1', () =>
      slow.write('POST /x HTTP/1.1\r\nhost: a\r\ncontent-length: 1000\r\n\r\na'),
    )
    slow.on('error', () => undefined)
    const answers = await Promise.all(Array.from({ length: 20 }, () => search({ filter: 'userName eq nobody' })))
    expect(answers.every(({ status }) => status === 200)).toBe(true)
    slow.destroy()
  })
})

describe('S1: hostile filters', () => {
  const clauses = (count: number) => Array.from({ length: count }, () => 'userName eq a').join(' and ')
  test.each<[string, string]>([
    ['10,000 opening parentheses', '('.repeat(10_000)],
    ['10,000 parentheses around a clause', `${'('.repeat(9000)}userName eq a${')'.repeat(9000)}`],
    ['nesting just too deep', `${'('.repeat(33)}userName eq a${')'.repeat(33)}`],
    ['one clause too many', clauses(201)],
    ['8,000 clauses', clauses(8000).slice(0, 19_000)],
    ['a filter beyond its characters', `userName eq "${'x'.repeat(16_400)}"`],
    ['a filter beyond all', 'x'.repeat(60_000)],
    ['nots without end', 'not '.repeat(4000)],
    ['not( without end', 'not('.repeat(4000)],
    ['a quote that does not end', `userName eq "${'a'.repeat(10_000)}`],
    ['backslashes', `userName eq "${'\\'.repeat(9999)}`],
    ['__proto__', '__proto__ eq 1'],
    ['constructor', 'constructor.prototype eq 1'],
    ['toString', 'toString pr'],
    ['a path into nowhere', `userName${'.a'.repeat(4000)} eq 1`],
    ['a value path', 'emails[type eq "work"].value eq "x"'],
    ['blanks without end', `userName${' '.repeat(15_000)}`],
    ['SQL as an attribute', 'userName;drop table user_account;-- eq 1'],
    ['SQL as an operator', "userName = '' or 1=1"],
    ['a comment', 'userName eq /* */'],
    ['an unknown operator', 'userName like a'],
    ['nothing after and', 'userName eq a and'],
    ['an operator alone', 'eq'],
    ['brackets', '[userName eq a]'],
    ['a NUL', 'userName eq "a\u0000b"'],
  ])('%s', async (_, filter) => {
    const before = texts.length
    const { status, body } = await search({ filter })
    expect(status).toBe(400)
    expect(body.detail.length).toBeLessThan(200)
    // Refused before anything is asked of the store beyond who is calling.
    expect(
      texts.slice(before).filter(text => /user_account u? ?where/.test(text) && /limit|count/i.test(text)),
    ).toEqual([])
  })

  test('no step grows with the square of the input', async () => {
    // Ten times the input through the whole server, many times: with a quadratic step this would not end in its time.
    const asked = Array.from({ length: 200 }, () =>
      search({ filter: `${'('.repeat(9000)}userName eq a${')'.repeat(9000)}` }),
    )
    expect((await Promise.all(asked)).every(({ status }) => status === 400)).toBe(true)
  })

  const INJECTIONS = [
    "x' or '1'='1",
    "'; drop table user_account; --",
    'x" or "1"="1',
    "x') union select secret from credential --",
    'x\\',
    '%',
    '_',
    '*',
    '%%%%%%%%',
    '$1',
    '?1',
    "\\'; select pg_sleep(10); --",
  ]
  test.each(INJECTIONS)('S1: SQL never holds what was asked for: %s', async value => {
    for (const operator of ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'lt']) {
      const before = texts.length
      const filter = `userName ${operator} ${JSON.stringify(value)}`
      const { status, body } = await search({ filter, count: 5 })
      expect([filter, status]).toEqual([filter, 200])
      expect(Array.isArray(body.resources)).toBe(true)
      expect(texts.length).toBeGreaterThan(before)
      const marked = texts.slice(before).filter(text => value.length > 2 && text.includes(value))
      expect(marked).toEqual([])
    }
    // A wildcard of SQL is a letter like any other.
    if (value === '%' || value === '_')
      expect((await search({ filter: `userName sw "${value}"` })).body.totalResults).toBe(0)
  })

  test('S1: the text of a query depends on the form of the filter alone', async () => {
    const textsOf = async (filter: string) => {
      const before = texts.length
      expect((await search({ filter })).status).toBe(200)
      return texts.slice(before).filter(text => !text.includes('from session'))
    }
    await textsOf('userName eq warm')
    expect(await textsOf('userName eq first')).toEqual(await textsOf(`userName eq "${INJECTIONS[1]}"`))
  })

  test('S1: the attack text goes in as a name and comes out as it was, and the tables are all there', async () => {
    for (const value of INJECTIONS.filter(one => one.length > 4)) {
      const made = await scim(world, bearer, 'POST', '/Users', { userName: value })
      expect([value, made.status]).toEqual([value, 201])
      const found = await search({ filter: `userName eq ${JSON.stringify(value)}` })
      expect([value, found.body.totalResults, found.body.resources[0]?.userName]).toEqual([value, 1, value])
    }
  })
})

describe('S2: both ways', () => {
  test.each([
    ['(userName eq a)'],
    [`${'('.repeat(31)}userName eq a${')'.repeat(31)}`],
    ['not (userName eq a)'],
    ['not (not (userName eq a))'],
    ['userName eq 0044123'],
    ['userName eq "0044123"'],
    ['USERNAME EQ a AND EXTERNALID SW b'],
    ['  userName   eq    a  '],
    ['userName eq a*'],
    ['userName eq jsmith@company.com'],
    ['groups eq UG_ROOT'],
    ['groups.value eq UG_ROOT'],
    ['ATR_MOBILE eq 44123456'],
    ['userName eq a or externalId eq b'],
    ['userName pr'],
  ])('read: %s', async filter => {
    expect((await search({ filter })).status).toBe(200)
  })
  test.each([
    ['userName'],
    ['userName eq'],
    ['eq a'],
    ['userName eq a b'],
    ['(userName eq a'],
    ['userName eq a)'],
    ['not userName eq a and'],
    ['and'],
  ])('refused: %s', async filter => {
    const { status, body } = await search({ filter })
    expect([status, body.scimType]).toEqual([400, 'invalidFilter'])
  })
  test('an error quotes no more than 40 characters', async () => {
    const { body } = await search({ filter: `${'abcdefghij'.repeat(100)} eq 1` })
    expect(body.detail).not.toContain('abcdefghij'.repeat(5))
  })
})
