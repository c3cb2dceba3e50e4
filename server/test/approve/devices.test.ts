/** Calls of an app and its life: whose they are, once each, in time; and what suspending, revoking, giving away, renewing and removing mean. */
import { canonicalQuery } from '@countersign/protocol/approve/call.ts'
import { sha256, textBytes, toBase64url } from '@countersign/sdk/bytes.ts'
import { signCompact } from '@countersign/sdk/compact-jws.ts'
import { signed } from '@countersign/sdk/signed-call.ts'
import { takeKey } from '@countersign/sdk/vault/key-keeping.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientToken, engineNames, makeUser, type Reply, scim, send, startWorld, type World } from '../world.ts'
import { answerCall, codeOf, givePersonWithPhone, givePhone, opened, type Person, type Phone } from './phones.ts'

const INBOX = { method: 'GET', path: '/approve/v1/inbox', changes: false } as const
const rename = (name: string) => ({ method: 'PUT', path: '/approve/v1/device', body: { name }, changes: true }) as const
const coded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

describe.each(engineNames)('on %s', engine => {
  let world: World
  let bearer: string
  let user: Person
  let phone: Phone
  beforeAll(async () => {
    world = await startWorld(engine)
    bearer = await clientToken(world)
    ;({ user, phone } = await givePersonWithPhone(world, bearer))
  })
  afterAll(() => world.close())

  /** A call with parts of what is signed, of its header, or of what is sent exchanged. */
  async function forged(
    payload: object = {},
    header: object = {},
    sent: { path?: string; method?: string; body?: string; by?: Phone } = {},
  ): Promise<Reply> {
    const by = sent.by ?? phone
    const held = await by.registration()
    const method = sent.method ?? 'GET'
    const body = sent.body ?? ''
    const text = JSON.stringify({
      m: method,
      p: '/approve/v1/inbox',
      q: canonicalQuery({}),
      b: toBase64url(await sha256(textBytes(''))),
      r: held.root,
      t: world.now_seconds(),
      c: held.call_counter,
      ...payload,
    })
    const key = await takeKey(by.around.vault, held.keys, 'request')
    const head = JSON.stringify({ alg: 'ES256', typ: 'cs-call+jwt', kid: held.device, ...header })
    return sentAs(await signCompact(key, 'ES256', head, text), method, sent.path, body)
  }
  const sentAs = (jws: string, method = 'GET', path = '/approve/v1/inbox', body = '') =>
    send(`${world.base}/${world.demo.tenant}${path}`, {
      method,
      headers: { authorization: `Device ${jws}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body } : {}),
    })
  const endOf = ({ status, body }: Reply) => [status, body.error]
  const device = (path: string, body: object) => scim(world, bearer, 'PUT', `/Device/${path}`, body)

  test('a call is for one method, path, query, body, root and time', async () => {
    expect((await forged()).status).toBe(200)
    const cases: Record<string, Reply> = {
      method: await forged({ m: 'POST' }),
      path: await forged({ p: '/approve/v1/policy' }),
      query: await forged({ q: 'a=b' }),
      'a query that was not signed': await forged({}, {}, { path: '/approve/v1/inbox?a=b' }),
      digest: await forged({ b: toBase64url(await sha256(textBytes('x'))) }),
      root: await forged({ r: 'A'.repeat(43) }),
      'another place': await forged({}, {}, { path: '/approve/v1/policy' }),
      'a counter that is none': await forged({ c: -1 }),
      'a time that is none': await forged({ t: 'now' }),
    }
    for (const [name, reply] of Object.entries(cases))
      expect([name, ...endOf(reply)]).toEqual([name, 401, 'invalid_call'])
  })

  test('C8, H6: of the header of a call nothing is obeyed', async () => {
    const genuine = (await signed(phone.around, phone.container.id, INBOX)).headers?.authorization?.split(' ')[1] ?? ''
    const [head = '', payload = '', signature = ''] = genuine.split('.')
    const header = JSON.parse(Buffer.from(head, 'base64url').toString())
    const other = await givePersonWithPhone(world, bearer)
    const table: Record<string, Reply> = {
      'alg none': await sentAs(`${coded({ ...header, alg: 'none' })}.${payload}.${signature}`),
      'alg NONE, no signature': await sentAs(`${coded({ ...header, alg: 'NONE' })}.${payload}.`),
      'no signature': await sentAs(`${head}.${payload}.`),
      'zero signature': await sentAs(`${head}.${payload}.${'A'.repeat(86)}`),
      'another type': await forged({}, { typ: 'JWT' }),
      'the key of another device': await forged({}, { kid: phone.device }, { by: other.phone }),
      'kid traversal': await forged({}, { kid: '../../etc/passwd' }),
      'kid as SQL': await forged({}, { kid: '1 or 1=1' }),
      'RS512 in the header': await forged({}, { alg: 'RS512' }),
      'a bearer token': await send(`${world.base}/demo/approve/v1/inbox`, {
        headers: { authorization: `Bearer ${bearer}` },
      }),
      nothing: await send(`${world.base}/demo/approve/v1/inbox`),
    }
    for (const [name, reply] of Object.entries(table))
      expect([name, ...endOf(reply)]).toEqual([name, 401, 'invalid_call'])
    // A key that comes along is ignored: it is the registered one that verifies.
    expect((await forged({}, { jwk: { kty: 'EC' }, jku: 'https://evil.example' })).status).toBe(200)
    const stranger = await forged(
      {},
      { kid: phone.device, jwk: (await other.phone.registration()).keys.public.request },
      { by: other.phone },
    )
    expect(endOf(stranger)).toEqual([401, 'invalid_call'])
  })

  test('the clock may be a minute off; the answer says the right time', async () => {
    for (const t of [-61, 62, -86_400, 86_400]) {
      const reply = await forged({ t: world.now_seconds() + t })
      expect([t, ...endOf(reply)]).toEqual([t, 401, 'clock_skew'])
      expect(Math.abs(reply.body.server_time - world.now_seconds())).toBeLessThan(3)
    }
    for (const t of [-58, 58]) expect((await forged({ t: world.now_seconds() + t })).status).toBe(200)
  })

  test('a call that changes something works once; sent again it changes nothing and takes no attempt', async () => {
    const { request } = await opened(world, bearer, user, phone)
    const call = await signed(phone.around, phone.container.id, rename('Once'))
    const again = () =>
      send(call.url, {
        method: call.method,
        headers: { ...call.headers, 'content-type': 'application/json' },
        body: call.body ?? '',
      })
    expect((await again()).status).toBe(200)
    await phone.container.rename('Twice')
    const replayed = await again()
    expect([...endOf(replayed), replayed.body.counter_floor]).toEqual([409, 'stale_counter', expect.any(Number)])
    const { body } = await scim(world, bearer, 'GET', `/Device/${phone.device}`)
    expect(JSON.stringify(body)).toContain('Twice')

    const jws = await phone.sign(request, { status: 'maybe' })
    const answer = await signed(phone.around, phone.container.id, answerCall(request.id, jws))
    const post = () =>
      send(answer.url, {
        method: 'POST',
        headers: { ...answer.headers, 'content-type': 'application/json' },
        body: answer.body ?? '',
      })
    const all = await Promise.all(Array.from({ length: 12 }, post))
    expect(all.map(({ body: said }) => said.error).sort()).toEqual([
      'invalid_answer',
      ...Array(11).fill('stale_counter'),
    ])
    const { body: after } = await scim(world, bearer, 'GET', `/Authenticator/${user.id}.AT_PASA`)
    expect(Number(after.statistics.consecutiveFailed)).toBe(1)
    await phone.container.answer(request, 'accept')
  })

  test('twenty changes at once: each counter once, none lost that was answered', async () => {
    const held = await phone.registration()
    const calls = await Promise.all(
      Array.from({ length: 20 }, (_, n) => signed(phone.around, phone.container.id, rename(`N${n}`))),
    )
    const answers = await Promise.all(
      calls.map(({ url, headers, body }) =>
        send(url, { method: 'PUT', headers: { ...headers, 'content-type': 'application/json' }, body: body ?? '' }),
      ),
    )
    for (const { status } of answers) expect([200, 409]).toContain(status)
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(0)
    expect((await phone.registration()).call_counter).toBe(held.call_counter + 20)
  })

  test('suspended: told so, nothing is decided; resumed it goes on', async () => {
    const one = await givePersonWithPhone(world, bearer)
    const { request } = await opened(world, bearer, one.user, one.phone)
    await device(one.phone.device, { status: { status: 'SUSPENDED' } })
    expect(endOf(await one.phone.call(INBOX))).toEqual([403, 'device_suspended'])
    expect(endOf(await one.phone.send(request.id, await one.phone.sign(request)))).toEqual([403, 'device_suspended'])
    await device(one.phone.device, { status: { status: 'ACTIVE' } })
    await one.phone.container.answer(request, 'accept')
  })

  test('revoked or removed: gone, and the app forgets it', async () => {
    for (const end of ['revoke', 'remove']) {
      const one = await givePersonWithPhone(world, bearer)
      if (end === 'revoke') await device(one.phone.device, { status: { status: 'REVOKED' } })
      else await scim(world, bearer, 'DELETE', `/Device/${one.phone.device}`)
      expect([end, ...endOf(await one.phone.call(INBOX))]).toEqual([end, 410, 'device_gone'])
      expect(await codeOf(one.phone.container.inbox())).toBe('device_gone')
      expect(await one.phone.around.vault.list()).toEqual([])
    }
  })

  test('given to somebody else it has no keys any more: neither owner is approved for', async () => {
    const one = await givePersonWithPhone(world, bearer)
    const { request } = await opened(world, bearer, one.user, one.phone)
    const jws = await one.phone.sign(request)
    const other = await makeUser(world, bearer)
    expect((await device(one.phone.device, { owner: { value: other.id } })).status).toBe(200)
    expect((await one.phone.send(request.id, jws)).status).not.toBe(200)
    expect(endOf(await one.phone.call(INBOX))).toEqual([410, 'device_gone'])
    const left = await scim(world, bearer, 'POST', '/Credential/.search', {
      filter: `device.value eq ${one.phone.device}`,
    })
    expect(left.body.totalResults ?? 0).toBe(0)
  })

  test('renewed: the old keys sign nothing any more, the device and its counters stay', async () => {
    const one = await givePersonWithPhone(world, bearer)
    const { request } = await opened(world, bearer, one.user, one.phone)
    const old = await one.phone.registration()
    const before = await one.phone.sign(request)
    const oldCall = await signed(one.phone.around, one.phone.container.id, INBOX)
    await one.phone.container.renew()
    const held = await one.phone.registration()
    expect([held.device, held.keys.public.logon]).toEqual([
      old.device,
      expect.not.objectContaining(old.keys.public.logon),
    ])
    expect(endOf(await send(oldCall.url, { headers: { ...oldCall.headers } }))).toEqual([401, 'invalid_call'])
    expect(endOf(await one.phone.send(request.id, before))).toEqual([400, 'invalid_answer'])
    await one.phone.container.answer(request, 'accept')
    expect((await one.phone.registration()).tx_counter).toBeGreaterThan(old.tx_counter)
  })

  test('removed by the app: once, and nothing is left to ask', async () => {
    const one = await givePersonWithPhone(world, bearer)
    await opened(world, bearer, one.user, one.phone)
    expect(await one.phone.container.remove()).toBe(true)
    expect((await scim(world, bearer, 'GET', `/Device/${one.phone.device}`)).status).toBe(404)
    const second = await givePhone(world, bearer, one.user.id)
    const { request } = await opened(world, bearer, one.user, second)
    await second.container.answer(request, 'accept')
  })
})
