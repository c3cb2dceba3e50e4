/** Addresses in userinfo, only with the scope for them; and plain JSON for clients that registered so (tolerance G10). */
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { basic, engineNames, givePassword, makeUser, scim, send, startWorld, token, type World } from '../world.ts'
import { AskingWorld, type Registered } from './asking.ts'

const ATTRIBUTES = 'urn:hid:scim:api:idp:2.0:UserAttribute'

describe.each(engineNames)('on %s', engine => {
  let world: World
  let asking: AskingWorld
  let login: Record<string, string>
  beforeAll(async () => {
    world = await startWorld(engine)
    asking = await AskingWorld.open(world)
    const user = await makeUser(world, asking.bearer)
    const attributes = [
      { name: 'ATR_EMAIL', value: 'mara@mail.example' },
      { name: 'ATR_MOBILE', value: '+41790000000' },
    ]
    const written = await scim(world, asking.bearer, 'PUT', `/Users/${user.id}`, { [ATTRIBUTES]: { attributes } })
    expect([written.status, written.text]).toEqual([200, expect.any(String)])
    const password = await givePassword(world, asking.bearer, user.id)
    login = { grant_type: 'password', username: user.name, password, authType: 'AT_STDPWD' }
  })
  afterAll(() => world.close())

  async function userinfo(client: Registered, scope: string) {
    const { body } = await token(world, { ...login, scope }, { authorization: basic(client.id, client.secret) })
    return send(`${asking.issuer}/userinfo`, { headers: { authorization: `Bearer ${body.access_token}` } })
  }
  const verified = async (jwt: string) =>
    (await jwtVerify(jwt, createRemoteJWKSet(new URL(`${asking.issuer}/jwks`)), { issuer: asking.issuer })).payload

  test('email and phone_number by their scopes', async () => {
    const client = await asking.register({ scope: 'openid email phone' })
    const all = await verified((await userinfo(client, 'openid email phone')).text)
    expect(all).toMatchObject({ email: 'mara@mail.example', phone_number: '+41790000000' })
    const bare = await verified((await userinfo(client, 'openid phone')).text)
    expect(bare).not.toHaveProperty('email')
    expect(bare).toHaveProperty('phone_number')
  })

  test.each([
    ['', 'application/json;charset=UTF-8'],
    ['none', 'application/json;charset=UTF-8'],
    ['RS256', 'application/jwt; charset=UTF-8'],
    [undefined, 'application/jwt; charset=UTF-8'],
  ])('G10: registered as %j, it comes as %s', async (userinfo_signed_response_alg, type) => {
    const client = await asking.register({ scope: 'openid email', userinfo_signed_response_alg })
    const { status, headers, body, text } = await userinfo(client, 'openid email')
    expect([status, headers.get('content-type')]).toEqual([200, type])
    const claims = type.startsWith('application/json') ? body : await verified(text)
    expect(claims).toMatchObject({ sub: login.username, email: 'mara@mail.example' })
    expect(claims).not.toHaveProperty('phone_number')
  })
})
