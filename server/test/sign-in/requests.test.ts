/** P2, P5: a pushed request is its client's and ends once; its code becomes tokens once, and takes them along when it is shown again. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { basic, engineNames, type Reply, scim, send, token } from '../world.ts'
import { Browser, type PortalClient, portalClient, REDIRECT, sample } from './browser.ts'
import { challengeOf, pushed, verifier } from './explore.ts'
import { PASSWORDS, type SignInWorld, type SomeBody, startSignIn } from './people.ts'
import { ask, loginIdOf, loginRow, TENANT } from './rows.ts'

const MINUTE = 60
const PASSWORD = { authType: 'AT_CUSTPWD', password: PASSWORDS.AT_CUSTPWD }

describe.each(engineNames)('on %s', engine => {
  let ground: SignInWorld
  let client: PortalClient
  let other: PortalClient
  let person: SomeBody
  beforeAll(async () => {
    ground = await startSignIn(engine)
    const { world, bearer } = ground
    client = await portalClient(world, bearer, sample('password-push-automatic'))
    other = await portalClient(world, bearer, sample('password-push-automatic'))
    person = await ground.person('AT_CUSTPWD')
  })
  afterAll(() => ground.close())

  const visited = async (requestUri: string) => {
    const browser = new Browser(ground.world)
    const reply = await browser.visit(client, requestUri)
    return { browser, reply }
  }
  const prove = (browser: Browser) => browser.code({ ...PASSWORD, username: person.name })
  const stands = async (requestUri: string) => {
    const { state, progress } = await loginRow(ground.world, loginIdOf(ground.world, requestUri))
    return [
      state,
      Object.keys(JSON.parse(String(progress)))
        .sort()
        .join(' '),
    ]
  }
  const isOver = ({ status, body }: Reply) => expect([status, body.error]).toEqual([400, 'invalid_request_uri'])

  test('P2: it belongs to the client that pushed it', async () => {
    const requestUri = await pushed(ground, client)
    isOver(await new Browser(ground.world).visit(other, requestUri))
    isOver(await new Browser(ground.world).visit({ id: 'nobody' }, requestUri))
    expect((await visited(requestUri)).reply.status).toBe(302)
  })

  test('P2: it is no request_uri of our own making: a guessed one, or an address', async () => {
    const browser = new Browser(ground.world)
    for (const uri of [
      'urn:hid:00000000-0000-0000-0000-000000000000',
      'urn:hid:x',
      `urn:hid:${client.id}`,
      'urn:hid:',
    ]) {
      expect((await browser.visit(client, uri)).status).toBe(400)
    }
    for (const uri of ['https://evil.example/request', 'urn:ietf:params:oauth:request_uri:x', 'data:text/plain,x']) {
      const { status, headers } = await browser.visit(client, uri)
      expect([status, headers.get('location')]).toEqual([400, null])
    }
  })

  test('P2: visits before the end use nothing up, the end does', async () => {
    const requestUri = await pushed(ground, client)
    await visited(requestUri)
    const { browser } = await visited(requestUri)
    expect((await prove(browser)).status).toBe(200)
    await browser.visit(client, requestUri)
    expect(await stands(requestUri)).toEqual(['OPEN', 'first user'])
    expect((await browser.end()).get('code')).toBeTruthy()
    isOver(await browser.visit(client, requestUri))
    isOver(await browser.flow(person.name))
    isOver(await prove(browser))
    isOver(await browser.code({ grant_type: 'code_request' }))
    isOver(await browser.get(`code?request_uri=${encodeURIComponent(requestUri)}`))
    isOver(await browser.consent([]))
  })

  test('P2: ended twice at once, there is one code', async () => {
    const { browser } = await visited(await pushed(ground, client))
    await prove(browser)
    const ends = await Promise.all(
      Array.from({ length: 10 }, () => browser.copy().code({ grant_type: 'code_request' })),
    )
    expect(ends.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(ends.filter(({ body }) => body.code)).toHaveLength(1)
  })

  test('P5: twenty at once: one becomes tokens; shown again, it takes them along', async () => {
    const secret = verifier()
    const asked = { code_challenge: challengeOf(secret), code_challenge_method: 'S256' }
    const { browser } = await visited(await pushed(ground, client, asked))
    await prove(browser)
    const code = (await browser.end()).get('code') ?? ''
    const redeem = (more: Record<string, string | undefined> = {}, by: PortalClient = client) => {
      const fields = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT, code_verifier: secret, ...more }
      const given = Object.entries(fields).filter((one): one is [string, string] => one[1] !== undefined)
      return token(ground.world, Object.fromEntries(given), { authorization: basic(by.id, by.secret) })
    }
    const wrong = await Promise.all([
      redeem({}, other),
      redeem({ redirect_uri: `${REDIRECT}/` }),
      redeem({ redirect_uri: REDIRECT.toUpperCase() }),
      redeem({ code_verifier: undefined }),
      redeem({ code_verifier: verifier() }),
      redeem({ code_verifier: challengeOf(secret) }),
      redeem({ code: `${code.slice(0, -2)}AA` }),
      redeem({ code: code.toLowerCase() }),
    ])
    for (const { status, body } of wrong) expect([status, body.error]).toEqual([400, 'invalid_grant'])
    const [first, ...all] = wrong
    for (const { body } of all) expect(body).toEqual(first?.body)

    const twenty = await Promise.all(Array.from({ length: 20 }, () => redeem()))
    const good = twenty.filter(({ status }) => status === 200)
    expect(good).toHaveLength(1)
    for (const { status, body } of twenty) {
      if (status !== 200) expect([status, body.error]).toEqual([400, 'invalid_grant'])
    }
    const look = () =>
      send(`${ground.world.base}/${ground.world.demo.tenant}/authn/userinfo`, {
        headers: { authorization: `Bearer ${good[0]?.body.access_token}` },
      })
    // A stranger who shows it does not end what it became.
    await redeem({}, other)
    expect((await redeem()).status).toBe(400)
    expect((await look()).status).toBe(401)
  })

  test('P5: a code that only another client shows again leaves the session alone', async () => {
    const { browser } = await visited(await pushed(ground, client))
    await prove(browser)
    const code = (await browser.end()).get('code') ?? ''
    const fields = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT }
    const { body } = await token(ground.world, fields, { authorization: basic(client.id, client.secret) })
    expect((await token(ground.world, fields, { authorization: basic(other.id, other.secret) })).status).toBe(400)
    const info = await send(`${ground.world.base}/${ground.world.demo.tenant}/authn/userinfo`, {
      headers: { authorization: `Bearer ${body.access_token}` },
    })
    expect(info.status).toBe(200)
  })

  const coded = async (who = person) => {
    const { browser } = await visited(await pushed(ground, client))
    await browser.code({ ...PASSWORD, username: who.name })
    const code = (await browser.end()).get('code') ?? ''
    const fields = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT }
    return () => token(ground.world, fields, { authorization: basic(client.id, client.secret) })
  }

  test('P5: the tenant changed on another node meanwhile: the code is not lost', async () => {
    const redeem = await coded()
    await ask(ground.world, 'update tenant set version = version + 1 where tenant_number = ?1', TENANT)
    expect((await redeem()).status).toBe(200)
    expect((await redeem()).status).toBe(400)
  })

  test.each<[string, (who: SomeBody) => Promise<Reply>]>([
    ['the user', ({ id }) => scim(ground.world, ground.bearer, 'PUT', `/Users/${id}`, { active: false })],
    [
      'his authenticator',
      ({ id }) =>
        scim(ground.world, ground.bearer, 'PUT', `/Authenticator/${id}.AT_CUSTPWD`, { status: { status: 'DISABLED' } }),
    ],
  ])('C1: %s was disabled after the end: the code is worth nothing', async (_, disable) => {
    const who = await ground.person('AT_CUSTPWD')
    const redeem = await coded(who)
    expect((await disable(who)).status).toBe(200)
    const { status, body } = await redeem()
    expect([status, body.error, body.access_token]).toEqual([400, 'invalid_grant', undefined])
  })

  /** Last: the clock does not go back. */
  describe('clocks', () => {
    test('P2, P5: five minutes to begin; then half an hour from step to step; a code lives for a minute', async () => {
      const [unused, used, idle] = [
        await pushed(ground, client),
        await pushed(ground, client),
        await pushed(ground, client),
      ]
      const redeem = await coded()
      const late = await coded()
      ground.world.pass(MINUTE - 5)
      expect((await redeem()).status).toBe(200)
      ground.world.pass(10)
      expect((await late()).body.error).toBe('invalid_grant')
      ground.world.pass(4 * MINUTE - 10)
      const { browser, reply } = await visited(used)
      expect(reply.status).toBe(302)
      expect((await visited(idle)).reply.status).toBe(302)
      ground.world.pass(10)
      isOver((await visited(unused)).reply)
      // What a visit began is not measured by the clock of the request.
      ground.world.pass(29 * MINUTE)
      expect((await prove(browser)).status).toBe(200)
      ground.world.pass(29 * MINUTE)
      isOver((await visited(idle)).reply)
      expect((await browser.end()).get('code')).toBeTruthy()
    })

    test('P2: two hours in all, however busy', async () => {
      const requestUri = await pushed(ground, client)
      const { browser } = await visited(requestUri)
      for (let n = 0; n < 5; n++) {
        ground.world.pass(23 * MINUTE)
        await browser.flow(n % 2 ? person.name : 'nobody@nowhere.example')
        await visited(requestUri).then(({ reply }) => expect([n, reply.status]).toEqual([n, 302]))
        await browser.visit(client, requestUri)
      }
      ground.world.pass(6 * MINUTE)
      isOver((await visited(requestUri)).reply)
    })
  })
})
