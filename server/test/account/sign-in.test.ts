/** The built-in client of the account page: what it can do, what nobody can do to it or in its place, and passwords changed with its token. */
import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Browser, portalClient, REDIRECT, sample } from '../sign-in/browser.ts'
import {
  api,
  clientToken,
  engineNames,
  giveAuthenticator,
  givePassword,
  giveToken,
  makeUser,
  otp,
  scim,
  send,
  startWorld,
  token,
  totpAt,
  type World,
} from '../world.ts'
import { ask, byPassword, signIn } from './signed-in.ts'

describe.each(engineNames)('on %s', engine => {
  let world: World
  let bearer: string
  beforeAll(async () => {
    world = await startWorld(engine)
  })
  beforeEach(async () => {
    bearer = await clientToken(world)
  })
  afterAll(() => world.close())

  const authn = () => `${world.base}/${world.demo.tenant}/authn`
  /** The public origin names the server localhost. */
  const self = () => `http://localhost:${new URL(world.base).port}/${world.demo.tenant}/account/`

  function asking(more: Record<string, string | undefined> = {}) {
    const verifier = randomBytes(32).toString('base64url')
    const asked = {
      ...{ client_id: 'account', response_type: 'code', redirect_uri: self(), scope: 'openid profile account' },
      ...{ state: 'abc', nonce: 'n', ui_locales: 'en', code_challenge_method: 'S256' },
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      ...more,
    }
    const given = Object.entries(asked).filter((entry): entry is [string, string] => entry[1] !== undefined)
    return { verifier, query: new URLSearchParams(given) }
  }

  const redeem = (code: string, verifier: string, more: Record<string, string> = {}) =>
    token(world, {
      ...{ grant_type: 'authorization_code', client_id: 'account', code, code_verifier: verifier },
      ...{ redirect_uri: self(), ...more },
    })

  async function signedIn(username: string, password: string, code?: string) {
    const { verifier, query } = asking()
    const browser = new Browser(world)
    const arrived = await browser.get(`login?${query}`)
    expect(arrived.status).toBe(302)
    browser.requestUri =
      new URL(arrived.headers.get('location') ?? '', world.base).searchParams.get('request_uri') ?? ''
    browser.csrf = browser.cookies.get('server-csrf-token')
    const proved = await browser.code({ authType: 'AT_STDPWD', username, password })
    expect([proved.status, proved.body.error]).toEqual(
      code === undefined ? [200, undefined] : [400, 'step_up_required'],
    )
    if (code !== undefined) {
      const second = await browser.code({ authType: 'AT_OTP', username, password: code })
      expect([second.status, second.text]).toEqual([200, expect.any(String)])
    }
    return { verifier, answer: await browser.end() }
  }

  test('signs a person in by his password and gets a token that opens his account', async () => {
    const user = await makeUser(world, bearer)
    const password = await givePassword(world, bearer, user.id)
    const { verifier, answer } = await signedIn(user.name, password)
    expect(answer.get('state')).toBe('abc')
    const code = answer.get('code') ?? ''
    const { status, body } = await redeem(code, verifier)
    expect([status, body.token_type]).toEqual([200, 'Bearer'])
    const profile = await ask(world, body.access_token, 'GET', 'profile')
    expect(profile.body).toMatchObject({ user_name: user.name, sign_ins: [{ policy: 'AT_STDPWD', device: null }] })
    expect((await ask(world, body.access_token, 'GET', 'devices')).body.changes).toBe('allowed')
    // P5: the same code again takes the token back.
    expect((await redeem(code, verifier)).body.error).toBe('invalid_grant')
    expect((await ask(world, body.access_token, 'GET', 'profile')).status).toBe(401)
  })

  test('asks for the code of a token where the person has one, which then may change devices', async () => {
    const user = await makeUser(world, bearer)
    const password = await givePassword(world, bearer, user.id)
    await giveAuthenticator(world, bearer, user.id)
    const { deviceId, seed } = await giveToken(world, bearer, user.id)
    const { verifier, answer } = await signedIn(user.name, password, totpAt(seed, world.now_seconds()))
    const { body } = await redeem(answer.get('code') ?? '', verifier)
    const { body: own } = await ask(world, body.access_token, 'GET', 'devices')
    expect(own).toMatchObject({ changes: 'allowed', devices: [{ id: deviceId, signed_in_with: true }] })
  })

  test('its code is nothing without the verifier, and goes to its one address only', async () => {
    const user = await makeUser(world, bearer)
    const password = await givePassword(world, bearer, user.id)
    const { answer } = await signedIn(user.name, password)
    const other = randomBytes(32).toString('base64url')
    expect((await redeem(answer.get('code') ?? '', other)).body.error).toBe('invalid_grant')
    const wrong = [
      asking({ redirect_uri: self().replace('localhost', '127.0.0.1') }),
      asking({ redirect_uri: self().slice(0, -1) }),
      asking({ redirect_uri: `${self()}?x=1` }),
      asking({ redirect_uri: undefined }),
    ]
    for (const { query } of wrong) {
      const { status, headers } = await send(`${authn()}/login?${query}`)
      expect([query.get('redirect_uri'), status, headers.get('location')]).toEqual([
        query.get('redirect_uri'),
        400,
        null,
      ])
    }
    const plain = await send(
      `${authn()}/login?${asking({ code_challenge: undefined, code_challenge_method: undefined }).query}`,
    )
    expect(new URL(plain.headers.get('location') ?? '').searchParams.get('error')).toBe('invalid_request')
    const scoped = await send(`${authn()}/login?${asking({ scope: 'hid-tx-sign' }).query}`)
    expect(new URL(scoped.headers.get('location') ?? '').searchParams.get('error')).toBe('invalid_scope')
  })

  test('R1: no other client may ask for its scope, and no other grant works for it', async () => {
    const asked = { scope: 'openid account', redirect_uris: [REDIRECT], grant_types: ['authorization_code'] }
    const registered = await api(world, bearer, 'POST', `/${world.demo.tenant}/authn/register`, asked)
    expect([registered.status, registered.body.error]).toEqual([400, 'invalid_client_metadata'])
    const client = await portalClient(world, bearer, sample('password-or-otp'))
    const query = asking({ client_id: client.id, redirect_uri: REDIRECT, scope: 'account' }).query
    const refused = await send(`${authn()}/login?${query}`)
    expect(new URL(refused.headers.get('location') ?? '').searchParams.get('error')).toBe('invalid_scope')
    for (const more of [
      { grant_type: 'client_credentials' },
      { grant_type: 'password', username: 'alice', password: 'x', authType: 'AT_STDPWD' },
      { grant_type: 'urn:openid:params:grant-type:ciba', auth_req_id: 'x' },
      { grant_type: 'client_credentials', client_secret: 'x' },
    ]) {
      const { status, body } = await token(world, { client_id: 'account', ...more })
      expect([more, status, body.error]).toEqual([
        more,
        400,
        expect.stringMatching(/^(invalid_client|unauthorized_client|invalid_grant)$/),
      ])
    }
  })

  test('an administrator can neither see, take nor remove it', async () => {
    for (const method of ['GET', 'DELETE']) {
      const { status } = await api(world, bearer, method, `/${world.demo.tenant}/authn/register/account`)
      expect([method, status]).toEqual([method, 404])
    }
    const found = await scim(world, bearer, 'POST', '/Users/.search', { filter: 'externalId eq "account"' })
    expect(found.body.totalResults).toBe(0)
    // A user may be called so; nothing of the client is his.
    const made = await scim(world, bearer, 'POST', '/Users', { userName: 'account', externalId: 'account' })
    expect(made.status).toBe(201)
    expect((await send(`${authn()}/login?${asking().query}`)).status).toBe(302)
  })

  test('signing out ends this session and no other', async () => {
    const user = await makeUser(world, bearer)
    const [one, two] = [await signIn(world, user.id, byPassword), await signIn(world, user.id, byPassword)]
    expect((await one.call('DELETE', 'session')).status).toBe(204)
    expect((await one.call('GET', 'profile')).body.error).toBe('invalid_token')
    expect((await two.call('GET', 'profile')).status).toBe(200)
  })

  describe('passwords', () => {
    const change = (old_password: string, new_password: string, policy = 'AT_STDPWD') => ({
      ...{ policy, old_password, new_password },
    })

    test('are listed with their rules; a temporary one is not offered', async () => {
      const user = await makeUser(world, bearer)
      await givePassword(world, bearer, user.id)
      await givePassword(world, bearer, user.id, 'AT_TEMPPWD')
      await giveToken(world, bearer, user.id)
      const { text, body } = await (await signIn(world, user.id, byPassword)).call('GET', 'passwords')
      expect(body.passwords).toMatchObject([{ policy: 'AT_STDPWD', name: 'Standard password', last_used_at: null }])
      const [{ constraints, expires_at }] = body.passwords
      expect(constraints).toMatchObject({ minLength: 8, notBlackListed: true, notOldPassword: true })
      expect(Date.parse(expires_at)).toBeGreaterThan(world.now_seconds() * 1000)
      expect(text).not.toContain('argon2')
    })

    test('are changed by the old one; a rule that is broken is named, and every session is over', async () => {
      const user = await makeUser(world, bearer)
      const old = await givePassword(world, bearer, user.id)
      const me = await signIn(world, user.id, byPassword)
      const wrong = await me.call('POST', 'password', change('wrong', 'Tr0ubadour-Xk-91'))
      expect([wrong.status, wrong.body.error]).toEqual([400, 'invalid_grant'])
      const weak = await me.call('POST', 'password', change(old, 'password'))
      expect([weak.status, weak.body.error]).toEqual([400, 'password_not_allowed'])
      expect(weak.body.broken).toContain('notBlackListed')
      const same = await me.call('POST', 'password', change(old, old))
      expect(same.body.broken).toEqual(['notOldPassword'])
      expect((await me.call('POST', 'password', change(old, 'Tr0ubadour-Xk-91'))).status).toBe(204)
      expect((await me.call('GET', 'profile')).status).toBe(401)
      const by = { authType: 'AT_STDPWD', noToken: '1' }
      expect((await otp(world, bearer, user.name, old, by)).status).toBe(400)
      expect((await otp(world, bearer, user.name, 'Tr0ubadour-Xk-91', by)).status).toBe(200)
    })

    test('R1: wrong old ones are counted and block, and only one’s own can be changed', async () => {
      const user = await makeUser(world, bearer)
      const old = await givePassword(world, bearer, user.id)
      const me = await signIn(world, user.id, byPassword)
      for (let n = 0; n < 8; n++) await me.call('POST', 'password', change(`wrong ${n}`, 'Tr0ubadour-Xk-91'))
      expect((await me.call('POST', 'password', change(old, 'Tr0ubadour-Xk-91'))).body.error).toBe('invalid_grant')
      const stranger = await makeUser(world, bearer)
      const secret = await givePassword(world, bearer, stranger.id)
      expect((await me.call('POST', 'password', change(secret, 'Tr0ubadour-Xk-91'))).body.error).toBe('invalid_grant')
      for (const policy of ['AT_OTP', 'AT_NONE', 'AT_CUSTPWD']) {
        const { status } = await me.call('POST', 'password', change(old, 'Tr0ubadour-Xk-91', policy))
        expect([policy, status]).toEqual([policy, 400])
      }
    })
  })
})
