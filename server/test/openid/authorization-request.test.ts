/**
 * What an authorization request becomes, what is refused and whether the client is told by redirect (rule P4: each strictness that
 * another provider had to repair is a line here). Redirect URIs have a test of their own, and so have request objects.
 */
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { basic, givePassword, makeUser, send, startWorld, type World } from '../world.ts'
import { AskingWorld, CHALLENGE, REDIRECT, type Registered } from './asking.ts'

let world: World
let asking: AskingWorld
let client: Registered
let open: Registered
beforeAll(async () => {
  world = await startWorld()
  asking = await AskingWorld.open(world)
  client = await asking.register({ scope: 'openid profile offline_access' })
  open = await asking.register({ token_endpoint_auth_method: 'none', grant_types: ['authorization_code'] })
})
afterAll(() => world.close())

const least = { response_type: 'code', redirect_uri: REDIRECT }
const hybrid = { ...least, response_type: 'code id_token', nonce: 'n-1' }
const judge = (more: object, at: 'par' | 'login' = 'login') =>
  asking.judge(client, { client_id: client.id, ...least, ...more }, at)

describe('taken', () => {
  test('the least, with what holds when nothing is said', async () => {
    expect(await judge({})).toEqual({
      request: {
        responseType: 'code',
        responseMode: 'query',
        redirectUri: REDIRECT,
        scope: 'openid profile',
        acrValues: [],
        issuer: asking.issuer,
      },
    })
  })

  test('everything', async () => {
    const all = {
      ...hybrid,
      response_mode: 'form_post',
      scope: 'profile openid address',
      state: 'a b&c=d"<é',
      code_challenge: CHALLENGE,
      code_challenge_method: 'S256',
      acr_values: 'urn:a  urn:b urn:a',
      login_hint: 'alice@demo.example',
      prompt: 'login consent',
      max_age: '0',
      ui_locales: 'de-CH en <script>',
      claims: '{"id_token":{}}',
      something: 'else',
    }
    expect(await judge(all)).toEqual({
      request: {
        responseType: 'code id_token',
        responseMode: 'form_post',
        redirectUri: REDIRECT,
        scope: 'profile openid',
        state: 'a b&c=d"<é',
        nonce: 'n-1',
        codeChallenge: CHALLENGE,
        acrValues: ['urn:a', 'urn:b'],
        loginHint: 'alice@demo.example',
        prompt: 'login consent',
        maxAge_seconds: 0,
        locales: 'de-CH en',
        issuer: asking.issuer,
      },
    })
  })

  test.each([
    ['code', undefined, 'query'],
    ['code', 'fragment', 'fragment'],
    ['code', 'form_post', 'form_post'],
    // The seed shows it so; a mode that is given wins.
    ['code id_token', undefined, 'query'],
    ['code,id_token', undefined, 'query'],
    ['id_token code', 'fragment', 'fragment'],
    ['code id_token', 'query', 'query'],
    ['id_token', undefined, 'fragment'],
    ['id_token', 'form_post', 'form_post'],
  ])('%s by %s comes by %s', async (response_type, response_mode, responseMode) => {
    const { request } = (await judge({ response_type, response_mode, nonce: 'n' })) as { request: object }
    expect(request).toMatchObject({
      responseMode,
      responseType: response_type.includes('code') ? expect.stringMatching(/^code/) : 'id_token',
    })
  })

  test('empty parameters count as none, in JSON also a number', async () => {
    expect(await judge({ state: '', nonce: '', scope: '', max_age: 30 })).toMatchObject({
      request: { maxAge_seconds: 30, scope: 'openid profile' },
    })
  })

  test('an id_token of ours says whom it is about, whatever the name beside it', async () => {
    const user = await makeUser(world, asking.bearer)
    await givePassword(world, asking.bearer, user.id)
    const { signingKeys } = world.ground
    const { number } = await asking.tenant()
    const claims = { iss: asking.issuer, sub: user.name, aud: client.id, exp: world.now_seconds() - 10 }
    const hint = await signingKeys.sign(number, claims)
    expect(decodeJwt(hint).sub).toBe(user.name)
    expect(await judge({ id_token_hint: hint, login_hint: 'bob' })).toMatchObject({ request: { loginHint: user.name } })
    const other = await signingKeys.sign(number, { ...claims, aud: open.id })
    for (const bad of [other, `${hint}x`, hint.replace(/\.[^.]+$/, '.'), 'x', 'a.b.c'])
      expect(await judge({ id_token_hint: bad })).toMatchObject({
        code: 'invalid_request',
        back: { redirectUri: REDIRECT },
      })
  })
})

