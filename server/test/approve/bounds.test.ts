/**
 * H2: every input of what approves has a bound. Each case is refused before it is worked on, changes nothing, and the server answers
 * afterwards. Shapes of bodies are tried at every endpoint of the approve door, as the server itself describes them.
 */
import { signed } from '@countersign/sdk/signed-call.ts'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { ask } from '../held-phone.ts'
import { nameOf, type Served, servedEndpoints } from '../security/served-endpoints.ts'
import { clientToken, form, scim, send, startWorld, token, type World } from '../world.ts'
import { givePersonWithPhone, opened, type Person, type Phone } from './phones.ts'

let world: World
let bearer: string
let user: Person
let phone: Phone
let served: readonly Served[]
beforeAll(async () => {
  world = await startWorld()
  bearer = await clientToken(world)
  served = (await servedEndpoints(world)).filter(({ door }) => door === 'approve')
  ;({ user, phone } = await givePersonWithPhone(world, bearer))
})
afterAll(() => world.close())
afterEach(async () => {
  expect((await send(`${world.base}/healthz`)).status).toBe(200)
  expect((await phone.container.inbox()).policy_version).toBeGreaterThan(0)
})

const x = (length: number) => 'x'.repeat(length)
const REFUSED = [400, 401, 403, 404, 409, 413]

describe('the approve door', () => {
  const bodies: readonly (readonly [string, string])[] = [
    ['no JSON', '{'],
    ['an array', '[]'],
    ['a number', '1'],
    ['null', 'null'],
    ['nothing', ''],
    ['an empty object', '{}'],
    ['__proto__', '{"__proto__":{"uid":"a"}}'],
    ['a name twice', '{"uid":"a","uid":"b"}'],
    ['too deep', `${'{"a":'.repeat(100)}1${'}'.repeat(100)}`],
    ['far too deep', '['.repeat(100_000)],
    ['too wide', `{${Array.from({ length: 20_000 }, (_, n) => `"a${n}":1`).join(',')}}`],
    ['a long text', JSON.stringify({ uid: x(40_000), jws: x(40_000), jwt: x(40_000), name: x(40_000) })],
    ['too large', JSON.stringify({ a: x(200_000) })],
    ['far too large', JSON.stringify({ a: x(5_000_000) })],
  ]

  test('H2: bodies of every kind, with and without a signature', async () => {
    let tried = 0
    for (const { method, path } of served) {
      if (method === 'GET' || method === 'DELETE') continue
      const below = path.replace('/{tenant}', '').replace('{id}', '1')
      for (const [name, body] of bodies) {
        const own = await signed(phone.around, phone.container.id, { method: 'POST', path: below, changes: true })
        for (const headers of [{}, own.headers]) {
          const answer = await send(`${world.base}/demo${below}`, {
            method,
            headers: { ...headers, 'content-type': 'application/json' },
            body,
          }).catch(() => ({ status: 413, text: '' }))
          expect([nameOf({ method, path }), name, REFUSED.includes(answer.status)]).toEqual([
            nameOf({ method, path }),
            name,
            true,
          ])
          expect(answer.text).not.toMatch(/node_modules|at .*\.ts:/)
          tried += 1
        }
      }
    }
    expect(tried).toBeGreaterThan(150)
  })

  test('H2: signed bodies with a member that is too long, too many or of another kind', async () => {
    const { request } = await opened(world, bearer, user, phone)
    const wake = { kind: 'web-push', endpoint: 'https://push.example/a', p256dh: 'A'.repeat(87), auth: 'A'.repeat(22) }
    const cases: readonly (readonly ['POST' | 'PUT', string, unknown])[] = [
      ['POST', `approvals/${request.id}/answer`, { jws: `${x(20_000)}.a.b` }],
      ['POST', `approvals/${request.id}/answer`, { jws: 1 }],
      ['POST', `approvals/${request.id}/answer`, { jws: 'a.b' }],
      ['POST', `approvals/${x(30)}/answer`, { jws: 'a.b.c' }],
      ['POST', 'approvals/-1/answer', { jws: 'a.b.c' }],
      ['POST', 'approvals/99999999999999999999/answer', { jws: 'a.b.c' }],
      ['POST', 'scan', { jwt: `${x(5000)}.a.b`, via: 'camera' }],
      ['POST', 'scan', { jwt: 'a.b.c', via: 'telepathy' }],
      ['POST', 'requests', { purpose: 'logon', jws: `${x(40_000)}.a.b` }],
      ['POST', 'requests', { purpose: 'both', jws: 'a.b.c' }],
      ['POST', 'requests', { purpose: 'logon', jws: 'a.b.c', client: x(500) }],
      ['POST', 'requests', { purpose: 'logon', jws: 'a.b.c', template: x(500), values: {} }],
      [
        'POST',
        'requests',
        {
          purpose: 'logon',
          jws: 'a.b.c',
          template: 't',
          values: Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`a${n}`, 'b'])),
        },
      ],
      ['PUT', 'device', { name: x(65) }],
      ['PUT', 'device', { name: '' }],
      ['PUT', 'device', { wake: { ...wake, endpoint: `https://push.example/${x(5000)}` } }],
      ['PUT', 'device', { wake: { ...wake, endpoint: 'javascript:alert(1)' } }],
      ['PUT', 'device', { wake: { ...wake, p256dh: 'A'.repeat(500) } }],
      ['PUT', 'device', { wake: { ...wake, kind: 'carrier-pigeon' } }],
      ['POST', 'device/keys', { keys: {}, evidence: [] }],
      ['POST', 'device/keys', { keys: x(100), evidence: Array(50).fill('a.b.c') }],
    ]
    for (const [method, path, body] of cases) {
      const { status } = await phone.call({ method, path: `/approve/v1/${path}`, body, changes: true })
      expect([path, body, [400, 403, 404].includes(status)]).toEqual([path, body, true])
    }
    await phone.container.answer(request, 'accept')
  })

  test('H2: an Authorization header that is long, odd or twice', async () => {
    for (const value of [
      `Device ${x(5000)}`,
      `Device ${x(300)}.${x(2049)}.${x(86)}`,
      'Device',
      'Device a.b.c',
      `Device ${'.'.repeat(5000)}`,
    ]) {
      const answer = await send(`${world.base}/demo/approve/v1/inbox`, { headers: { authorization: value } }).catch(
        () => ({ status: 431 }),
      )
      expect([401, 400, 431]).toContain(answer.status)
    }
  })

  test('H2: live connections of a device are few: the oldest gives way', async () => {
    const stops: AbortController[] = []
    const open = async () => {
      const { url, headers } = await signed(phone.around, phone.container.id, {
        method: 'GET',
        path: '/approve/v1/events',
        changes: false,
      })
      const stop = new AbortController()
      stops.push(stop)
      return fetch(url, { headers: { ...headers }, signal: stop.signal })
    }
    const streams = []
    for (let n = 0; n < 6; n++) streams.push(await open())
    expect(streams.map(({ status }) => status)).toEqual(Array(6).fill(200))
    const ended = async (stream: Response) => {
      const reader = stream.body?.getReader()
      const late = new Promise<boolean>(tell => setTimeout(() => tell(false), 1500))
      const end = (async () => {
        for (;;) if ((await reader?.read())?.done !== false) return true
      })()
      return Promise.race([end, late])
    }
    expect(await Promise.all(streams.slice(0, 4).map(ended))).toEqual([true, true, true, true])
    for (const stop of stops) stop.abort()
  })
})

