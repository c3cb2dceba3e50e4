/**
 * C4: no setting silently weakens another. Over random settings of a client, a hint and an answer, on a whole server: a client that
 * registered number matching has it whatever else is said; no hint adds a status, a session to silence, or life to a request.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask } from '../held-phone.ts'
import { api, clientToken, startWorld, type World } from '../world.ts'
import { giveClient, givePersonWithPhone, type Person, type Phone, type TestClient } from './phones.ts'

const PUSH = 'urn:hid:scim:api:idp:2.0:device:type:Push'
const CREDENTIAL_PUSH = 'urn:hid:scim:api:idp:2.0:credential:type:Push'
const known = ['accept', 'deny', 'report']

let world: World
let bearer: string
let user: Person
let phone: Phone
const clients = new Map<string, TestClient>()
beforeAll(async () => {
  world = await startWorld()
  bearer = await clientToken(world)
  ;({ user, phone } = await givePersonWithPhone(world, bearer))
})
afterAll(() => world.close())

const client = fc
  .record({
    number_matching: fc.boolean(),
    userless_silent: fc.boolean(),
    dcs: fc.boolean(),
    dcs_free_text: fc.boolean(),
    hid_ciba_callback_format_plain: fc.boolean(),
    backchannel_token_delivery_mode: fc.constantFrom('poll', 'push'),
  })
  .map(one => ({ ...one, dcs_free_text: one.dcs && one.dcs_free_text }))
const hint = fc.record(
  {
    cal: fc.constantFrom('', 'accept', 'deny', 'accept|deny', 'deny|accept', 'report', 'accept|deny|report'),
    createSession: fc.constantFrom('0', '1', 'true', 'false', ''),
    authpol: fc.constantFrom('AT_PASA', 'AT_PASA-2FA', 'AT_TDS'),
    number_matching: fc.constantFrom('0', 'false', ''),
    channel: fc.constantFrom('CH_EXTRAPP', 'CH_DIRECT'),
  },
  { requiredKeys: [] },
)
const more = fc.record(
  {
    requested_expiry: fc.constantFrom('1', '30', '120', '3600', '999999'),
    number_matching: fc.constantFrom('0', 'false'),
  },
  { requiredKeys: [] },
)

async function clientWith(settings: object): Promise<TestClient> {
  const key = JSON.stringify(settings)
  const made = clients.get(key) ?? (await giveClient(world, bearer, settings))
  clients.set(key, made)
  return made
}
const given = (fields: object) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))

test('C4: a request that names nobody', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      client,
      hint,
      more,
      fc.constantFrom('camera', 'link', 'image', 'text'),
      async (settings, h, m, via) => {
        const asking = await clientWith(settings)
        const wanted = { mode: 'userid_less', device_type: 'DT_TDSV4E', tds: 'Log on', ...given(h) }
        const { status, body, text } = await ask(world, asking.bearer, wanted, given(m))
        expect(status, text).toBe(200)
        expect(body.number !== undefined).toBe(settings.number_matching)
        expect(body.expires_in).toBeLessThanOrEqual(120)
        const shown = (
          await phone.call({ method: 'POST', path: '/approve/v1/scan', body: { jwt: body.txid, via }, changes: false })
        ).body
        expect(shown.number).toBe(settings.number_matching)
        expect(known).toEqual(expect.arrayContaining(shown.statuses))
        const session = ['1', 'true'].includes(h.createSession ?? '')
        const may =
          settings.userless_silent && !settings.number_matching && !session && via === 'camera' && h.cal === 'accept'
        expect(shown.silent).toBe(may)
        expect(JSON.stringify(shown)).not.toContain(`"${body.number}"`)
      },
    ),
    { numRuns: 40 },
  )
})

test('C4: a request to a user: number matching stands, and without the number nothing is positive', {
  timeout: 60_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(client, hint, more, fc.constantFrom('right', 'wrong', 'none'), async (settings, h, m, typed) => {
      world.pass(3600)
      bearer = await clientToken(world)
      clients.clear()
      const asking = await clientWith(settings)
      const { status, body, text } = await ask(
        world,
        asking.bearer,
        { usercode: user.name, tds: 'x', ...given(h) },
        given(m),
      )
      expect(status, text).toBe(200)
      expect(body.number !== undefined).toBe(settings.number_matching)
      const [{ id } = { id: '' }] = (await phone.container.inbox()).requests
      const request = await phone.container.retrieve(id)
      expect([request.number, request.silent, request.statuses]).toEqual([settings.number_matching, false, known])
      const wrong = String(10 + ((Number(body.number ?? 10) - 9) % 90))
      const number = typed === 'none' ? {} : { number: typed === 'right' ? (body.number ?? '10') : wrong }
      const answer = await phone.send(id, await phone.sign(request, number))
      const right = settings.number_matching ? typed === 'right' : typed === 'none'
      expect([answer.status, answer.body.status]).toEqual([200, right ? 'accept' : 'deny'])
    }),
    { numRuns: 20 },
  )
})

test('C4: types that would undo each other are refused when they are saved', async () => {
  const path = (noun: string) => `/configuration/${world.demo.tenant}/v2/${noun}/Type`
  const protection = {
    type: 'password',
    minLength: 6,
    maxLength: 12,
    digitsOnly: true,
    maxAttempts: 5,
    lockSeconds: 900,
  }
  const refused: [string, string, object][] = [
    [
      'a password that is shorter than its least',
      'Device',
      { copyFrom: 'DT_TDSV4', [PUSH]: { keysProtectionPolicies: { ...protection, maxLength: 5 } } },
    ],
    [
      'three digits',
      'Device',
      { copyFrom: 'DT_TDSV4', [PUSH]: { keysProtectionPolicies: { ...protection, minLength: 3 } } },
    ],
    [
      'log-ons by the action key',
      'Device',
      { copyFrom: 'DT_TDSV4', [PUSH]: { credentialTypes: { logon: 'CT_TDSV4' } } },
    ],
    [
      'a template with a stray brace',
      'Device',
      { copyFrom: 'DT_TDSV4', [PUSH]: { requestTemplates: { a: 'Pay {amount' } } },
    ],
  ]
  for (const [name, noun, body] of refused) {
    const { status } = await api(world, bearer, 'POST', path(noun), {
      id: `DT_${Math.abs(name.length * 7919)}`,
      name,
      ...body,
    })
    expect([name, status]).toEqual([name, 400])
  }
  for (const statuses of [
    ['deny', 'accept'],
    ['report', 'accept'],
    ['yes', 'accept', 'deny'],
    ['accept'],
    ['accept', 'accept'],
  ]) {
    const body = {
      copyFrom: 'CT_PASAV4',
      id: `CT_${statuses.join('').toUpperCase()}`,
      name: 'x',
      [CREDENTIAL_PUSH]: { statuses },
    }
    const { status } = await api(world, bearer, 'POST', path('Credential'), body)
    expect([statuses, status]).toEqual([statuses, 400])
  }
})
