/**
 * H4: every port breaks at every step of a login, the store at each of its round trips. What comes out is 500 or 503 and never a success;
 * the login stands where it stood, or where the right proof that was committed before had brought it, and the step can be taken again.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Query, Unit } from '#domain/ports/store.ts'
import { HashPool } from '#keys/hasher.ts'
import { basic, engineNames, type Reply, token } from '../world.ts'
import { Browser, type PortalClient, portalClient, REDIRECT, sample } from './browser.ts'
import { pushed } from './explore.ts'
import { otpOf, PASSWORDS, type SignInWorld, type SomeBody, startSignIn } from './people.ts'
import { ask, type Kept, keep, loginIdOf, loginRow, putBack, TENANT, type Whose } from './rows.ts'

/** Only these: the outbox stays held. */
const planted = new Set<{ mockRestore(): void }>()
function heal(): void {
  for (const spy of planted) spy.mockRestore()
  planted.clear()
}

const CAUSE = 'planted cause that nobody may see'
const broken = (): never => {
  throw new Error(CAUSE)
}
const second = (factorId: string, code: string, kind: string) => ({
  ...{ factorId, code, class: kind, accessCriteriaId: 'access_criteria.common_to_all', retry: 3 },
  upon: ['factor.user_pasword'],
})

interface Step {
  readonly name: string
  readonly from: 'visited' | 'first' | 'proved' | 'agreed' | 'coded'
  call(browser: Browser): Promise<Reply>
}

