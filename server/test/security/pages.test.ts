/** H7: the headers of each page and of each kind of answer, as a snapshot: nothing runs, nothing is framed, nothing is kept. */
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Inbox } from '#cli/inbox.ts'
import { inboxDoor } from '#cli/inbox-page.ts'
import { landingDoor } from '#cli/landing-page.ts'
import { peopleDoor } from '#cli/people-page.ts'
import { compose } from '#compose.ts'
import { openGround } from '#ground.ts'
import { readSettings } from '#settings/read.ts'
import { clientToken, type Reply, scim, send, startWorld, token, type World } from '../world.ts'

let world: World
let demo: { base: string; close(): Promise<void> }
beforeAll(async () => {
  world = await startWorld()
  demo = await startDemo()
})
afterAll(async () => {
  await world.close()
  await demo.close()
})

/** The server with the page that only the demo has. */
async function startDemo() {
  const { settings } = readSettings({ COUNTERSIGN_HOME: `${world.home}/page`, PORT: '0' })
  if (!settings) throw new Error('no settings')
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const ground = await openGround(settings, log)
  const { carrier, settle } = await compose(settings, ground, log, [
    landingDoor(() => undefined),
    inboxDoor(new Inbox()),
    peopleDoor({ world: () => undefined, office: () => undefined, now_ms: () => 0 }),
  ])
  const port = await carrier.listen(0, '127.0.0.1')
  return {
    base: `http://127.0.0.1:${port}`,
    async close() {
      await carrier.close()
      await settle()
      await ground.close()
    },
  }
}

const changing = new Set([
  'date',
  'x-correlation-id',
  'content-length',
  'keep-alive',
  'connection',
  'etag',
  'content-type',
])
const shown = ({ headers }: Reply) => Object.fromEntries([...headers].filter(([name]) => !changing.has(name)).sort())

const PAGES = [
  '/docs',
  '/docs.css',
  '/openapi.json',
  '/',
  '/demo.css',
  '/inbox',
  '/inbox.css',
  '/inbox.json',
  '/people',
  '/people.css',
]