describe('P4: refused, and the client is told', () => {
  test.each<[string, Record<string, unknown>, string, string?]>([
    ['no response type', { response_type: undefined }, 'invalid_request'],
    ['the response type of the implicit grant', { response_type: 'token' }, 'unsupported_response_type', 'fragment'],
    ['with an access token', { response_type: 'code id_token token' }, 'unsupported_response_type', 'fragment'],
    [
      'with an access token for an id_token',
      { response_type: 'id_token token' },
      'unsupported_response_type',
      'fragment',
    ],
    ['none', { response_type: 'none' }, 'unsupported_response_type'],
    ['a word twice', { response_type: 'code code' }, 'unsupported_response_type'],
    ['a comma alone', { response_type: ',' }, 'unsupported_response_type'],
    ['another case', { response_type: 'Code' }, 'unsupported_response_type'],
    ['a mode that is a JWT', { response_mode: 'form_post.jwt' }, 'invalid_request'],
    ['an unknown mode', { response_mode: 'web_message' }, 'invalid_request'],
    [
      'an id_token alone in the query',
      { response_type: 'id_token', nonce: 'n', response_mode: 'query' },
      'invalid_request',
    ],
    ['a hybrid without nonce', { response_type: 'code id_token' }, 'invalid_request'],
    ['an id_token without nonce', { response_type: 'id_token' }, 'invalid_request', 'fragment'],
    ['a hybrid without openid', { ...hybrid, scope: 'profile' }, 'invalid_scope'],
    ['scopes of others only', { scope: 'admin account' }, 'invalid_scope'],
    ['the scope of refresh tokens alone', { scope: 'offline_access' }, 'invalid_scope'],
    ['a challenge in the clear', { code_challenge: CHALLENGE, code_challenge_method: 'plain' }, 'invalid_request'],
    ['a challenge without method', { code_challenge: CHALLENGE }, 'invalid_request'],
    ['a method in another case', { code_challenge: CHALLENGE, code_challenge_method: 's256' }, 'invalid_request'],
    ['a method without challenge', { code_challenge_method: 'S256' }, 'invalid_request'],
    ['a short challenge', { code_challenge: 'abc', code_challenge_method: 'S256' }, 'invalid_request'],
    ['a padded challenge', { code_challenge: `${CHALLENGE}=`, code_challenge_method: 'S256' }, 'invalid_request'],
    [
      'a challenge with spare bits',
      { code_challenge: `${CHALLENGE.slice(0, -1)}N`, code_challenge_method: 'S256' },
      'invalid_request',
    ],
    [
      'a challenge in plain base64',
      { code_challenge: `${CHALLENGE.slice(0, 41)}+M`, code_challenge_method: 'S256' },
      'invalid_request',
    ],
    ['an age below zero', { max_age: '-1' }, 'invalid_request'],
    ['an age that is no number', { max_age: '1e3' }, 'invalid_request'],
    ['an age with a sign', { max_age: '+5' }, 'invalid_request'],
    ['a fraction of an age', { max_age: 0.5 }, 'invalid_request'],
    ['nobody is asked', { prompt: 'none' }, 'login_required'],
    ['none beside another prompt', { prompt: 'none login' }, 'invalid_request'],
    ['an unknown prompt', { prompt: 'create' }, 'invalid_request'],
    ['too many classes', { acr_values: Array.from({ length: 21 }, (_, n) => `a${n}`).join(' ') }, 'invalid_request'],
    ['an address of a request', { request_uri: 'https://rp.example/request.jwt' }, 'request_uri_not_supported'],
  ])('%s', async (_, more, code, responseMode = 'query') => {
    const mode = typeof more.response_mode === 'string' && more.response_mode === 'query' ? 'query' : responseMode
    expect(await judge({ state: 's-1', ...more })).toMatchObject({
      code,
      back: { redirectUri: REDIRECT, state: 's-1', issuer: asking.issuer, responseMode: mode },
    })
  })

  test('a client that may not', async () => {
    const idle = await asking.register({}, null)
    const bare = await asking.register({ grant_types: ['client_credentials'] })
    const plain = await asking.register({ response_types: ['code'] })
    const usual = await asking.register({ response_types: undefined })
    const pushing = await asking.register({ require_pushed_authorization_requests: true })
    const back = { redirectUri: REDIRECT }
    expect(await asking.judge(idle, least)).toMatchObject({ code: 'unauthorized_client', back })
    expect(await asking.judge(bare, least)).toMatchObject({ code: 'unauthorized_client', back })
    for (const one of [plain, usual]) {
      expect(await asking.judge(one, hybrid)).toMatchObject({ code: 'unauthorized_client', back })
      expect(await asking.judge(one, least)).toHaveProperty('request')
    }
    expect(await asking.judge(pushing, least)).toMatchObject({ code: 'invalid_request', back })
    expect(await asking.judge(pushing, least, 'par')).toHaveProperty('request')
  })

  test('public clients send a challenge, and always when they push', async () => {
    const proof = { code_challenge: CHALLENGE, code_challenge_method: 'S256' }
    const alone = { ...least, response_type: 'id_token', nonce: 'n' }
    for (const parameters of [least, hybrid]) {
      expect(await asking.judge(open, parameters)).toMatchObject({ code: 'invalid_request' })
      expect(await asking.judge(open, { ...parameters, ...proof })).toHaveProperty('request')
    }
    expect(await asking.judge(open, alone)).toHaveProperty('request')
    expect(await asking.judge(open, alone, 'par')).toMatchObject({ code: 'invalid_request' })
    expect(await asking.judge(open, { ...alone, ...proof }, 'par')).toHaveProperty('request')
  })

  test('a pushed request names no other', async () => {
    const uri = 'urn:hid:6f1c0a52-3b7e-4c1d-9a44-0e2b7d5f8c31'
    expect(await judge({ request_uri: uri }, 'par')).toMatchObject({ code: 'invalid_request' })
  })
})

