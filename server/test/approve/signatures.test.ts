/**
 * C10, C11: a signature is for one text, one status, one request, one device, one tenant and one purpose. Whatever is changed before
 * or after signing is refused, counts as a failed attempt, and the request stays open for the right answer.
 */

import type { ApprovalRequest } from '@countersign/sdk/container.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientToken, engineNames, scim, startWorld, type World } from '../world.ts'
import { collect, type Forgery, givePersonWithPhone, givePhone, opened, type Person, type Phone } from './phones.ts'

const PAYMENT = '{Payee,Anna Smith},{IBAN,DE02 1203 0000},{Amount,100.00 EUR}'

const json = (payload: string) => JSON.parse(payload) as Record<string, string>
const text = (status: string, tds: string, counter: number | string) =>
  JSON.stringify({ clientapprovalstatus: status, tds, txcounter: String(counter) })

/** Signed by the right key, over something else than was shown. */
const forgeries: readonly (readonly [string, Forgery])[] = [
  ['another amount', { payload: c => text('accept', PAYMENT.replace('100.00', '900.00'), c) }],
  ['another payee', { payload: c => text('accept', PAYMENT.replace('Anna', 'Anne'), c) }],
  ['another currency', { payload: c => text('accept', PAYMENT.replace('EUR', 'USD'), c) }],
  ['a letter in another case', { payload: c => text('accept', PAYMENT.replace('Anna', 'anna'), c) }],
  ['a look-alike letter', { payload: c => text('accept', PAYMENT.replace('Anna', 'Аnna'), c) }],
  ['a turned text', { payload: c => text('accept', `\u202e${PAYMENT}`, c) }],
  ['a blank more', { payload: c => text('accept', `${PAYMENT} `, c) }],
  ['fields in another order', { payload: c => text('accept', PAYMENT.split('},').reverse().join('},'), c) }],
  ['no text', { payload: c => text('accept', '', c) }],
  ['a status that was not offered', { status: 'approve' }],
  ['a status in capitals', { status: 'ACCEPT' }],
  ['an empty status', { status: '' }],
  ['a member more', { payload: c => JSON.stringify({ ...json(text('accept', PAYMENT, c)), x: '1' }) }],
  ['a member less', { payload: () => JSON.stringify({ clientapprovalstatus: 'accept', tds: PAYMENT }) }],
  [
    'members in another order',
    { payload: c => JSON.stringify({ tds: PAYMENT, clientapprovalstatus: 'accept', txcounter: String(c) }) },
  ],
  ['a member twice', { payload: c => text('deny', PAYMENT, c).replace('{', '{"clientapprovalstatus":"accept",') }],
  ['blanks between', { payload: c => text('accept', PAYMENT, c).replace(',"tds"', ', "tds"') }],
  ['a counter as a number', { payload: c => text('accept', PAYMENT, c).replace(`"${c}"`, String(c)) }],
  ['a counter with a zero before', { payload: c => text('accept', PAYMENT, `0${c}`) }],
  ['a counter with an exponent', { payload: () => text('accept', PAYMENT, '1e9') }],
  ['a negative counter', { payload: () => text('accept', PAYMENT, '-1') }],
  ['a counter that is too long', { payload: () => text('accept', PAYMENT, '9'.repeat(16)) }],
  ['counter zero', { counter: 0 }],
  ['the purpose of a log-on', { header: { purpose: 'logon' } }],
  ['the purpose of a Direct Client Signature', { header: { purpose: 'dcs', kind: 'action' } }],
  ['another tenant', { header: { tenant: 'other' } }],
  ['another request', { header: { transaction: '123456789' } }],
  ['another device', { header: { device: '1' } }],
  ['another algorithm in the header', { header: { alg: 'RS512' } }],
  ['another type in the header', { header: { typ: 'JOSE' } }],
  ['the key of log-ons', { use: 'logon' }],
  ['not JSON', { payload: () => 'accept' }],
  ['an array', { payload: () => '["accept"]' }],
]

