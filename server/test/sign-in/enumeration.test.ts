/**
 * E1, H5: a step of a login costs for nobody what it costs for somebody, and is answered with the same bytes. Counts, not clocks. E2: what a
 * login closes is the login; what a policy closes is one authenticator.
 */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { HashPool } from '#keys/hasher.ts'
import { type Measure, watchStore } from '../store-work.ts'
import { form, type Reply, scim } from '../world.ts'
import { Browser, type PortalClient, portalClient, sample } from './browser.ts'
import { pushed } from './explore.ts'
import { otpOf, PASSWORDS, type SignInWorld, type SomeBody, startSignIn } from './people.ts'
import { ask, TENANT } from './rows.ts'
import { tried } from './strangers.ts'

const NOBODY = 'nobody@nowhere.example'
const all = { accessCriteriaId: 'access_criteria.common_to_all' }
const byCodeAlone = {
  accessCriteria: [{ ...all, authenticators: { firstFactorsFiltering: true, secondFactorsFiltering: true } }],
  firstFactors: [
    { ...all, factorId: 'f', code: 'AT_OOB', class: 'OOB', retry: 3, oobMethods: { email: { template: '{$secret}' } } },
  ],
}

let ground: SignInWorld
let known: SomeBody
let bare: SomeBody
let pool: HashPool
let measured: Measure
const clients = new Map<string, PortalClient>()

beforeAll(async () => {
  ground = await startSignIn()
  const { world, bearer } = ground
  const admitted = vi.spyOn(HashPool.prototype, 'admit')
  known = await ground.person('AT_CUSTPWD', 'AT_CUSTOTP', 'AT_OOB')
  pool = admitted.mock.contexts[0] as HashPool
  admitted.mockRestore()
  bare = await ground.person()
  for (const name of ['temporary-or-password-push', 'password-or-otp', 'activation-code-otp']) {
    const payload = sample(name)
    delete payload.theme_id
    clients.set(name, await portalClient(world, bearer, payload))
  }
  clients.set('code alone', await portalClient(world, bearer, byCodeAlone))
  measured = await watchStore(world)
})
afterAll(() => ground.close())

const outboxRows = async () =>
  (await ask(ground.world, 'select id from outbox where tenant_number = ?1', TENANT)).length

async function visited(name: string): Promise<Browser> {
  const client = clients.get(name)
  if (!client) throw new Error(`no client for ${name}`)
  const browser = new Browser(ground.world)
  await browser.visit(client, await pushed(ground, client))
  return browser
}

type Asking = (browser: Browser, username: string) => Promise<Reply>

/** In a login of its own; what tells one login from another is left out. */
async function workOf(workflow: string, call: Asking, username: string) {
  const browser = await visited(workflow)
  const [rows, hashes] = [await outboxRows(), pool.calls]
  const { answer, names: queries } = await measured(() => call(browser, username))
  const { status, headers, text } = answer
  const alike = (value: string) =>
    value
      .replaceAll(/urn(:|%3A)hid(:|%3A)[0-9a-f-]{36}/g, '<urn>')
      .replaceAll(new RegExp(`${username}|${encodeURIComponent(username)}`, 'g'), '<name>')
  const kept = [...headers]
    .filter(([name]) => name !== 'date' && name !== 'x-correlation-id' && name !== 'content-length')
    .map(([name, value]) => [name, alike(value)])
  return {
    ...{ status, text: alike(text), headers: kept, queries },
    ...{ hashes: pool.calls - hashes, outbox: (await outboxRows()) - rows },
  }
}

const code =
  (fields: Record<string, string>): Asking =>
  (browser, username) =>
    browser.code({ username, ...fields })
const RESET = { action_id: 'action.request_reset_password', authType: 'AT_CUSTPWD' }
const CHANGE = { action_id: 'action.change_password', authType: 'AT_CUSTPWD', new_password: 'Qz9-vxbdfhjmqY' }
const TEMPORARY = 'temporary-or-password-push'