describe('P4: refused, and nobody is told', () => {
  test.each<[string, Record<string, unknown>]>([
    ['another client', { client_id: 'somebody' }],
    ['a client that is a list', { client_id: ['x'] }],
    ['a state that is a list', { state: ['a', 'b'] }],
    ['a state that is an object', { state: { toString: 'x' } }],
    ['a state that is a number', { state: 1 }],
    ['a scope that is null', { scope: null }],
    ['a nonce that is a truth', { nonce: true }],
    ['a state with a line break', { state: 'a\r\nset-cookie: x' }],
    ['a nonce with an escape', { nonce: '\u001b[2J' }],
    ['a long state', { state: 'x'.repeat(2049) }],
    ['a long nonce', { nonce: 'x'.repeat(1025) }],
    ['a long scope', { scope: 'openid '.repeat(200) }],
    ['a long name', { login_hint: 'x'.repeat(256) }],
    ['a long age', { max_age: '1'.repeat(10) }],
    ['a long mode', { response_mode: 'x'.repeat(65) }],
    ['many parameters', Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`x${n}`, 'y']))],
  ])('%s', async (_, more) => {
    expect(await judge(more)).toMatchObject({ code: 'invalid_request', back: undefined })
  })

  test('a parameter by the prototype is none', async () => {
    const parameters = Object.create({ ...least, state: 'inherited' })
    expect(await asking.judge(client, parameters)).toMatchObject({ code: 'invalid_request', back: undefined })
  })

  test('a client that was disabled', async () => {
    const disabled = { ...client, known: { ...client.known, obstacle: 'client_disabled' } }
    expect(await asking.judge(disabled, least)).toMatchObject({ code: 'unauthorized_client', back: undefined })
  })

  test.each([
    ['a parameter twice in the body', 'response_type=code&response_type=code', ''],
    ['in body and query', 'response_type=code', '?response_type=code'],
    ['twice in the query', 'response_type=code', '?state=a&state=b'],
    ['broken escapes', 'response_type=code&state=%zz', ''],
    ['65 parameters', `response_type=code&${Array.from({ length: 64 }, (_, n) => `a${n}=1`).join('&')}`, ''],
  ])('%s, at par', async (_, body, query) => {
    const authorization = basic(client.id, client.secret)
    const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await send(`${asking.issuer}/par${query}`, { method: 'POST', headers, body })
    expect([answer.status, answer.body.error]).toEqual([400, 'invalid_request'])
  })
})
