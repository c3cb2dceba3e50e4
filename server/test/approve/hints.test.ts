/**
 * C8, H6: the hints of bcauthorize. `alg` none is read in `login_hint_token` and nowhere else, only from a client that has proved itself,
 * and only as parameters; an `id_token_hint` is our own, for this client, under our own key.
 */
import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask } from '../held-phone.ts'
import { clientToken, form, type Reply, send, startWorld, type World } from '../world.ts'
import { collect, giveClient, givePersonWithPhone, opened, type Person, type Phone, type TestClient } from './phones.ts'

let world: World
let bearer: string
let user: Person
let phone: Phone
let one: TestClient & { secret: string }
let other: TestClient
let idToken: string
const coded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const decoded = (part = '') => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>

beforeAll(async () => {
  world = await startWorld()
  bearer = await clientToken(world)
  const post = { token_endpoint_auth_method: 'client_secret_basic' }
  one = await clientOf(await giveClient(world, bearer, post))
  other = await giveClient(world, bearer, post)
  ;({ user, phone } = await givePersonWithPhone(world, bearer))
  idToken = await tokenFor(one)
})
afterAll(() => world.close())

const clientOf = async (client: TestClient) => {
  const [, secret = ''] = Buffer.from(client.authorization.slice(6), 'base64').toString().split(':')
  return { ...client, secret: decodeURIComponent(secret) }
}
async function tokenFor(client: TestClient): Promise<string> {
  const { handle, request } = await opened(world, client.bearer, user, phone)
  await phone.container.answer(request, 'accept')
  return (await collect(world, client.bearer, handle)).body.id_token
}
/** As a client of the standard, by its secret in the body. */
const standard = (fields: Record<string, string>, { id, secret } = one): Promise<Reply> =>
  send(`${world.base}/demo/authn/bcauthorize`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form({ scope: 'openid', client_id: id, client_secret: secret, binding_message: 'x', ...fields }),
  })

test('C8: an id_token_hint names its user; it is our own, and of this client', async () => {
  const right = await standard({ id_token_hint: idToken })
  expect(right.status, right.text).toBe(200)
  const foreign = await standard({ id_token_hint: await tokenFor(other) })
  expect([foreign.status, foreign.body.error]).toEqual([400, 'invalid_request'])
})

test('C8, H6: forged id_token_hints name nobody', async () => {
  const [head = '', body = '', signature = ''] = idToken.split('.')
  const header = decoded(head)
  const claims = decoded(body)
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const own = publicKey.export({ format: 'jwk' })
  const rsa = (more: object) => {
    const text = `${coded({ ...header, ...more })}.${body}`
    return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`
  }
  const hmac = (key: string) => {
    const text = `${coded({ ...header, alg: 'HS256' })}.${body}`
    return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`
  }
  const { keys } = (await send(`${world.base}/demo/authn/jwks`)).body
  const table: Record<string, string> = {
    'alg none': `${coded({ ...header, alg: 'none' })}.${body}.`,
    'alg NONE': `${coded({ ...header, alg: 'NONE' })}.${body}.`,
    'alg none, signature kept': `${coded({ ...header, alg: 'none' })}.${body}.${signature}`,
    'no header but none': `${coded({ alg: 'none' })}.${body}.`,
    'empty signature': `${head}.${body}.`,
    'zero signature': `${head}.${body}.AAAA`,
    'another user': `${head}.${coded({ ...claims, sub: world.demo.admin.externalId })}.${signature}`,
    'another client': `${head}.${coded({ ...claims, aud: other.id })}.${signature}`,
    'embedded jwk': rsa({ jwk: own }),
    'embedded jwk, no kid': rsa({ jwk: own, kid: undefined }),
    'kid traversal': rsa({ kid: '../../../../dev/null' }),
    'kid as SQL': rsa({ kid: "' or '1'='1" }),
    jku: rsa({ jku: 'https://evil.example/jwks' }),
    x5u: rsa({ x5u: 'https://evil.example/cert' }),
    'our kid, another key': rsa({}),
    'our key as an HMAC key': hmac(keys[0].n ?? keys[0].x),
    'no kid': `${coded({ ...header, kid: undefined })}.${body}.${signature}`,
    'four parts': `${idToken}.AAAA`,
    'a QR text': 'e30.e30.AAAA',
    'no JWT': 'hello',
  }
  for (const [name, hint] of Object.entries(table)) {
    const { status, body: said } = await standard({ id_token_hint: hint })
    expect([name, status, said.error]).toEqual([name, 400, 'invalid_request'])
  }
})

test('C8: a login_hint_token is parameters: signed or not it says nothing about who asks', async () => {
  const hint = { usercode: user.name, tds: 'x' }
  const sent = (login_hint_token: string, headers: Record<string, string>) =>
    send(`${world.base}/demo/authn/bcauthorize`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: form({ scope: 'openid', login_hint_token }),
    })
  const plain = `${coded({ alg: 'none' })}.${coded(hint)}.`
  expect((await sent(plain, {})).status).not.toBe(200)
  expect((await sent(plain, { authorization: 'Bearer nothing' })).status).toBe(401)
  expect((await sent(plain, { authorization: one.authorization })).status).not.toBe(200)
  for (const [name, token] of [
    ['NONE', `${coded({ alg: 'NONE' })}.${coded(hint)}.`],
    ['signed', `${coded({ alg: 'RS256' })}.${coded(hint)}.AAAA`],
    ['none with a signature', `${coded({ alg: 'none' })}.${coded(hint)}.AAAA`],
    ['no alg', `${coded({ typ: 'JWT' })}.${coded(hint)}.`],
    ['an array', `${coded({ alg: 'none' })}.${Buffer.from('[]').toString('base64url')}.`],
    ['five parts', `${plain}..`],
  ] as const) {
    const { status, body } = await sent(token, { authorization: `Bearer ${bearer}` })
    expect([name, status, body.error]).toEqual([name, 400, 'invalid_request'])
  }
  const claimed = await ask(world, one.bearer, {
    ...hint,
    client_id: world.demo.client.client_id,
    roles: 'RL_ORGADMIN',
  })
  expect(claimed.status).toBe(200)
  expect((await collect(world, bearer, claimed.body.auth_req_id)).body.error).toBe('invalid_grant')
})

test('C8: the unsigned answer is only for a client that registered it, and the audit keeps that', async () => {
  const plain = await giveClient(world, bearer, { hid_ciba_callback_format_plain: 'True' })
  world.pass(61)
  const token = await tokenFor(plain)
  expect(decoded(token.split('.')[0])).toMatchObject({ alg: 'none' })
  expect(decoded((await tokenFor(one)).split('.')[0]).alg).toBe('RS256')
  const refused = await standard({ id_token_hint: token })
  expect([refused.status, refused.body.error]).toEqual([400, 'invalid_request'])
})