describe('E1, H5', () => {
  test.each<[string, string, Asking, { status: number; hashes: number; outbox: number }]>([
    [
      'a wrong password',
      TEMPORARY,
      code({ authType: 'AT_CUSTPWD', password: 'wrong' }),
      { status: 400, hashes: 1, outbox: 0 },
    ],
    [
      'a wrong one-time code',
      'password-or-otp',
      code({ authType: 'AT_CUSTOTP', password: '000000' }),
      { status: 400, hashes: 0, outbox: 0 },
    ],
    [
      'a wrong activation code',
      'activation-code-otp',
      code({ authType: 'AT_OOB', password: 'wrong', oob_method: 'email' }),
      { status: 400, hashes: 0, outbox: 0 },
    ],
    [
      'a code by mail',
      'code alone',
      code({ grant_type: 'oob', authType: 'AT_OOB', oob_method: 'email' }),
      { status: 200, hashes: 0, outbox: 1 },
    ],
    [
      'a code that was not sent',
      'code alone',
      code({ authType: 'AT_OOB', password: '000000' }),
      { status: 400, hashes: 0, outbox: 0 },
    ],
    [
      'a request for a reset',
      TEMPORARY,
      code({ grant_type: 'password_reset_request', ...RESET, method: 'email' }),
      { status: 200, hashes: 0, outbox: 1 },
    ],
    [
      'a wrong code of a reset',
      TEMPORARY,
      code({ grant_type: 'password_reset', ...CHANGE, action_id: 'action.reset_password', reset_code: '00000000' }),
      { status: 400, hashes: 0, outbox: 0 },
    ],
    [
      'a change by a wrong password',
      TEMPORARY,
      code({ grant_type: 'password_change', ...CHANGE, old_password: 'wrong' }),
      { status: 400, hashes: 1, outbox: 0 },
    ],
  ])('%s: equal queries, hashes, messages and bytes', async (_, workflow, call, expected) => {
    await workOf(workflow, call, 'warm@nowhere.example')
    const ofKnown = await workOf(workflow, call, known.name)
    expect(ofKnown).toMatchObject(expected)
    expect(ofKnown.queries.length).toBeGreaterThan(4)
    expect(await workOf(workflow, call, NOBODY)).toEqual(ofKnown)
    expect(await workOf(workflow, call, bare.name)).toEqual(ofKnown)
  })

  test('no activation code: nothing is sent and nobody is let on, whoever is named', async () => {
    const call = code({ authType: 'AT_OOB', password: 'null', oob_method: 'email' })
    const ofKnown = await workOf('activation-code-otp', call, known.name)
    expect(ofKnown).toMatchObject({ status: 400, hashes: 0, outbox: 0 })
    expect(await workOf('activation-code-otp', call, NOBODY)).toEqual(ofKnown)
  })

  test.each<[string, Asking]>([
    ['flow', (browser, username) => browser.flow(username)],
    [
      'the page without scripts',
      (browser, username) => {
        const page = { name: 'portal', method: 'POST', path: 'portal', fields: {} } as const
        const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
        return tried(ground, page, browser.requestUri, username, { field: browser.csrf, cookie })
      },
    ],
  ])('%s: nobody gets what somebody without any authenticator gets', async (_, call) => {
    for (const workflow of [TEMPORARY, 'password-or-otp', 'activation-code-otp']) {
      await workOf(workflow, call, 'warm@nowhere.example')
      const ofBare = await workOf(workflow, call, bare.name)
      expect(await workOf(workflow, call, NOBODY)).toEqual(ofBare)
    }
  })

  test('somebody who is locked or disabled is answered like nobody', async () => {
    const [locked, off] = [await ground.person('AT_CUSTPWD'), await ground.person('AT_CUSTPWD')]
    const wrong = code({ authType: 'AT_CUSTPWD', password: 'wrong' })
    const right = code({ authType: 'AT_CUSTPWD', password: PASSWORDS.AT_CUSTPWD })
    for (let n = 0; n < 8; n++) await wrong(await visited(TEMPORARY), locked.name)
    await scim(ground.world, ground.bearer, 'PUT', `/Users/${off.id}`, { active: false })
    await workOf(TEMPORARY, right, 'warm@nowhere.example')
    const ofNobody = await workOf(TEMPORARY, right, NOBODY)
    expect(ofNobody.status).toBe(400)
    expect(await workOf(TEMPORARY, right, locked.name)).toEqual(ofNobody)
    expect(await workOf(TEMPORARY, right, off.name)).toEqual(ofNobody)
  })

  test('the page of a login shows nobody’s name but the one that was typed', async () => {
    const browser = await visited(TEMPORARY)
    const page = await browser.get(`portal?${form({ request_uri: browser.requestUri, username: known.name })}`)
    expect([page.status, page.text.includes(known.name)]).toEqual([200, false])
  })
})