describe('pages', () => {
  test.each(['/docs', '/', '/inbox', '/people'])('H7: %s: a policy without inline script, and no frame', async path => {
    const answer = await send(demo.base + path)
    expect(answer.status).toBe(200)
    const policy = answer.headers.get('content-security-policy') ?? ''
    expect(policy).toMatch(/default-src 'none'/)
    expect(policy).toMatch(/frame-ancestors 'none'/)
    expect(policy).toMatch(/base-uri 'none'/)
    expect(policy.replace(/img-src [^;]*/, '')).not.toMatch(/unsafe|\*|data:|blob:|https?:/)
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer')
    expect(answer.headers.get('x-frame-options')).toBe('DENY')
    expect(answer.headers.getSetCookie()).toEqual([])
  })

  test.each(['/docs', '/', '/inbox', '/people'])(
    'H7: %s: holds no script, no inline style, no handler, nothing from elsewhere',
    async path => {
      const { text } = await send(demo.base + path)
      expect(text).toMatch(/^<!doctype html>/)
      expect(text).not.toMatch(/<script|javascript:|<iframe|<object|<embed|<base|<form| on[a-z]+=| style="|<style/i)
      for (const [, address] of text.matchAll(/(?:src|href)="([^"]*)"/g))
        expect(address).toMatch(/^(#|\/|http:\/\/localhost:\d+\/)/)
    },
  )

  test('H7: people and their passwords are told to this machine alone, and a phone only to a page of ours', async () => {
    const { port } = new URL(demo.base)
    const statusBy = (host: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        request({ host: '127.0.0.1', port, path: '/people', headers: { host } }, answer => {
          answer.resume()
          resolve(answer.statusCode)
        })
          .on('error', reject)
          .end()
      })
    expect(await statusBy(`localhost:${port}`)).toBe(200)
    for (const name of ['evil.example', `evil.example:${port}`, 'localhost.evil.example'])
      expect(await statusBy(name)).toBe(404)
    for (const site of ['cross-site', 'same-site', 'none', ''])
      expect(
        (
          await send(`${demo.base}/people/phone`, {
            method: 'POST',
            headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': site },
            body: 'who=pia%40demo.example',
          })
        ).status,
      ).toBe(404)
  })

  test('H7: the headers of every page and of what belongs to it, as they are', async () => {
    const headers = new Map<string, object>()
    for (const path of PAGES) headers.set(path, shown(await send(demo.base + path)))
    expect(headers.get('/')).toEqual(headers.get('/docs'))
    expect(headers.get('/inbox')).toEqual(headers.get('/docs'))
    expect(headers.get('/people')).toEqual(headers.get('/docs'))
    expect(headers.get('/demo.css')).toEqual(headers.get('/docs.css'))
    expect(headers.get('/docs')).toMatchInlineSnapshot(`
      {
        "cache-control": "no-store",
        "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
        "pragma": "no-cache",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
      }
    `)
    expect(headers.get('/docs.css')).toMatchInlineSnapshot(`
      {
        "cache-control": "no-store",
        "pragma": "no-cache",
        "x-content-type-options": "nosniff",
      }
    `)
    expect(headers.get('/openapi.json')).toMatchInlineSnapshot(`
      {
        "cache-control": "no-store",
        "pragma": "no-cache",
        "x-content-type-options": "nosniff",
      }
    `)
  })
})

describe('answers', () => {
  test('H7: of every kind: not kept by anybody, not sniffed, no cookie', async () => {
    const bearer = await clientToken(world)
    const authn = `${world.base}/${world.demo.tenant}/authn`
    const answers = {
      token: await token(world, { grant_type: 'client_credentials' }),
      userinfo: await send(`${authn}/userinfo`, { headers: { authorization: `Bearer ${bearer}` } }),
      list: await scim(world, bearer, 'GET', '/Users'),
      refusal: await scim(world, bearer, 'GET', '/Users/1'),
      stray: await send(`${world.base}/nowhere`),
      options: await send(`${authn}/token`, { method: 'OPTIONS' }),
    }
    for (const [name, answer] of Object.entries(answers)) {
      expect([name, answer.headers.get('cache-control')]).toEqual([name, expect.stringContaining('no-store')])
      expect([name, answer.headers.get('x-content-type-options')]).toEqual([name, 'nosniff'])
      expect([name, answer.headers.get('access-control-allow-origin')]).toEqual([name, null])
      expect([name, answer.headers.getSetCookie()]).toEqual([name, []])
      expect([name, answer.headers.get('x-correlation-id')?.length]).toEqual([name, 16])
    }
    expect(shown(answers.list)).toMatchInlineSnapshot(`
      {
        "cache-control": "no-store",
        "pragma": "no-cache",
        "x-content-type-options": "nosniff",
      }
    `)
    expect(shown(answers.token)).toMatchInlineSnapshot(`
      {
        "cache-control": "no-store",
        "pragma": "no-cache",
        "x-content-type-options": "nosniff",
      }
    `)
  })

  test('H7: a correlation id of the caller is kept when it is plain, and never when it is not', async () => {
    const url = `${world.base}/nowhere`
    expect((await send(url, { headers: { 'x-correlation-id': 'my-id_1.2' } })).headers.get('x-correlation-id')).toBe(
      'my-id_1.2',
    )
    for (const odd of ['<script>', 'a b', 'x'.repeat(65), '"', '\u00e9']) {
      const kept = (await send(url, { headers: { 'x-correlation-id': odd } })).headers.get('x-correlation-id')
      expect([odd, kept === odd]).toEqual([odd, false])
    }
  })

  test('H7, R2: Host and forwarded headers change nothing of what is answered', async () => {
    const url = `${world.base}/${world.demo.tenant}/authn/.well-known/openid-configuration`
    const plain = await send(url)
    const evil = {
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      forwarded: 'host=evil.example',
      'x-original-url': '/evil',
    }
    expect((await send(url, { headers: evil })).text).toBe(plain.text)
    expect(plain.text).not.toContain('evil')
  })
})
