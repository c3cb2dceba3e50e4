/**
 * P6: a login belongs to one browser. Who knows its request_uri, posts from another site, or has a half-done login opened by somebody else
 * gains nothing; two tabs do not disturb one another. P3: what a later call says of the request changes nothing.
 */
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LoginSecrets } from '#authentication/login-secrets.ts'
import { hmac } from '#keys/hmac.ts'
import { basic, engineNames, form, send, token, type World } from '../world.ts'
import { Browser, type PortalClient, portalClient, REDIRECT, sample } from './browser.ts'
import { challengeOf, pushed, verifier } from './explore.ts'
import { PASSWORDS, type SignInWorld, type SomeBody, startSignIn } from './people.ts'
import { ask, loginIdOf, loginRow, plain, TENANT } from './rows.ts'
import { cookieOf, isRefused, tried } from './strangers.ts'

const PASSWORD = { authType: 'AT_CUSTPWD', password: PASSWORDS.AT_CUSTPWD }
const PIN = { authType: 'AT_EMPPIN', password: PASSWORDS.AT_EMPPIN }
const PUBLIC = { token_endpoint_auth_method: 'none', grant_types: ['authorization_code'] }
const strict = () => {
  const workflow = sample('password-push-automatic')
  workflow.firstFactors[0].step_up = 'required'
  const second = { factorId: 'factor.pin', accessCriteriaId: 'access_criteria.common_to_all', code: 'AT_EMPPIN' }
  workflow.secondFactors = [{ ...second, class: 'LOGIN', retry: 3, acr: '2', upon: ['factor.user_pasword'] }]
  return workflow
}

