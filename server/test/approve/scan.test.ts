/**
 * C12, the half of client and phone: a QR code that somebody else shows. Signing without asking is only for clients registered for it,
 * only from the live camera, and never opens a session; a code that is old, foreign or forged names nothing; one of many phones decides.
 */
import { generateKeyPairSync, sign } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask } from '../held-phone.ts'
import { clientToken, engineNames, startWorld, type World } from '../world.ts'
import {
  codeOf,
  collect,
  giveClient,
  givePersonWithPhone,
  type Person,
  type Phone,
  renewed,
  type TestClient,
} from './phones.ts'

const TYPE = 'DT_TDSV4E'
const vias = ['camera', 'link', 'image', 'text'] as const
const coded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const decoded = (part = '') => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>

describe.each(engineNames)('on %s', engine => {
  let world: World
  let flagged: { bearer: string }
  let plain: TestClient
  let user: Person
  let phone: Phone
  beforeAll(async () => {
    world = await startWorld(engine)
    flagged = { bearer: await clientToken(world) }
    plain = await giveClient(world, flagged.bearer, { userless_silent: false })
    ;({ user, phone } = await givePersonWithPhone(world, flagged.bearer))
  })
  afterAll(() => world.close())

  const userless = async (client: { bearer: string }, more: Record<string, string> = {}) => {
    const hint = { mode: 'userid_less', device_type: TYPE, tds: 'Log on', ...more }
    const { status, body, text } = await ask(world, client.bearer, hint)
    if (status !== 200) throw new Error(`${status} ${text}`)
    return { handle: body.auth_req_id as string, jwt: body.txid as string, body }
  }
  const scan = (jwt: string, via: (typeof vias)[number], by = phone) =>
    by.call({ method: 'POST', path: '/approve/v1/scan', body: { jwt, via }, changes: false })

  test('C12: silent is for flagged clients, the live camera, no session, and the positive status alone', async () => {
    const numbered = await giveClient(world, flagged.bearer, { userless_silent: true, number_matching: true })
    const cases = [
      ['flagged', flagged, { cal: 'accept' }, true],
      ['flagged, with a session', flagged, { cal: 'accept', createSession: '1' }, false],
      ['flagged, all statuses', flagged, {}, false],
      ['flagged, only the negative one', flagged, { cal: 'deny' }, false],
      ['flagged, two', flagged, { cal: 'accept|deny' }, false],
      ['flagged, number to be typed', numbered, { cal: 'accept' }, false],
      ['not flagged', plain, { cal: 'accept' }, false],
    ] as const
    for (const [name, client, hint, silent] of cases) {
      const { jwt } = await userless(client, hint)
      for (const via of vias) {
        const { body } = await scan(jwt, via)
        expect([name, via, body.silent]).toEqual([name, via, silent && via === 'camera'])
        expect([name, body.scanned]).toEqual([name, true])
      }
    }
  })

  test('C12: cal never widens what the key may say', async () => {
    for (const cal of ['accept|maybe', 'ACCEPT', 'accept|accept', '|', 'yes']) {
      const hint = { mode: 'userid_less', device_type: TYPE, tds: 'Log on', cal }
      const { status, body } = await ask(world, flagged.bearer, hint)
      expect([cal, status, body.error]).toEqual([cal, 400, 'invalid_request'])
    }
    const { jwt } = await userless(flagged, { cal: 'deny' })
    const { body } = await scan(jwt, 'camera')
    expect(body.statuses).toEqual(['deny'])
    const forged = await phone.send(body.id, await phone.sign(body, { status: 'accept' }), jwt)
    expect(forged.body.error).toBe('invalid_answer')
  })

  test('C12: it shows the registered name, lives two minutes, and belongs to nobody before the answer', async () => {
    const { jwt, handle, body: opened } = await userless(plain)
    expect(opened.expires_in).toBeLessThanOrEqual(120)
    const { body } = await scan(jwt, 'camera')
    expect(body.client).toEqual({ name: 'Bank' })
    expect((await phone.container.inbox()).requests).toEqual([])
    expect((await collect(world, plain.bearer, handle)).body.error).toBe('authorization_pending')
    world.pass(121)
    expect((await scan(jwt, 'camera')).body.error).toBe('request_expired')
    const late = await phone.send(body.id, await phone.sign(body), jwt)
    expect([late.status, late.body.error]).toEqual([410, 'request_expired'])
  })

  test('C12: a request that nobody scanned cannot be shown or answered by its id', async () => {
    const { jwt } = await userless(plain)
    const id = String(decoded(jwt.split('.')[1]).jti)
    expect((await phone.call({ method: 'GET', path: `/approve/v1/approvals/${id}`, changes: false })).status).toBe(404)
    const blind = await phone.send(id, await phone.sign({ id, purpose: 'logon', tds: 'Log on' }))
    expect([blind.status, blind.body.error]).toEqual([404, 'not_found'])
    const another = (await userless(plain)).jwt
    const wrong = await phone.send(id, await phone.sign({ id, purpose: 'logon', tds: 'Log on' }), another)
    expect([wrong.status, wrong.body.error]).toEqual([404, 'not_found'])
    const other = await givePersonWithPhone(world, flagged.bearer, 'DT_TDSV4')
    // A phone of another type than the request is for.
    expect((await scan(jwt, 'camera', other.phone)).status).toBe(404)
  })

  test('C8, C12, H6: a code that is changed, forged, or signed for something else names nothing', async () => {
    const { jwt } = await userless(plain)
    const [head = '', payload = '', signature = ''] = jwt.split('.')
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const own = publicKey.export({ format: 'jwk' })
    const mine = (header: object) => {
      const text = `${coded(header)}.${payload}`
      return `${text}.${sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
    }
    const header = decoded(head)
    const { policy } = (await phone.call({ method: 'GET', path: '/approve/v1/policy', changes: false })).body
    const table: Record<string, string> = {
      'alg none': `${coded({ ...header, alg: 'none' })}.${payload}.AAAA`,
      'alg NONE': `${coded({ ...header, alg: 'NONE' })}.${payload}.AAAA`,
      'zero signature': `${head}.${payload}.${'A'.repeat(86)}`,
      'half a signature': `${head}.${payload}.${signature.slice(0, 43)}`,
      'another request': `${head}.${coded({ ...decoded(payload), jti: '1' })}.${signature}`,
      'a longer life': `${head}.${coded({ ...decoded(payload), exp: 4_000_000_000 })}.${signature}`,
      'another client': `${head}.${coded({ ...decoded(payload), client: 'Other bank' })}.${signature}`,
      'embedded jwk': mine({ ...header, jwk: own }),
      'no kid, embedded jwk': mine({ alg: 'ES256', typ: header.typ, jwk: own }),
      'kid traversal': mine({ ...header, kid: '../../../../dev/null' }),
      'our kid, another key': mine(header),
      jku: mine({ ...header, jku: 'https://evil.example/jwks' }),
      x5u: mine({ ...header, x5u: 'https://evil.example/cert' }),
      'our policy document': policy,
      'four parts': `${jwt}.AAAA`,
      'no JWS': 'a.b.c',
    }
    for (const [name, text] of Object.entries(table)) {
      const { status, body } = await scan(text, 'camera')
      expect([name, [400, 404].includes(status), body.tds]).toEqual([name, true, undefined])
    }
    for (const text of [table['alg none'], table['embedded jwk'], table['a longer life']])
      expect(await codeOf(phone.container.scan(text ?? '', 'camera'))).not.toBe('ok')
    expect((await scan(jwt, 'camera')).status).toBe(200)
  })

  test('C12: the code of another tenant is none here', async () => {
    await world.office.tenants.create(`other-${engine}`)
    const { jwt } = await userless(plain)
    const elsewhere = { ...decoded(jwt.split('.')[1]), tenant: `other-${engine}` }
    const [head, , signature] = jwt.split('.')
    expect((await scan(`${head}.${coded(elsewhere)}.${signature}`, 'camera')).status).toBe(404)
  })

  test('C12: two phones, fifty answers at once: one decides, the others hear that it was answered', async () => {
    plain = await renewed(world, plain)
    flagged.bearer = await clientToken(world)
    const second = await givePersonWithPhone(world, flagged.bearer)
    const { jwt, handle } = await userless(plain)
    const phones = [phone, second.phone]
    const shown = (await scan(jwt, 'camera')).body
    await scan(jwt, 'camera', second.phone)
    const signed: [Phone, string][] = []
    for (let n = 0; n < 50; n++) {
      const by = phones[n % 2] as Phone
      signed.push([by, await by.sign(shown, { status: n % 3 ? 'accept' : 'deny' })])
    }
    const answers = await Promise.all(signed.map(([by, jws]) => by.send(shown.id, jws, jwt)))
    const winners = answers.flatMap(({ status }, n) => (status === 200 ? [n % 2] : []))
    expect(winners).toHaveLength(1)
    const loser = phones[1 - (winners[0] ?? 0)] as Phone
    const late = await loser.send(shown.id, await loser.sign(shown), jwt)
    expect([late.status, late.body.error]).toEqual([409, 'already_answered'])
    expect((await scan(jwt, 'camera', loser)).body.error).toBe('already_answered')
    const { status, body } = await collect(world, plain.bearer, handle)
    const winner = winners[0] === 0 ? user.name : second.user.name
    expect(status).toBe(200)
    expect(decoded(body.id_token.split('.')[1]).sub).toBe(winner)
  })
})