describe.each(engineNames)('on %s', engine => {
  let ground: SignInWorld
  let client: PortalClient
  let person: SomeBody
  let whose: Whose
  const kept = new Map<Step['from'], { readonly rows: Kept; readonly browser: Browser; readonly code: string }>()

  beforeAll(async () => {
    ground = await startSignIn(engine)
    const { world, bearer } = ground
    const workflow = sample('password-push-automatic')
    workflow.firstFactors[0].step_up = 'required'
    workflow.secondFactors = [
      second('factor.pin', 'AT_EMPPIN', 'LOGIN'),
      second('factor.otp', 'AT_CUSTOTP', 'OTP'),
      second('factor.oob', 'AT_OOB', 'OOB'),
    ]
    client = await portalClient(world, bearer, workflow, { hid_client_consentprompt: 'true' })
    person = await ground.person('AT_CUSTPWD', 'AT_EMPPIN', 'AT_CUSTOTP', 'AT_OOB')
    await world.quiet()
    await stepByStep()
  })
  afterEach(() => heal())
  afterAll(() => ground.close())

  const prove = (authType: string, password: string) => (browser: Browser) =>
    browser.code({ authType, username: person.name, password })
  const consent = (browser: Browser) => browser.consent([{ scope: 'openid', status: 'accepted', exp: -1 }])
  const end = (browser: Browser) => browser.get(`code?request_uri=${encodeURIComponent(browser.requestUri)}`)

  /** A login through all its states, each of which is kept. */
  async function stepByStep() {
    const { world } = ground
    const browser = new Browser(world)
    const requestUri = await pushed(ground, client, {
      response_type: 'code id_token',
      response_mode: 'query',
      nonce: 'n',
    })
    await browser.visit(client, requestUri)
    const devices = await ask<{ id: number }>(
      world,
      'select id as "id" from credential where tenant_number = ?1 and device_id = ?2',
      ...[TENANT, Number(person.token?.deviceId)],
    )
    const login = loginIdOf(world, requestUri)
    whose = { login, user: Number(person.id), credentials: devices.map(({ id }) => id) }
    const keeping = async (name: Step['from'], code = '') =>
      kept.set(name, { rows: await keep(world, whose), browser: browser.copy(), code })
    await keeping('visited')
    await prove('AT_CUSTPWD', PASSWORDS.AT_CUSTPWD)(browser)
    await keeping('first')
    await prove('AT_EMPPIN', PASSWORDS.AT_EMPPIN)(browser)
    await keeping('proved')
    await consent(browser)
    await keeping('agreed')
    const done = await end(browser)
    const code = new URL(done.headers.get('location') ?? '').searchParams.get('code') ?? ''
    await keeping('coded', code)
  }

  const steps: readonly Step[] = [
    { name: 'a password', from: 'visited', call: prove('AT_CUSTPWD', PASSWORDS.AT_CUSTPWD) },
    { name: 'a second password', from: 'first', call: prove('AT_EMPPIN', PASSWORDS.AT_EMPPIN) },
    { name: 'a one-time code', from: 'first', call: browser => prove('AT_CUSTOTP', otpOf(person))(browser) },
    {
      name: 'sending a code',
      from: 'first',
      call: browser =>
        browser.code({ grant_type: 'oob', authType: 'AT_OOB', username: person.name, oob_method: 'email' }),
    },
    {
      name: 'asking for a reset',
      from: 'visited',
      call: browser =>
        browser.code({
          grant_type: 'password_reset_request',
          authType: 'AT_CUSTPWD',
          username: person.name,
          method: 'email',
        }),
    },
    { name: 'an agreement', from: 'proved', call: consent },
    { name: 'the end', from: 'agreed', call: end },
    { name: 'the end by a call', from: 'agreed', call: browser => browser.code({ grant_type: 'code_request' }) },
    {
      name: 'the redemption',
      from: 'coded',
      call: () => {
        const fields = { grant_type: 'authorization_code', code: kept.get('coded')?.code ?? '', redirect_uri: REDIRECT }
        return token(ground.world, fields, { authorization: basic(client.id, client.secret) })
      },
    },
  ]

  /** How far somebody has come. */
  const standing = async () => {
    const { state, progress } = await loginRow(ground.world, whose.login)
    const { first, second: other, consented, user, error } = JSON.parse(String(progress))
    return JSON.stringify([state, first?.factorId, other?.factorId, consented, user?.id, error])
  }

  /** From the same rows each time. */
  async function taken({ from, call }: Step, breakIt: () => () => number): Promise<{ reply: Reply; hits: number }> {
    const { rows, browser } = kept.get(from) ?? { rows: undefined, browser: undefined }
    if (!rows || !browser) throw new Error(`nothing was kept of ${from}`)
    await putBack(ground.world, whose, rows)
    const hits = breakIt()
    const reply = await call(browser.copy())
    heal()
    return { reply, hits: hits() }
  }

  const isGood = ({ status, body }: Reply) =>
    status < 400 || body.error === 'step_up_required' || body.error === 'consent_required'

  function expectRefused(what: string, { status, text, headers }: Reply): void {
    expect([what, [500, 503].includes(status) ? 'refused' : `${status} ${text}`]).toEqual([what, 'refused'])
    expect(text).not.toMatch(/planted|access_token|id_token|"code"|secondFactors/)
    expect(headers.get('location')).toBeNull()
  }

  /** The `n`-th round trip of the store fails. */
  const storeBreaksAt = (n: number) => () => {
    const { store } = ground.world.ground
    let trips = 0
    for (const method of ['read', 'write'] as const) {
      const original = store[method].bind(store)
      const spy = vi.spyOn(store, method).mockImplementation(<T>(tenant: number, unit: () => Unit<T>) =>
        original(tenant, function* () {
          const running = unit()
          let step = running.next()
          while (!step.done) {
            trips += 1
            if (trips === n) broken()
            step = running.next(yield step.value as readonly Query[])
          }
          return step.value
        }),
      )
      planted.add(spy)
    }
    return () => (trips >= n ? 1 : 0)
  }

  const method = (port: object, name: string) => () => {
    const of = port as Record<string, (...given: unknown[]) => unknown>
    const real = of[name]?.bind(port)
    let hits = 0
    const spy = vi.spyOn(of, name).mockImplementation((...given) => {
      if (new Error().stack?.includes('http/correlation')) return real?.(...given)
      hits += 1
      return broken()
    })
    planted.add(spy)
    return () => hits
  }

  const ports: readonly (readonly [string, () => () => () => number])[] = [
    ['the audit', () => method(ground.world.ground.recorder, 'record')],
    ['chance', () => method(ground.world.ground.random, 'bytes')],
    ['the clock', () => method(ground.world.ground.clock, 'now')],
    ['the signer', () => method(ground.world.ground.signingKeys, 'sign')],
    ['what seals', () => method(ground.tenant.sealer, 'seal')],
    ['what unseals', () => method(ground.tenant.sealer, 'unseal')],
    ['the hash pool', () => method(HashPool.prototype, 'admit')],
    [
      'the hash itself',
      () => () => {
        let hits = 0
        const hash = () => {
          hits += 1
          return broken()
        }
        const place = { hash, verify: hash, leave: () => undefined }
        planted.add(vi.spyOn(HashPool.prototype, 'admit').mockImplementation(() => place))
        return () => hits
      },
    ],
  ]

  test.each(steps)('H4: $name: the store breaks at any round trip', async step => {
    const before = await taken(step, storeBreaksAt(Number.POSITIVE_INFINITY))
    expect(isGood(before.reply)).toBe(true)
    const after = await standing()
    let n = 1
    for (; ; n++) {
      const { rows } = kept.get(step.from) ?? {}
      if (!rows) throw new Error('nothing was kept')
      await putBack(ground.world, whose, rows)
      const from = await standing()
      const { reply, hits } = await taken(step, storeBreaksAt(n))
      if (hits === 0) break
      expectRefused(`round trip ${n}`, reply)
      expect([from, after]).toContain(await standing())
    }
    expect(n).toBeGreaterThan(3)
  })

  test.each(steps)('H4: $name: any other port breaks', async step => {
    const met: string[] = []
    for (const [name, breakIt] of ports) {
      const { rows } = kept.get(step.from) ?? {}
      if (!rows) throw new Error('nothing was kept')
      await putBack(ground.world, whose, rows)
      const from = await standing()
      const { reply, hits } = await taken(step, breakIt())
      if (hits === 0) {
        expect([name, isGood(reply)]).toEqual([name, true])
        continue
      }
      met.push(name)
      expectRefused(name, reply)
      expect([name, await standing()]).toEqual([name, from])
    }
    expect(met).toEqual(expect.arrayContaining(['the audit', 'the clock']))
    // Unbroken again, the step is taken.
    expect(isGood((await taken(step, storeBreaksAt(Number.POSITIVE_INFINITY))).reply)).toBe(true)
  })
})