describe.each(engineNames)('on %s', engine => {
  let ground: SignInWorld
  let client: PortalClient
  let person: SomeBody
  let attacker: SomeBody
  beforeAll(async () => {
    ground = await startSignIn(engine)
    client = await portalClient(ground.world, ground.bearer, strict())
    person = await ground.person('AT_CUSTPWD', 'AT_EMPPIN')
    attacker = await ground.person('AT_CUSTPWD', 'AT_EMPPIN')
  })
  afterAll(() => ground.close())

  const visited = async (requestUri: string, by = client) => {
    const browser = new Browser(ground.world)
    expect((await browser.visit(by, requestUri)).status).toBe(302)
    return browser
  }
  const first = (browser: Browser, who = person) => browser.code({ ...PASSWORD, username: who.name })
  const second = (browser: Browser, who = person) => browser.code({ ...PIN, username: who.name })
  const rowOf = async (requestUri: string) => plain(await loginRow(ground.world, loginIdOf(ground.world, requestUri)))
  const subject = async (browser: Browser) => {
    const code = (await browser.end()).get('code') ?? ''
    const fields = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT }
    const { body } = await token(ground.world, fields, { authorization: basic(client.id, client.secret) })
    return JSON.parse(Buffer.from(body.id_token.split('.')[1], 'base64url').toString()).sub
  }

  test('P6: an attacker’s half-done login that the victim opens begins anew, and is no longer his', async () => {
    const requestUri = await pushed(ground, client)
    const his = await visited(requestUri)
    expect((await first(his, attacker)).body.error).toBe('step_up_required')
    const victim = await visited(requestUri)
    const flow = await victim.flow()
    expect([flow.status, flow.body.progress]).toEqual([200, { step: 'first' }])
    for (const call of [() => second(his, attacker), () => his.flow(), () => first(his, attacker)]) {
      expect((await call()).status).toBe(403)
    }
    await first(victim)
    await second(victim)
    expect((await his.get(`code?request_uri=${encodeURIComponent(requestUri)}`)).status).toBe(403)
    expect(await subject(victim)).toBe(person.name)
  })

  test('P6: the same from the front end of a client: the browser that visits begins anew', async () => {
    const requestUri = await pushed(ground, client)
    const api = new Browser(ground.world)
    api.requestUri = requestUri
    await first(api, attacker)
    await second(api, attacker)
    const victim = await visited(requestUri)
    expect((await victim.flow()).body.progress).toEqual({ step: 'first' })
    expect((await api.code({ grant_type: 'code_request' })).status).toBe(403)
  })

  test('P6: who knows the request_uri of somebody’s login can at most make him begin again', async () => {
    const requestUri = await pushed(ground, client)
    const victim = await visited(requestUri)
    await first(victim)
    const before = await rowOf(requestUri)
    const blind = new Browser(ground.world)
    blind.requestUri = requestUri
    const looks = [
      await blind.flow(person.name),
      await second(blind),
      await blind.get(`code?request_uri=${encodeURIComponent(requestUri)}`),
      await blind.code({ grant_type: 'cancel' }),
    ]
    for (const reply of looks) expect([isRefused(reply), reply.status]).toEqual([true, 403])
    const page = await blind.get(`portal?request_uri=${encodeURIComponent(requestUri)}&again=1`)
    expect(page.text).not.toContain(person.name)
    expect(page.text).not.toMatch(/name="server-csrf-token"/)
    expect(await rowOf(requestUri)).toEqual(before)
    await visited(requestUri)
    expect((await second(victim)).status).toBe(403)
    await victim.visit(client, requestUri)
    await first(victim)
    await second(victim)
    expect(await subject(victim)).toBe(person.name)
  })

  test('P6: a form that another site posts, with or without the page’s Accept, moves nothing', async () => {
    const requestUri = await pushed(ground, client)
    await visited(requestUri)
    const before = await rowOf(requestUri)
    const html = {
      accept: 'text/html,application/xhtml+xml',
      origin: 'https://evil.example',
      'sec-fetch-site': 'cross-site',
    }
    for (const more of [{}, html]) {
      for (const field of [undefined, '', 'urn:hid:00000000-0000-0000-0000-000000000000']) {
        const fields = { grant_type: 'password', ...PASSWORD }
        for (const path of ['code', 'consent', 'portal']) {
          const endpoint = { name: path, method: 'POST', path, fields } as const
          const reply = await tried(ground, endpoint, requestUri, person.name, { field }, more)
          expect([path, field, isRefused(reply)]).toEqual([path, field, true])
        }
      }
    }
    expect(await rowOf(requestUri)).toEqual(before)
  })

  test('P6: two tabs, two logins: neither takes anything from the other', async () => {
    const [one, other] = [await pushed(ground, client), await pushed(ground, client)]
    const left = await visited(one)
    const right = left.copy()
    await right.visit(client, other)
    for (const [name, value] of right.cookies) left.cookies.set(name, value)
    expect((await first(left)).body.error).toBe('step_up_required')
    expect((await first(right, attacker)).body.error).toBe('step_up_required')
    // The value of one is none of the other.
    const swapped = left.copy()
    swapped.csrf = right.csrf
    expect((await second(swapped)).status).toBe(403)
    expect((await second(left)).status).toBe(200)
    expect((await second(right, attacker)).status).toBe(200)
    expect([await subject(left), await subject(right)]).toEqual([person.name, attacker.name])
  })

  test('P6: two tabs, one login: the older page’s value is over after the step-up, and the page is told the new one', async () => {
    const one = await visited(await pushed(ground, client))
    const other = one.copy()
    await first(one)
    expect((await second(other)).status).toBe(403)
    const page = await other.get(`portal?request_uri=${encodeURIComponent(other.requestUri)}`)
    expect(page.status).toBe(200)
    expect(page.text).toContain(one.csrf ?? 'no value')
    expect((await second(one)).status).toBe(200)
  })

  test('P6: without a browser: for clients that keep a secret, with the value once something has happened', async () => {
    const api = new Browser(ground.world)
    api.requestUri = await pushed(ground, client)
    const end = (headers: Record<string, string> = {}) =>
      api.get(`code?request_uri=${encodeURIComponent(api.requestUri)}`, headers)
    expect((await api.code({ ...PASSWORD, username: person.name }, {})).body.error).toBe('step_up_required')
    expect((await api.code({ ...PIN, username: person.name }, {})).status).toBe(403)
    expect((await second(api)).status).toBe(200)
    // What no navigation can send is what it takes.
    expect((await end()).status).toBe(403)
    const done = await end({ 'server-csrf-token': api.csrf ?? '' })
    expect([done.status, done.headers.get('location')?.startsWith(`${REDIRECT}?`)]).toEqual([302, true])
    expect(done.headers.getSetCookie()).toEqual([])
  })

  test('P6: without a browser: not for a public client', async () => {
    const open = await portalClient(ground.world, ground.bearer, strict(), PUBLIC)
    const asked = { code_challenge: challengeOf(verifier()), code_challenge_method: 'S256' }
    const api = new Browser(ground.world)
    api.requestUri = await pushed(ground, open, asked)
    for (const reply of [await api.flow(), await first(api), await api.code({ grant_type: 'code_request' })]) {
      expect([reply.status, isRefused(reply)]).toEqual([403, true])
    }
    const made = new LoginSecrets(ground.world.ground.storeKeys.loginKey, ground.world.ground.random, hmac)
    // Even with a right value, which nobody but the server can compute.
    api.csrf = made.csrf(TENANT, loginIdOf(ground.world, api.requestUri), 0)
    expect((await first(api)).status).toBe(403)
  })

  test('P6: values of another tenant, login or time are none', () => {
    const { random } = ground.world.ground
    const secrets = new LoginSecrets(randomBytes(32), random, hmac)
    const value = secrets.csrf(1, 77, 3)
    expect(secrets.sameCsrf(value, 1, 77, 3)).toBe(true)
    for (const [tenant, login, generation] of [
      [2, 77, 3],
      [1, 78, 3],
      [1, 77, 2],
      [17, 7, 3],
      [1, 7, 73],
    ] as const) {
      expect(secrets.sameCsrf(value, tenant, login, generation)).toBe(false)
    }
    expect(new LoginSecrets(randomBytes(32), random, hmac).sameCsrf(value, 1, 77, 3)).toBe(false)
    expect(value).toMatch(/^urn:hid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  })

  test('P6: the cookie’s hash alone is in the store', async () => {
    const browser = await visited(await pushed(ground, client))
    const cookie = [...browser.cookies].find(([name]) => name.startsWith('login-'))?.[1] ?? ''
    expect(cookie).toHaveLength(43)
    const rows = await ask(ground.world, 'select * from login where tenant_number = ?1', TENANT)
    const texts = JSON.stringify(rows.map(plain))
    expect(texts).not.toContain(cookie)
    expect(texts).not.toContain(Buffer.from(cookie, 'base64url').toString('hex'))
    expect(cookieOf(browser)).toContain(cookie)
  })

  test('P3: what later calls say of the request changes nothing of it', async () => {
    const secret = verifier()
    const asked = { code_challenge: challengeOf(secret), code_challenge_method: 'S256', state: 'mine', nonce: 'mine' }
    const evil = {
      ...{
        response_type: 'id_token',
        response_mode: 'fragment',
        redirect_uri: 'https://evil.example/',
        scope: 'openid email',
      },
      ...{
        acr_values: 'acr_up',
        state: 'evil',
        nonce: 'evil',
        client_id: 'evil',
        code_challenge: challengeOf('x'.repeat(43)),
      },
      ...{
        prompt: 'none',
        max_age: '0',
        login_hint: attacker.name,
        user_id: '1',
        step: 'ready',
        first: 'x',
        second: 'y',
      },
      ...{ stepUp: 'notRequired', progress: '{"first":{},"second":{}}', workflow_id: 'ID_X', state_: '1', iss: 'evil' },
    }
    const tail = form(evil)
    const browser = new Browser(ground.world)
    browser.requestUri = await pushed(ground, client, asked)
    const uri = `request_uri=${encodeURIComponent(browser.requestUri)}`
    const { client_id: _, ...more } = evil
    expect((await browser.get(`login?${uri}&client_id=${client.id}&${form(more)}`)).status).toBe(302)
    browser.csrf = browser.cookies.get('server-csrf-token')
    const pushedRow = (await rowOf(browser.requestUri)).request
    const flow = await browser.call('GET', `flow?${uri}&username=${encodeURIComponent(person.name)}&${tail}`)
    expect(flow.body.progress.step).toBe('first')
    await browser.call('GET', `theme?${uri}&${tail}`)
    await browser.get(`portal?${uri}&${tail}`)
    const stepUp = await browser.code({ ...evil, ...PASSWORD, username: person.name })
    expect([stepUp.status, stepUp.body.error]).toEqual([400, 'step_up_required'])
    const early = await browser.get(`code?${uri}&${tail}`)
    expect([early.status, early.body.error]).toEqual([403, 'not_allowed'])
    expect((await browser.code({ ...evil, ...PIN, username: person.name })).status).toBe(200)
    const end = await browser.get(`code?${uri}&${tail}`)
    const back = new URL(end.headers.get('location') ?? '')
    expect([end.status, back.origin + back.pathname, back.hash]).toEqual([302, REDIRECT, ''])
    expect([...back.searchParams.keys()].sort()).toEqual(['code', 'iss', 'state'])
    expect(back.searchParams.get('state')).toBe('mine')
    expect((await rowOf(browser.requestUri)).request).toBe(pushedRow)
    const { client_id: __, redirect_uri: ___, ...rest } = evil
    const fields = {
      grant_type: 'authorization_code',
      code: back.searchParams.get('code') ?? '',
      redirect_uri: REDIRECT,
    }
    const proof = { authorization: basic(client.id, client.secret) }
    const { body } = await token(ground.world, { ...rest, ...fields, code_verifier: secret }, proof)
    const claims = JSON.parse(Buffer.from(body.id_token.split('.')[1], 'base64url').toString())
    expect(claims).toMatchObject({ sub: person.name, nonce: 'mine', acr: '2', aud: client.id, amr: ['pwd', 'mfa'] })
    expect(body.scope).toBe('openid profile')
  })
})