/** The right signature, changed on its way. */
const changes: readonly (readonly [string, (parts: [string, string, string]) => string])[] = [
  ['a bit of the header', ([h, p, s]) => `${flipped(h)}.${p}.${s}`],
  ['a bit of the payload', ([h, p, s]) => `${h}.${flipped(p)}.${s}`],
  ['a bit of the signature', ([h, p, s]) => `${h}.${p}.${flipped(s)}`],
  ['no signature', ([h, p]) => `${h}.${p}.AA`],
  ['half a signature', ([h, p, s]) => `${h}.${p}.${s.slice(0, 43)}`],
  ['a signature of zeros', ([h, p, s]) => `${h}.${p}.${'A'.repeat(s.length)}`],
  ['alg none', ([, p, s]) => `${coded({ typ: 'JWT', alg: 'none' })}.${p}.${s}`],
  ['an unprotected key', ([h, p, s]) => `${coded({ ...read(h), jwk: { kty: 'EC' } })}.${p}.${s}`],
  ['a kid', ([h, p, s]) => `${coded({ ...read(h), kid: '../../dev/null' })}.${p}.${s}`],
]
const coded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as object
const flipped = (part: string) => {
  const bytes = Buffer.from(part, 'base64url')
  const middle = Math.floor(bytes.length / 2)
  bytes[middle] = (bytes[middle] ?? 0) ^ 1
  return bytes.toString('base64url')
}

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

  const payment = async () => opened(world, bearer, user, phone, { authpol: 'AT_TDS', tds: PAYMENT })
  const failed = async (policy = 'AT_TDS') => {
    const { body } = await scim(world, bearer, 'GET', `/Authenticator/${user.id}.${policy}`)
    return Number(body.statistics.consecutiveFailed)
  }
  /** Refused, counted, and nothing was decided. */
  async function expectCounted(name: string, request: ApprovalRequest, jws: string) {
    const before = await failed()
    const { status, body } = await phone.send(request.id, jws)
    expect([name, status, body.error]).toEqual([name, 400, 'invalid_answer'])
    expect([name, await failed()]).toEqual([name, before + 1])
  }
  const answerRightly = async (request: ApprovalRequest) => {
    const { status, text: said } = await phone.send(request.id, await phone.sign(request))
    expect(status, said).toBe(200)
    expect(await failed()).toBe(0)
  }

  test('C10, C11: signed by the right key over anything else: refused and counted', { timeout: 60_000 }, async () => {
    for (let at = 0; at < forgeries.length; at += 6) {
      const { request } = await payment()
      for (const [name, forged] of forgeries.slice(at, at + 6)) {
        await expectCounted(name, request, await phone.sign(request, forged))
      }
      await answerRightly(request)
    }
  })

  test('C11: changed after signing: refused and counted', { timeout: 60_000 }, async () => {
    for (let at = 0; at < changes.length; at += 6) {
      const { request } = await payment()
      for (const [name, change] of changes.slice(at, at + 6)) {
        const parts = (await phone.sign(request)).split('.') as [string, string, string]
        await expectCounted(name, request, change(parts))
      }
      await answerRightly(request)
    }
  })

  test('C10: the eighth failed signature closes the authenticator; the right one comes too late', async () => {
    const one = await givePersonWithPhone(world, bearer)
    const { request } = await opened(world, bearer, one.user, one.phone, { authpol: 'AT_TDS', tds: PAYMENT })
    for (let n = 0; n < 8; n++) {
      expect((await one.phone.send(request.id, await one.phone.sign(request, { status: 'yes' }))).status).toBe(400)
    }
    const { status, body } = await one.phone.send(request.id, await one.phone.sign(request))
    expect([status, body.error]).toEqual([403, 'not_allowed'])
  })

  test('C10: a signature of a log-on is none of an action, nor of another request, device or person', async () => {
    const second = await givePhone(world, bearer, user.id)
    const logon = await opened(world, bearer, user, phone)
    const onLogon = await phone.sign(logon.request)
    await phone.container.answer(logon.request, 'accept')

    const first = await payment()
    await expectCounted('that of a log-on', first.request, onLogon)
    const right = await phone.sign(first.request)
    const stolen = await second.send(first.request.id, right)
    expect([stolen.status, stolen.body.error]).toEqual([404, 'not_found'])
    const taken = await phone.send(first.request.id, right)
    expect(taken.status, taken.text).toBe(200)
    const again = await payment()
    await expectCounted('that of the request before', again.request, right)
    await answerRightly(again.request)
  })

  test('C11: what the client gets verifies with its key over exactly the text that was shown', async () => {
    const { handle, request } = await payment()
    expect(request.tds).toBe(PAYMENT)
    await phone.container.answer(request, 'accept')
    const { body } = await collect(world, bearer, handle)
    const { JWS, PUK } = read(body.id_token.split('.')[1]) as { JWS: string; PUK: string }
    const [head = '', payload = '', signature = ''] = JWS.split('.')
    const key = await crypto.subtle.importKey(
      'spki',
      Buffer.from(PUK, 'base64'),
      { name: 'ECDSA', namedCurve: 'P-256' },
      false,
      ['verify'],
    )
    const holds = (over: string) =>
      crypto.subtle.verify(
        { name: 'ECDSA', hash: 'SHA-256' },
        key,
        Buffer.from(signature, 'base64url'),
        Buffer.from(over),
      )
    expect(await holds(`${head}.${payload}`)).toBe(true)
    expect(await holds(`${head}.${flipped(payload)}`)).toBe(false)
    expect(read(payload)).toMatchObject({ clientapprovalstatus: 'accept', tds: PAYMENT })
    expect(read(head)).toMatchObject({
      purpose: 'action',
      tenant: 'demo',
      transaction: request.id,
      device: phone.device,
    })
  })

  test('a counter of signatures is used once, over both keys, however answers meet', async () => {
    world.pass(3700)
    bearer = await clientToken(world)
    const logon = await opened(world, bearer, user, phone)
    const action = await payment()
    const counter = (await phone.registration()).tx_counter + 1
    const [onLogon, onAction] = await Promise.all([
      phone.sign(logon.request, { counter }),
      phone.sign(action.request, { counter }),
    ])
    const answers = [await phone.send(logon.request.id, onLogon), await phone.send(action.request.id, onAction)]
    expect(answers.map(({ status }) => status)).toEqual([200, 400])
    expect(
      (await phone.send(action.request.id, await phone.sign(action.request, { counter: counter - 1 }))).status,
    ).toBe(400)
    await answerRightly(action.request)

    const pair = [await opened(world, bearer, user, phone), await payment()]
    const same = (await phone.registration()).tx_counter + 5
    const signed = await Promise.all(pair.map(({ request }) => phone.sign(request, { counter: same })))
    const met = await Promise.all(pair.map(({ request }, n) => phone.send(request.id, signed[n] ?? '')))
    expect(met.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  test('20 answers of one device to one request at once: one decides', async () => {
    const { request } = await payment()
    const signed = []
    for (let n = 0; n < 20; n++) signed.push(await phone.sign(request, { status: n % 2 ? 'deny' : 'accept' }))
    const answers = await Promise.all(signed.map(jws => phone.send(request.id, jws)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    for (const { status, body } of answers.filter(one => one.status !== 200)) {
      expect([409, 400, 503], body.error).toContain(status)
    }
    const late = await phone.send(request.id, await phone.sign(request))
    expect([late.status, late.body.error]).toEqual([409, 'already_answered'])
  })
})
