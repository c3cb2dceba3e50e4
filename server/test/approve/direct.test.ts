/**
 * Direct Client Signature: what a phone starts by itself. Only to clients registered for it, over text that the tenant wrote or the client
 * allowed, a nonce once; it opens no session and settles nothing that waits.
 */
import { randomBytes } from 'node:crypto'
import { statementText } from '@countersign/protocol/approve/approval.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask } from '../held-phone.ts'
import { api, clientToken, engineNames, scim, startWorld, type World } from '../world.ts'
import {
  codeOf,
  collect,
  giveClient,
  givePersonWithPhone,
  opened,
  type Phone,
  renewed,
  type TestClient,
} from './phones.ts'

const PUSH = 'urn:hid:scim:api:idp:2.0:device:type:Push'

describe.each(engineNames)('on %s', engine => {
  let world: World
  let bearer: string
  let none: TestClient
  let templatesOnly: TestClient
  let free: TestClient
  let held: Awaited<ReturnType<typeof givePersonWithPhone>>
  let phone: Phone
  beforeAll(async () => {
    world = await startWorld(engine)
    bearer = await clientToken(world)
    const type = `DT_${randomBytes(4).toString('hex').toUpperCase()}`
    const copied = await api(world, bearer, 'POST', `/configuration/${world.demo.tenant}/v2/Device/Type`, {
      ...{ copyFrom: 'DT_TDSV4E', id: type, name: 'Templates' },
      [PUSH]: { requestTemplates: { pay: 'Pay {amount} to {payee}' } },
    })
    expect(copied.status, copied.text).toBe(201)
    none = await giveClient(world, bearer, { dcs: false, dcs_free_text: false })
    templatesOnly = await giveClient(world, bearer, { dcs: true, dcs_free_text: false })
    free = await giveClient(world, bearer, { dcs: true, dcs_free_text: true })
    held = await givePersonWithPhone(world, bearer, type)
    ;({ phone } = held)
  })
  afterAll(() => world.close())

  const pay = { purpose: 'action', template: 'pay', values: { amount: '10 EUR', payee: 'Anna' } } as const
  const nonce = () => randomBytes(16).toString('base64url')
  const signed = (tds: string, transaction = nonce(), forged: object = {}) =>
    phone.sign({ id: transaction, purpose: 'action', tds }, { header: { purpose: 'dcs', kind: 'action' }, ...forged })
  const request = (body: object) => phone.call({ method: 'POST', path: '/approve/v1/requests', body, changes: true })

  test('only clients that are registered for it, with free text only where they allow it', async () => {
    const text = { purpose: 'action', tds: 'I agree' } as const
    const cases = [
      ['not registered', none, pay, 'not_allowed'],
      ['not registered, free text', none, text, 'not_allowed'],
      ['templates', templatesOnly, pay, 'ok'],
      ['templates, free text', templatesOnly, text, 'not_allowed'],
      ['free text', free, text, 'ok'],
      ['nobody', { id: '1'.repeat(40) }, pay, 'not_allowed'],
    ] as const
    for (const [name, { id: client }, what, end] of cases)
      expect([name, await codeOf(phone.container.request({ ...what, client }))]).toEqual([name, end])
  })

  test('the text is that of the template: what else is signed is refused and counted', async () => {
    const text = 'Pay 10 EUR to Anna'
    const send = (jws: string, more: object = {}) => request({ ...pay, client: templatesOnly.id, jws, ...more })
    for (const [name, jws, more] of [
      ['another amount', await signed('Pay 99 EUR to Anna'), {}],
      ['other values', await signed(text), { values: { amount: '99 EUR', payee: 'Anna' } }],
      ['a value less', await signed(text), { values: { amount: '10 EUR' } }],
      ['another template', await signed(text), { template: 'gift' }],
      ['another key', await signed(text, nonce(), { use: 'logon' }), {}],
      ['signed for a request', await signed(text, nonce(), { header: { purpose: 'action' } }), {}],
      ['of log-ons', await signed(text, nonce(), { header: { purpose: 'dcs', kind: 'logon' } }), {}],
      ['a negative status', await signed(text, nonce(), { status: 'deny' }), {}],
      ['a number', await signed(text, nonce(), { number: '42' }), {}],
      ['a short nonce', await signed(text, 'abc'), {}],
    ] as const) {
      const { status, body } = await send(jws, more)
      expect([name, status, body.error]).toEqual([name, 400, 'invalid_answer'])
      // So that the eighth of these failures is not refused for being the eighth.
      await scim(world, bearer, 'POST', `/Authenticator/${held.user.id}.AT_TDS`, {
        'urn:hid:scim:api:idp:2.0:Action': { action: 'RESET-STATISTICS', attributes: [] },
      })
      world.pass(1)
    }
  })

  test('a nonce works once, also when it comes twenty times at once', async () => {
    world.pass(1000)
    ;[bearer, free] = [await clientToken(world), await renewed(world, free)]
    const again = nonce()
    const send = (jws: string) => request({ purpose: 'action', client: free.id, jws })
    expect((await send(await signed('I agree', again))).status).toBe(200)
    const second = await send(await signed('I agree', again))
    expect([second.status, second.body.error]).toEqual([409, 'already_answered'])
    const fresh = nonce()
    const jws = []
    for (let n = 0; n < 5; n++) jws.push(await signed('I agree', fresh))
    const answers = await Promise.all(jws.map(send))
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1)
  })

  test('it opens no session and settles nothing that waits', async () => {
    world.pass(3700)
    ;[bearer, free] = [await clientToken(world), await renewed(world, free)]
    const waiting = await opened(world, bearer, held.user, phone, { authpol: 'AT_TDS', createSession: '1' })
    const done = await phone.container.request({ purpose: 'action', tds: waiting.request.tds, client: free.id })
    expect((await collect(world, bearer, waiting.handle)).body.error).toBe('authorization_pending')
    expect((await phone.container.inbox()).requests).toHaveLength(1)
    const { status, body } = await collect(world, free.bearer, done.auth_req_id)
    expect([status, body.access_token]).toEqual([200, ''])
    // Nor does a signature under the id of the one that waits.
    const under = await phone.sign(
      { id: waiting.request.id, purpose: 'action', tds: waiting.request.tds },
      { header: { purpose: 'dcs', kind: 'action' } },
    )
    expect((await phone.send(waiting.request.id, under)).body.error).toBe('invalid_answer')
    await phone.container.answer(waiting.request, 'accept')
  })

  test('so many in a minute', async () => {
    world.pass(3700)
    ;[bearer, free] = [await clientToken(world), await renewed(world, free)]
    const ends: string[] = []
    for (let n = 0; n < 14; n++)
      ends.push(await codeOf(phone.container.request({ purpose: 'action', tds: `${n}`, client: free.id })))
    expect(ends.filter(end => end === 'ok')).toHaveLength(12)
    expect(ends.slice(12)).toEqual(['too_many_requests', 'too_many_requests'])
  })

  test('text that is too long, empty or no text is refused', async () => {
    world.pass(61)
    const send = (jws: string) => request({ purpose: 'action', client: free.id, jws })
    expect((await send(await signed('x'.repeat(20_000)))).status).toBeGreaterThanOrEqual(400)
    const odd = await signed('x', nonce(), {
      payload: (counter: number) => statementText({ status: 'accept', tds: '', counter }),
    })
    expect((await send(odd)).status).toBeGreaterThanOrEqual(400)
    expect((await send('a.b.c')).status).toBeGreaterThanOrEqual(400)
    expect((await ask(world, bearer, { usercode: held.user.name, tds: 'Still here' })).status).toBe(200)
  })
})
