/** H3: what opens a login of one tenant opens nothing in another: its request_uri, csrf value, cookie, client, code. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NEIGHBOUR, type Side, twoTenants } from '../security/two-tenants.ts'
import { basic, engineNames, form, send, startWorld, type World } from '../world.ts'
import { Browser, portalClient, push, REDIRECT, sample } from './browser.ts'

describe.each(engineNames)('on %s', engine => {
  let world: World
  let mine: Side

  beforeAll(async () => {
    world = await startWorld(engine)
    mine = (await twoTenants(world)).mine
  })
  afterAll(() => world.close())

  test('H3: a login of ours is not known to the neighbour, whatever of it is shown there', async () => {
    const client = await portalClient(world, mine.bearer, sample('password-push-automatic'))
    const browser = new Browser(world)
    await browser.visit(client, await push(world, client, { login_hint: 'somebody@example.org' }))
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const shown = { 'server-csrf-token': browser.csrf ?? '', cookie }
    const there = `${world.base}/${NEIGHBOUR}/authn`
    const query = new URLSearchParams({ request_uri: browser.requestUri, client_id: client.id })
    for (const path of ['login', 'flow', 'theme', 'consent', 'code']) {
      const { status, body } = await send(`${there}/${path}?${query}`, { headers: shown })
      expect([path, status, body.error]).toEqual([path, 400, 'invalid_request_uri'])
    }
    const fields = { request_uri: browser.requestUri, authType: 'AT_CUSTPWD', username: 'x', password: 'y' }
    const posts: [string, string, Record<string, string>][] = [
      ['POST', 'code', { ...fields, grant_type: 'password' }],
      ['POST', 'enroll/code', { ...fields, grant_type: 'password' }],
      ['PUT', 'consent', { ...fields, sharings: '[]' }],
      ['POST', 'consent', { ...fields, sharings: '[]' }],
      ['POST', 'login', { request_uri: browser.requestUri, client_id: client.id }],
    ]
    for (const [method, path, body] of posts) {
      const reply = await send(`${there}/${path}`, {
        method,
        headers: { ...shown, 'content-type': 'application/x-www-form-urlencoded' },
        body: form(body),
      })
      expect([path, reply.status, reply.body.error]).toEqual([path, 400, 'invalid_request_uri'])
    }
    for (const [key, step] of [
      ['card', 'getchallenge'],
      ['card', 'registercredential'],
      ['fido', 'getcredentialoptions'],
      ['fido', 'registercredential'],
    ]) {
      const body = { ...fields, enroll_step: step, credential: { csn: '04A2B3C4', type: 'Seos' } }
      const reply = await send(`${there}/enroll/${key}`, {
        method: 'POST',
        headers: { ...shown, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      expect([step, reply.status, reply.body.error]).toEqual([step, 400, 'invalid_request_uri'])
    }
    const page = await send(`${there}/portal?${query}&again=1`, { headers: shown })
    expect(page.text).not.toContain(browser.csrf)
    expect((await browser.flow()).status).toBe(400)
  })

  test('H3: our client pushes nothing there, and a code of ours is none there', async () => {
    const client = await portalClient(world, mine.bearer, sample('password-push-automatic'))
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: basic(client.id, client.secret),
    }
    const asked = { scope: 'openid', response_type: 'code', client_id: client.id, redirect_uri: REDIRECT }
    const par = await send(`${world.base}/${NEIGHBOUR}/authn/par`, { method: 'POST', headers, body: form(asked) })
    expect([par.status, par.body.error]).toEqual([401, 'invalid_client'])
    const standard = await send(`${world.base}/${NEIGHBOUR}/authn/login?${new URLSearchParams(asked)}`)
    expect([standard.status, standard.body.error]).toEqual([400, 'invalid_request'])
    const code = form({ grant_type: 'authorization_code', code: 'A'.repeat(40), redirect_uri: REDIRECT })
    const token = await send(`${world.base}/${NEIGHBOUR}/authn/token`, { method: 'POST', headers, body: code })
    expect([token.status, token.body.error]).toEqual([401, 'invalid_client'])
  })
})