describe('bcauthorize and the CIBA grant', () => {
  const hintOf = (hint: object) => `${part({ alg: 'none' })}.${part(hint)}.`
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  /** `usercode` a: a user who could be asked, so that nothing but the bound refuses. */
  const hinted = (hint: { readonly usercode?: unknown }, more: Record<string, string> = {}) =>
    send(`${world.base}/demo/authn/bcauthorize`, {
      method: 'POST',
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/x-www-form-urlencoded' },
      body: form({
        scope: 'openid',
        login_hint_token: hintOf(hint.usercode === 'a' ? { ...hint, usercode: user.name } : hint),
        ...more,
      }),
    }).catch(() => ({ status: 413, body: { error: 'invalid_request' } }))

  test.each<[string, object, Record<string, string>?]>([
    ['a name', { usercode: x(2000) }],
    ['a text', { usercode: 'a', tds: x(50_000) }],
    ['a text that is a number', { usercode: 'a', tds: 1 }],
    ['a list', { usercode: ['a'] }],
    ['an object', { usercode: { a: 1 } }],
    ['a device', { usercode: 'a', deviceid: x(100) }],
    ['a policy', { usercode: 'a', authpol: x(500) }],
    ['a channel', { usercode: 'a', channel: x(500) }],
    ['a mode', { mode: x(500) }],
    ['cal', { mode: 'userid_less', device_type: 'DT_TDSV4', cal: Array(200).fill('accept').join('|') }],
    ['a device type', { mode: 'userid_less', device_type: x(500) }],
    ['RMSInfo', { usercode: 'a', RMSInfo: x(50_000) }],
    ['a notification token', { usercode: 'a' }, { client_notification_token: x(1100) }],
    ['a notification token with a line', { usercode: 'a' }, { client_notification_token: 'a\r\nb: c' }],
    ['an expiry', { usercode: 'a' }, { requested_expiry: '-1' }],
    ['an expiry that is none', { usercode: 'a' }, { requested_expiry: '1e3x' }],
    ['a scope', { usercode: 'a' }, { scope: x(5000) }],
    ['a binding message', { usercode: 'a' }, { binding_message: x(60_000) }],
    ['two hints', { usercode: 'a' }, { login_hint: 'a' }],
  ])('H2: %s beyond its bound', async (_, hint, more) => {
    const { status } = await hinted(hint, more)
    expect([400, 413]).toContain(status)
  })

  test('H2: an auth_req_id of any length and alphabet', async () => {
    for (const auth_req_id of [
      '',
      x(100),
      x(10_000),
      '\u0000',
      '../..',
      "' or 1=1",
      '9'.repeat(30),
      'A'.repeat(40),
      'é'.repeat(40),
    ]) {
      const { status } = await token(
        world,
        { grant_type: 'urn:openid:params:grant-type:ciba', auth_req_id },
        { authorization: `Bearer ${bearer}` },
      )
      expect([auth_req_id.slice(0, 20), status]).toEqual([auth_req_id.slice(0, 20), 400])
    }
  })

  test('H2: the longest text that is taken comes through as it is', async () => {
    const tds = 'ä'.repeat(1000)
    const { request } = await opened(world, bearer, user, phone, { tds })
    expect(request.tds).toBe(tds)
    expect((await ask(world, bearer, { usercode: user.name, tds: '' })).status).toBeLessThan(500)
  })

  test('H2: descriptions of a provision', async () => {
    for (const description of [
      x(5000),
      'did',
      'did=1, did=2',
      `did=${x(500)}`,
      'did=1, url=a/b, pch=',
      '=',
      ',',
      `url=${x(3000)}`,
    ]) {
      const { status } = await scim(world, bearer, 'POST', '/Device/Provision', {
        ...{ deviceType: 'DT_TDSV4E', description, owner: { value: user.id } },
        attributes: [{ name: 'AUTH_TYPE', value: 'AT_SMK' }],
      })
      expect([description.slice(0, 20), status]).toEqual([description.slice(0, 20), 400])
    }
  })
})
