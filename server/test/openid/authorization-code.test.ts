/**
 * What an authorization code is bound to: its client, its redirect URI, the verifier of its challenge, its first use and its time.
 * RFC 6749 section 4.1.3, RFC 7636 section 4.6, rule P5.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Browser } from '../sign-in/browser.ts'
import { basic, engineNames, form, givePassword, makeUser, send, startWorld, token, type World } from '../world.ts'
import { AskingWorld, CHALLENGE, REDIRECT, type Registered, VERIFIER } from './asking.ts'

const proof = { code_challenge: CHALLENGE, code_challenge_method: 'S256' }

describe.each(engineNames)('on %s', engine => {
  let world: World
  let asking: AskingWorld
  let client: Registered
  let person: { name: string; password: string }
  beforeAll(async () => {
    world = await startWorld(engine)
    asking = await AskingWorld.open(world)
    client = await asking.register()
    const user = await makeUser(world, asking.bearer)
    person = { name: user.name, password: await givePassword(world, asking.bearer, user.id) }
  })
  afterAll(() => world.close())

  const by = ({ id, secret }: Registered) => ({ authorization: basic(id, secret) })
  async function codeOf(more: Record<string, string> = {}): Promise<string> {
    const pushed = await send(`${asking.issuer}/par`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...by(client) },
      body: form({ response_type: 'code', redirect_uri: REDIRECT, scope: 'openid', ...more }),
    })
    const browser = new Browser(world)
    await browser.visit(client, pushed.body.request_uri)
    await browser.code({ authType: 'AT_STDPWD', username: person.name, password: person.password })
    return (await browser.end()).get('code') ?? ''
  }
  const redeem = (code: string, more: Record<string, string> = {}, headers: Record<string, string> = by(client)) =>
    token(world, { grant_type: 'authorization_code', code, ...more }, headers)
  const opens = async (bearer: string) =>
    (await send(`${asking.issuer}/userinfo`, { headers: { authorization: `Bearer ${bearer}` } })).status

  test('becomes tokens', async () => {
    const { status, body } = await redeem(await codeOf(), { redirect_uri: REDIRECT, client_id: client.id })
    expect([status, Object.keys(body).sort()]).toEqual([
      200,
      ['access_token', 'expires_in', 'id_token', 'scope', 'token_type'],
    ])
    expect(await opens(body.access_token)).toBe(200)
  })

  test('without openid there is no id_token', async () => {
    const { body } = await redeem(await codeOf({ scope: 'profile' }), { redirect_uri: REDIRECT })
    expect([body.scope, body.id_token]).toEqual(['profile', undefined])
  })

  test('a verifier does where no redirect URI is repeated, and nothing does for both', async () => {
    const code = await codeOf(proof)
    expect((await redeem(code)).body.error).toBe('invalid_request')
    expect((await redeem(code, { code_verifier: VERIFIER })).status).toBe(200)
  })

  test.each<[string, Record<string, string>, Record<string, string>]>([
    ['another redirect URI', {}, { redirect_uri: `${REDIRECT}/` }],
    [
      'another redirect URI beside the verifier',
      proof,
      { redirect_uri: 'https://rp.example/', code_verifier: VERIFIER },
    ],
    ['the challenge was sent, the verifier is not', proof, { redirect_uri: REDIRECT }],
    ['the verifier is sent, the challenge was not', {}, { redirect_uri: REDIRECT, code_verifier: VERIFIER }],
    ['another verifier', proof, { redirect_uri: REDIRECT, code_verifier: VERIFIER.replace('d', 'e') }],
    ['the challenge as verifier', proof, { redirect_uri: REDIRECT, code_verifier: CHALLENGE }],
    ['a verifier that is too short', proof, { redirect_uri: REDIRECT, code_verifier: 'x' }],
  ])('refused: %s', async (_, asked, shown) => {
    const code = await codeOf(asked)
    const { status, body } = await redeem(code, shown)
    expect([status, body.error, body.access_token]).toEqual([400, 'invalid_grant', undefined])
  })

  test('refused: another client, a stranger, no code, a code of nothing, an access token', async () => {
    const other = await asking.register()
    const code = await codeOf()
    const shown = { redirect_uri: REDIRECT }
    expect((await redeem(code, shown, by(other))).body.error).toBe('invalid_grant')
    expect((await redeem(code, { ...shown, client_id: client.id }, {})).body.error).toBe('invalid_client')
    expect((await redeem('', shown)).body.error).toBe('invalid_request')
    for (const none of ['x', code.slice(0, -1), `${code}A`, code.toLowerCase(), asking.bearer])
      expect((await redeem(none, shown)).body.error).toBe('invalid_grant')
    expect((await redeem(code, shown)).status).toBe(200)
  })

  test('refused: a client without the grant', async () => {
    const bare = await asking.register({ grant_types: ['client_credentials'] })
    expect((await redeem('x', { redirect_uri: REDIRECT }, by(bare))).body.error).toBe('unauthorized_client')
  })

  test('P5: works once, also when two come at once; shown again, it takes with it what it became', async () => {
    const code = await codeOf()
    const both = await Promise.all([redeem(code, { redirect_uri: REDIRECT }), redeem(code, { redirect_uri: REDIRECT })])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 400])
    expect((await redeem(code, { redirect_uri: REDIRECT })).body.error).toBe('invalid_grant')
    const { access_token } = both.find(({ status }) => status === 200)?.body ?? {}
    expect(await opens(access_token)).toBe(401)
  })

  test('is over after its time', async () => {
    const code = await codeOf()
    world.pass(600)
    expect((await redeem(code, { redirect_uri: REDIRECT })).body.error).toBe('invalid_grant')
  })
})