describe('E2', () => {
  const WRONG = { authType: 'AT_CUSTPWD', password: 'wrong' }
  const RIGHT = { authType: 'AT_CUSTPWD', password: PASSWORDS.AT_CUSTPWD }
  const failures = async ({ id }: SomeBody, policy: string) => {
    const { body } = await scim(ground.world, ground.bearer, 'GET', `/Authenticator/${id}.${policy}`)
    return [body.statistics?.consecutiveFailed ?? '0', body.status.active]
  }

  test('whoever locks one factor leaves the other', async () => {
    const person = await ground.person('AT_CUSTPWD', 'AT_CUSTOTP')
    for (let n = 0; n < 10; n++) await code(WRONG)(await visited('password-or-otp'), person.name)
    expect(await failures(person, 'AT_CUSTPWD')).toEqual(['8', false])
    expect((await code(RIGHT)(await visited('password-or-otp'), person.name)).status).toBe(400)
    const byToken = await visited('password-or-otp')
    const done = await code({ authType: 'AT_CUSTOTP', password: otpOf(person) })(byToken, person.name)
    expect(done.status).toBe(200)
    expect((await byToken.end()).get('code')).toBeTruthy()
  })

  test('a login that bears no more ends alone: three tries of eight are gone, the next login is open', async () => {
    const person = await ground.person('AT_CUSTPWD')
    const first = await visited('password-or-otp')
    const answers = []
    for (let n = 0; n < 10; n++) answers.push((await code(WRONG)(first, person.name)).body.error)
    expect(answers).toEqual(['invalid_grant', 'invalid_grant', ...Array(8).fill('access_denied')])
    // What came after its end was no attempt.
    expect(await failures(person, 'AT_CUSTPWD')).toEqual(['3', true])
    expect((await code(RIGHT)(await visited('password-or-otp'), person.name)).status).toBe(200)
  })

  test('at once, too: of forty in one login three are compared', async () => {
    const person = await ground.person('AT_CUSTPWD')
    const browser = await visited('password-or-otp')
    const before = pool.calls
    const replies = await Promise.all(Array.from({ length: 40 }, () => code(WRONG)(browser.copy(), person.name)))
    expect(replies.every(({ status }) => status >= 400)).toBe(true)
    expect(Number((await failures(person, 'AT_CUSTPWD'))[0])).toBeLessThanOrEqual(3)
    expect(pool.calls - before).toBeLessThanOrEqual(40)
    expect((await code(RIGHT)(await visited('password-or-otp'), person.name)).status).toBe(200)
  })

  test('a spray over many names closes nobody, and one name in many logins only what it names', async () => {
    const people = await Promise.all(Array.from({ length: 4 }, () => ground.person('AT_CUSTPWD')))
    for (let n = 0; n < 3; n++) {
      for (const { name } of people) await code(WRONG)(await visited('password-or-otp'), name)
    }
    for (const person of people) {
      expect(await failures(person, 'AT_CUSTPWD')).toEqual(['3', true])
      expect((await code(RIGHT)(await visited('password-or-otp'), person.name)).status).toBe(200)
    }
  })

  test('a reset that strangers ask for takes nothing away: the password works on', async () => {
    const person = await ground.person('AT_CUSTPWD')
    const asking = code({ grant_type: 'password_reset_request', ...RESET, method: 'sms' })
    for (let n = 0; n < 5; n++) await asking(await visited('password-or-otp'), person.name)
    const guess = {
      grant_type: 'password_reset',
      ...CHANGE,
      action_id: 'action.reset_password',
      reset_code: '00000000',
    }
    for (let n = 0; n < 5; n++) await code(guess)(await visited('password-or-otp'), person.name)
    expect(await failures(person, 'AT_CUSTPWD')).toEqual(['0', true])
    expect((await code(RIGHT)(await visited('password-or-otp'), person.name)).status).toBe(200)
  })
})
