/**
 * H4: each port breaks while a right proof is on its way, and while an administrator works. What comes out is 500 or 503 with
 * the correlation id and without the cause, never a success; and a guess that met a fault was still a guess.
 */
import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { Refusal } from '#domain/refusal.ts'
import { HashPool } from '#keys/hasher.ts'
import {
  answered,
  askChallenge,
  codeNow,
  type Holder,
  holderOf,
  SIGNED_VALUES,
  SIGNING_SUITE,
} from '../openid/holder.ts'
import {
  basic,
  clientToken,
  engineNames,
  givePassword,
  makeUser,
  otherCode,
  otp,
  type Reply,
  response,
  scim,
  send,
  startWorld,
  token,
  type World,
} from '../world.ts'

const CAUSE = 'planted cause that nobody may see'
const broken = (): never => {
  throw new Error(CAUSE)
}

describe.each(engineNames)('on %s', engine => {
  let world: World
  let bearer: string
  beforeAll(async () => {
    world = await startWorld(engine)
    bearer = await clientToken(world)
  })
  afterEach(() => vi.restoreAllMocks())
  afterAll(() => world.close())

  /** Chance fails for all but the carrier's correlation id, the first it is asked for, and the jobs beside the requests. */
  function breakChance(): void {
    const real = world.ground.random.bytes.bind(world.ground.random)
    let asked = 0
    vi.spyOn(world.ground.random, 'bytes').mockImplementation(count => {
      if (new Error().stack?.includes('jobs/runner')) return real(count)
      asked += 1
      return asked === 1 ? real(count) : broken()
    })
  }

  /** Nothing of the cause, and a way to find it in the log. */
  function expectRefused({ status, text, headers }: Reply): void {
    expect([500, 503]).toContain(status)
    expect(text).not.toContain('planted')
    expect(text).not.toContain('access_token')
    const correlation = headers.get('x-correlation-id') ?? 'none'
    if (status === 500) {
      expect(text).toContain(correlation)
      expect(world.logged.some(line => line.includes(correlation))).toBe(true)
    }
  }

  interface Way {
    readonly name: string
    readonly type: string
    /** A proof that is right, as often as it is sent. */
    readonly proof: (holder: Holder) => Promise<() => Promise<Reply>>
  }
  const ways: readonly Way[] = [
    {
      name: 'one-time code',
      type: 'DT_POCK_OT',
      proof: async holder => () => otp(world, bearer, holder.name, codeNow(world, holder)),
    },
    {
      name: 'response',
      type: 'DT_POCK_OC',
      async proof(holder) {
        const code = await answered(world, bearer, holder)
        return () => otp(world, bearer, holder.name, code, { mode: 'ASYNCHRONOUS', device_id: holder.token.deviceId })
      },
    },
    {
      name: 'signature without a session',
      type: 'DT_POCK_TD',
      proof: async holder => () =>
        otp(world, bearer, holder.name, response(holder.token.seed, SIGNED_VALUES, SIGNING_SUITE), {
          mode: 'SIGNING',
          noToken: '1',
          context: 'sign1:1122:false sign2:3344:false sign3:5566:false',
        }),
    },
    {
      name: 'password',
      type: 'DT_POCK_OT',
      async proof(holder) {
        const password = await givePassword(world, bearer, holder.id)
        const login = { grant_type: 'password', username: holder.name, password, authType: 'AT_STDPWD' }
        return () => token(world, login, { authorization: `Bearer ${bearer}` })
      },
    },
  ]

  describe.each(ways)('$name', ({ type, proof }) => {
    const prepared = async () => {
      const holder = await holderOf(world, bearer, type)
      return { holder, prove: await proof(holder) }
    }

    test('H4: the store does not write', async () => {
      const { prove } = await prepared()
      vi.spyOn(world.ground.store, 'write').mockRejectedValue(new Error(CAUSE))
      expectRefused(await prove())
      vi.restoreAllMocks()
      expect((await prove()).status).toBe(200)
    })

    test('H4: the store does not read', async () => {
      const { prove } = await prepared()
      vi.spyOn(world.ground.store, 'read').mockRejectedValue(new Error(CAUSE))
      expectRefused(await prove())
      vi.restoreAllMocks()
      expect((await prove()).status).toBe(200)
    })

    test('H4: the store is busy: 503, and nothing was consumed', async () => {
      const { prove, holder } = await prepared()
      vi.spyOn(world.ground.store, 'write').mockRejectedValue(
        new Refusal('temporarily_unavailable', undefined, { reason: CAUSE }),
      )
      const refused = await prove()
      expect([refused.status, refused.body.error]).toEqual([503, 'temporarily_unavailable'])
      vi.restoreAllMocks()
      expect(await failures(holder)).toBe('0')
      expect((await prove()).status).toBe(200)
    })

    test('H4: nothing can be recorded in the audit: then nothing happens', async () => {
      const { prove } = await prepared()
      vi.spyOn(world.ground.recorder, 'record').mockImplementation(broken)
      expectRefused(await prove())
    })

    test('H4: chance fails: nothing can be recorded, so nothing happens', async () => {
      const { prove } = await prepared()
      breakChance()
      expectRefused(await prove())
    })

    test('H4: the clock fails', async () => {
      const { prove } = await prepared()
      vi.spyOn(world.ground.clock, 'now').mockImplementation(broken)
      expectRefused(await prove())
    })
  })

  const failures = async ({ id }: Pick<Holder, 'id'>, policy = 'AT_OTP') =>
    (await scim(world, bearer, 'GET', `/Authenticator/${id}.${policy}`)).body.statistics?.consecutiveFailed ?? '0'

  test('H4: what is sealed does not open: no code is right, and each try was one', async () => {
    const holder = await holderOf(world, bearer)
    const tenant = await world.office.directory.find(world.demo.tenant)
    if (!tenant) throw new Error('no demo tenant')
    vi.spyOn(tenant.sealer, 'unseal').mockImplementation(broken)
    for (let n = 0; n < 3; n++) expectRefused(await otp(world, bearer, holder.name, codeNow(world, holder)))
    vi.restoreAllMocks()
    expect(await failures(holder)).toBe('3')
    expect((await otp(world, bearer, holder.name, codeNow(world, holder))).status).toBe(200)
  })

  test('H4: a fault after the reservation gives no guess for free: the threshold is met all the same', async () => {
    const holder = await holderOf(world, bearer)
    const wrong = otherCode(codeNow(world, holder))
    const real = world.ground.recorder.record.bind(world.ground.recorder)
    vi.spyOn(world.ground.recorder, 'record').mockImplementation((tenant, event) => {
      if (event.action === 'primaryAuthenticateOTP') throw new Error(CAUSE)
      return real(tenant, event)
    })
    for (let n = 0; n < 10; n++) expectRefused(await otp(world, bearer, holder.name, wrong))
    vi.restoreAllMocks()
    const { body } = await scim(world, bearer, 'GET', `/Authenticator/${holder.id}.AT_OTP`)
    expect(Number(body.statistics.consecutiveFailed)).toBeGreaterThanOrEqual(8)
    expect(body.status.active).toBe(false)
    expect((await otp(world, bearer, holder.name, codeNow(world, holder))).status).toBe(400)
  })

  test('H4, O3: the slow hash breaks, or its queue is full', async () => {
    const user = await makeUser(world, bearer)
    const password = await givePassword(world, bearer, user.id)
    const login = { grant_type: 'password', username: user.name, password, authType: 'AT_STDPWD' }
    const prove = () => token(world, login, { authorization: `Bearer ${bearer}` })
    vi.spyOn(HashPool.prototype, 'admit').mockImplementation(broken)
    expectRefused(await prove())
    vi.restoreAllMocks()
    expect(await failures(user, 'AT_STDPWD')).toBe('0')

    vi.spyOn(HashPool.prototype, 'admit').mockImplementation(() => {
      throw new Refusal('temporarily_unavailable', undefined, { retryAfter_seconds: 1 })
    })
    const full = await prove()
    expect([full.status, full.body.error, full.headers.get('retry-after')]).toEqual([
      503,
      'temporarily_unavailable',
      '1',
    ])
    vi.restoreAllMocks()
    expect(await failures(user, 'AT_STDPWD')).toBe('0')

    const left = vi.fn()
    vi.spyOn(HashPool.prototype, 'admit').mockImplementation(() => ({ hash: broken, verify: broken, leave: left }))
    expectRefused(await prove())
    expect(left).toHaveBeenCalledTimes(1)
    vi.restoreAllMocks()
    expect(await failures(user, 'AT_STDPWD')).toBe('1')
    expect((await prove()).status).toBe(200)
  })

  test('O3: the hash queue is saturated by a flood: its 503s took no attempt', async () => {
    const user = await makeUser(world, bearer)
    await givePassword(world, bearer, user.id)
    const login = { grant_type: 'password', username: user.name, password: 'wrong-one', authType: 'AT_STDPWD' }
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => token(world, login, { authorization: `Bearer ${bearer}` })),
    )
    const busy = answers.filter(({ status }) => status === 503).length
    expect(busy).toBeGreaterThan(50)
    expect(answers.every(({ status }) => status === 400 || status === 503)).toBe(true)
    expect(await failures(user, 'AT_STDPWD')).toBe('8')
  })

  test('H4: a client’s secret is right, and a port breaks', async () => {
    const { client_id, client_secret } = world.demo.rp
    const ask = () =>
      token(world, { grant_type: 'client_credentials' }, { authorization: basic(client_id, client_secret) })
    const ports = [
      [world.ground.store, 'write'],
      [world.ground.recorder, 'record'],
      [world.ground.clock, 'now'],
    ] as const
    for (const [port, method] of ports) {
      vi.spyOn(port as unknown as { [name: string]: () => never }, method).mockImplementation(broken)
      expectRefused(await ask())
      vi.restoreAllMocks()
    }
    breakChance()
    expectRefused(await ask())
    vi.restoreAllMocks()
    expect((await ask()).status).toBe(200)
  })

  test('H4: a bearer token is right, and the store cannot be asked: nobody is let in', async () => {
    vi.spyOn(world.ground.store, 'read').mockRejectedValue(new Error(CAUSE))
    const { demo, base } = world
    for (const path of [
      `/scim/${demo.tenant}/v2/Users`,
      `/configuration/${demo.tenant}/v2/Device/Type`,
      `/${demo.tenant}/authn/userinfo`,
    ]) {
      expectRefused(await send(base + path, { headers: { authorization: `Bearer ${bearer}` } }))
    }
    vi.restoreAllMocks()
    expect((await scim(world, bearer, 'GET', '/Users')).status).toBe(200)
  })

  test('H4: administration: what could not be recorded was not done', async () => {
    const user = await makeUser(world, bearer)
    const holder = await holderOf(world, bearer, 'DT_POCK_OC')
    const calls: readonly (readonly [string, string, object | undefined])[] = [
      ['POST', '/Users', { userName: `never-${randomBytes(4).toString('hex')}` }],
      ['PUT', `/Users/${user.id}`, { title: 'never' }],
      ['POST', '/Authenticator', { policy: { value: 'AT_EMPOTP' }, owner: { value: user.id } }],
      ['PUT', `/Authenticator/${holder.id}.AT_OTP`, { status: { status: 'DISABLED' } }],
      ['DELETE', `/Authenticator/${holder.id}.AT_OTP`, undefined],
      ['POST', '/Device', { type: 'DT_POCK_OE', externalId: `N${randomBytes(4).toString('hex')}-1` }],
      ['PUT', `/Device/${holder.token.deviceId}`, { status: { status: 'SUSPENDED' } }],
      ['DELETE', `/Device/${holder.token.deviceId}`, undefined],
      ['DELETE', `/Users/${user.id}`, undefined],
    ]
    const totals = async () => {
      const found = await Promise.all(
        ['Users', 'Authenticator', 'Device'].map(noun => scim(world, bearer, 'GET', `/${noun}?count=1`)),
      )
      return found.map(({ body }) => body.totalResults)
    }
    const before = await totals()
    for (const [port, method] of [
      [world.ground.recorder, 'record'],
      [world.ground.store, 'write'],
    ] as const) {
      for (const [verb, path, body] of calls) {
        vi.spyOn(port as unknown as { [name: string]: () => never }, method).mockImplementation(() => {
          throw new Error(CAUSE)
        })
        expectRefused(await scim(world, bearer, verb, path, body))
        vi.restoreAllMocks()
      }
    }
    expect(await totals()).toEqual(before)
    const shown = await scim(world, bearer, 'GET', `/Authenticator/${holder.id}.AT_OTP`)
    expect(shown.body.status.status).toBe('ENABLED')
    expect((await scim(world, bearer, 'GET', `/Device/${holder.token.deviceId}`)).body.status.status).toBe('ACTIVE')
    expect((await scim(world, bearer, 'GET', `/Users/${user.id}`)).body.title).toBeUndefined()
  })

  test('H4: chance fails before a request has a name: it is answered, and a name that the client gave is kept', async () => {
    const { client_id, client_secret } = world.demo.rp
    const ask = (more: Record<string, string> = {}) =>
      token(world, { grant_type: 'client_credentials' }, { authorization: basic(client_id, client_secret), ...more })
    vi.spyOn(world.ground.random, 'bytes').mockImplementation(broken)
    const nameless = await ask()
    expectRefused(nameless)
    expect(nameless.headers.get('x-correlation-id')).toBe('none')
    const named = await ask({ 'x-correlation-id': 'mine-1' })
    expectRefused(named)
    expect(named.headers.get('x-correlation-id')).toBe('mine-1')
    vi.restoreAllMocks()
    expect((await ask()).status).toBe(200)
  })

  test('H4: no challenge without chance', async () => {
    const holder = await holderOf(world, bearer, 'DT_POCK_OC')
    breakChance()
    expectRefused(await askChallenge(world, bearer, holder))
  })

  test('H4: the machine’s clock is set back: time stands still, a used code stays used, nothing lives longer', async () => {
    const holder = await holderOf(world, bearer)
    const code = codeNow(world, holder)
    expect((await otp(world, bearer, holder.name, code)).status).toBe(200)
    world.pass(-86_400)
    expect((await otp(world, bearer, holder.name, code)).body.error).toBe('invalid_grant')
    expect((await send(`${world.base}/readyz`)).status).toBe(503)
    world.pass(86_400)
    expect((await send(`${world.base}/readyz`)).status).toBe(200)
  })
})