describe('over https', () => {
  const ORIGIN = 'https://sign-in.example'
  let ground: SignInWorld
  let world: World
  beforeAll(async () => {
    ground = await startSignIn('SQLite', { COUNTERSIGN_URL: ORIGIN })
    world = ground.world
  })
  afterAll(() => ground.close())

  test('P6, H7: the cookie is the host’s alone; one that a neighbour planted by the bare name holds nothing', async () => {
    const client = await portalClient(world, ground.bearer, strict())
    const attacker = await ground.person('AT_CUSTPWD', 'AT_EMPPIN')
    const requestUri = await pushed(ground, client)
    const his = new Browser(world)
    const visit = await his.visit(client, requestUri)
    const [csrf, own] = visit.headers.getSetCookie()
    expect(visit.headers.get('location')).toMatch(`${ORIGIN}/${world.demo.tenant}/authn/portal?`)
    expect(csrf).toMatch(/^server-csrf-token=urn:hid:[0-9a-f-]{36}; Path=\/; Expires=[^;]+; SameSite=Strict; Secure$/)
    expect(own).toMatch(
      /^__Host-login-[0-9a-f]{8}=[\w-]{43}; Path=\/; Expires=[^;]+; SameSite=Strict; Secure; HttpOnly$/,
    )
    expect((await his.code({ ...PASSWORD, username: attacker.name })).body.error).toBe('step_up_required')
    const planted = cookieOf(his, name => name.replace('__Host-', ''))
    const victim = await send(
      `${world.base}/${world.demo.tenant}/authn/login?${form({ request_uri: requestUri, client_id: client.id })}`,
      { headers: { cookie: planted } },
    )
    // Another browser: the half-done login of the attacker is gone.
    expect(victim.headers.getSetCookie().some(line => line.startsWith('__Host-login-'))).toBe(true)
    expect((await his.flow()).status).toBe(403)
  })
})
