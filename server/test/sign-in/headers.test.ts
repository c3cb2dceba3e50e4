/**
 * R3: headers of strangers on every endpoint of a login: none breaks anything, none opens anything, none gets into a link. P1 at `login`: an
 * address that is not registered is told nothing, in any response mode. H7: the headers of every page and answer of a login, as they are.
 */
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { basic, form, type Reply, send } from '../world.ts'
import { Browser, type PortalClient, portalClient, REDIRECT, sample } from './browser.ts'
import { pushed } from './explore.ts'
import { PASSWORDS, type SignInWorld, type SomeBody, startSignIn } from './people.ts'
import { loginIdOf, loginRow, plain } from './rows.ts'
import { cookieOf } from './strangers.ts'

let ground: SignInWorld
let client: PortalClient
let person: SomeBody
beforeAll(async () => {
  ground = await startSignIn()
  client = await portalClient(ground.world, ground.bearer, sample('password-push-automatic'))
  person = await ground.person('AT_CUSTPWD')
})
afterAll(() => ground.close())

const authn = () => `${ground.world.base}/${ground.world.demo.tenant}/authn`

const EVIL = 'evil.example'
const long = (text: string, length: number) => text.repeat(Math.ceil(length / text.length)).slice(0, length)
/** One at a time, beside what belongs there. */
const hostile: readonly Readonly<Record<string, string | readonly string[]>>[] = [
  ...[EVIL, `${EVIL}:443`, '127.0.0.1', '[::1', '[]', 'a b', '..', long('h', 2000)].map(host => ({ host })),
  ...[
    '',
    ',',
    ', ,',
    'unknown',
    '_x',
    '1',
    '1.2.3',
    '256.1.1.1',
    '::',
    '::ffff:1.2.3.4',
    '[::1]:80',
    '1.2.3.4:99999',
    '%00',
  ].map(value => ({ 'x-forwarded-for': value })),
  { 'x-forwarded-for': long('1.2.3.4,', 8000) },
  { 'x-forwarded-for': ['1.2.3.4', '::1', 'x'] },
  ...['x-forwarded-host', 'x-host', 'x-original-host', 'x-forwarded-server', 'x-http-host-override'].map(name => ({
    [name]: EVIL,
  })),
  ...['http', 'https', 'javascript', ''].map(value => ({ 'x-forwarded-proto': value })),
  ...['x-forwarded-prefix', 'x-original-url', 'x-rewrite-url', 'x-script-name'].map(name => ({ [name]: `//${EVIL}/` })),
  ...[`host=${EVIL};proto=https`, 'for=', 'for="[::', `for=unknown;host="${EVIL}\\"`, ';;;', long('for=1,', 8000)].map(
    value => ({
      forwarded: value,
    }),
  ),
  ...['', '*/*', 'text/html;', 'text/html, */*;q=0', ',,,', 'a/b/c', long('text/html,', 8000)].map(accept => ({
    accept,
  })),
  ...['', '*', ';q=', 'x'.repeat(900), 'en;q=1e309', 'en;q=-1', '../../etc', long('de,', 8000)].map(value => ({
    'accept-language': value,
  })),
  ...['null', `https://${EVIL}`, '', 'file://', 'https://'].map(origin => ({ origin })),
  ...['x', '0', '-1', '9'.repeat(30)].map(value => ({ 'content-length-': value })),
  { 'x-correlation-id': `${EVIL}"><script>` },
  { 'x-http-method-override': 'DELETE' },
  { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
  { referer: `https://${EVIL}/?server-csrf-token=x` },
  { 'accept-encoding': 'gzip;q=0, *;q=0' },
]
const cookies = [
  '',
  ';',
  '=',
  ';;;=;',
  '=x; y',
  'login-',
  'a=b; '.repeat(300),
  '__proto__=x; constructor=y',
  '\u00e9=\u00ff',
  '"',
  'a="',
]

interface Ask {
  readonly name: string
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body?: string
  readonly own: Readonly<Record<string, string>>
}

/** By `node:http`, which sends every header, `Host` too. */
function raw(
  { method, path, body, own }: Ask,
  headers: Readonly<Record<string, string | readonly string[]>>,
): Promise<Reply> {
  const { base } = ground.world
  return new Promise((resolve, reject) => {
    const type = body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }
    const all = { ...own, ...type, ...headers } as Record<string, string | string[]>
    const asked = request(`${base}/${ground.world.demo.tenant}/authn/${path}`, { method, headers: all }, response => {
      let text = ''
      response.setEncoding('utf8').on('data', piece => {
        text += piece
      })
      response.on('end', () => {
        const lines = Object.entries(response.headers).flatMap(([name, value]) =>
          value === undefined ? [] : [[name, String(value)] as [string, string]],
        )
        resolve({ status: response.statusCode ?? 0, headers: new Headers(lines), text, body: {} })
      })
    })
    asked.on('error', reject).end(body)
  })
}

async function visited() {
  const browser = new Browser(ground.world)
  await browser.visit(client, await pushed(ground, client))
  const uri = form({ request_uri: browser.requestUri })
  return { browser, uri, cookie: cookieOf(browser) }
}

test('R3, R2: strange headers break nothing, open nothing, and are in no link', async () => {
  const { browser, uri, cookie } = await visited()
  const csrf = { 'server-csrf-token': browser.csrf ?? '' }
  const wrong = form({ grant_type: 'password', authType: 'AT_NONE', username: person.name, password: 'x' })
  const parameters = { redirect_uri: REDIRECT, scope: 'openid', response_type: 'code' }
  const asks: readonly Ask[] = [
    {
      name: 'par',
      method: 'POST',
      path: 'par',
      body: form(parameters),
      own: { authorization: basic(client.id, client.secret) },
    },
    { name: 'login', method: 'GET', path: `login?${uri}&client_id=${client.id}`, own: { cookie } },
    { name: 'login afresh', method: 'GET', path: `login?${form({ ...parameters, client_id: client.id })}`, own: {} },
    { name: 'portal', method: 'GET', path: `portal?${uri}`, own: { cookie } },
    { name: 'flow', method: 'GET', path: `flow?${uri}`, own: { cookie, ...csrf } },
    { name: 'code', method: 'POST', path: 'code', body: `${uri}&${wrong}`, own: { cookie, ...csrf } },
    { name: 'consent', method: 'POST', path: 'consent', body: `${uri}&sharings=[]`, own: { cookie, ...csrf } },
    { name: 'end', method: 'GET', path: `code?${uri}`, own: { cookie } },
    { name: 'reset', method: 'GET', path: 'portal/reset?token=x', own: {} },
  ]
  const before = plain(await loginRow(ground.world, loginIdOf(ground.world, browser.requestUri)))
  for (const ask of asks) {
    const normal = await raw(ask, {})
    expect([ask.name, normal.status < 500]).toEqual([ask.name, true])
    for (const headers of hostile) {
      const reply = await raw(ask, headers).catch(() => undefined)
      // What no header may hold, Node refuses to send.
      if (reply === undefined) continue
      const what = `${ask.name} ${JSON.stringify(headers).slice(0, 80)}`
      expect([what, reply.status < 500]).toEqual([what, true])
      if (normal.status >= 400) expect([what, reply.status >= 300]).toEqual([what, true])
      const told = `${reply.headers.get('location')} ${reply.headers.get('set-cookie')} ${reply.text}`
      expect([what, told.includes(EVIL)]).toEqual([what, false])
    }
    if (!('cookie' in ask.own)) continue
    for (const odd of cookies) {
      const reply = await raw(ask, { cookie: odd }).catch(() => undefined)
      if (reply === undefined) continue
      const what = `${ask.name} cookie ${odd.slice(0, 20)}`
      expect([what, reply.status < 500]).toEqual([what, true])
      if (ask.name === 'login') continue
      expect([what, reply.headers.get('server-csrf-token')]).toEqual([what, null])
      expect([what, reply.text.includes(csrf['server-csrf-token'])]).toEqual([what, false])
    }
  }
  // Only a visit without its cookie, which is one from elsewhere, began it anew.
  const after = plain(await loginRow(ground.world, loginIdOf(ground.world, browser.requestUri)))
  expect([after.state, after.user_id, JSON.parse(String(after.progress)).first]).toEqual([
    before.state,
    null,
    undefined,
  ])
})

test('P1: at login, by GET and POST, in every response mode: an address that is not registered hears nothing', async () => {
  const file = new URL('../../../vectors/redirect-uris.json', import.meta.url)
  const corpus = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly hostile: readonly { readonly uris: readonly string[] }[]
  }
  const uris = [...corpus.hostile.flatMap(one => one.uris), `${REDIRECT}/`, `${REDIRECT}?`, REDIRECT.toUpperCase(), '']
  const modes = ['query', 'fragment', 'form_post', 'form_post.jwt', undefined]
  for (const [n, redirect_uri] of uris.entries()) {
    const response_mode = modes[n % modes.length]
    const fields = {
      ...{
        client_id: client.id,
        scope: 'openid',
        response_type: 'code id_token',
        nonce: 'n',
        state: 's',
        redirect_uri,
      },
      ...(response_mode === undefined ? {} : { response_mode }),
    }
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const replies = [
      await send(`${authn()}/login?${form(fields)}`),
      await send(`${authn()}/login`, { method: 'POST', headers, body: form(fields) }),
    ]
    for (const { status, headers: told, text } of replies) {
      expect([redirect_uri, status, told.get('location')]).toEqual([redirect_uri, 400, null])
      expect([redirect_uri, /<form/.test(text), told.getSetCookie()]).toEqual([redirect_uri, false, []])
    }
  }
})

const changing = new Set([
  'date',
  'x-correlation-id',
  'content-length',
  'keep-alive',
  'connection',
  'etag',
  'set-cookie',
])
const shown = ({ status, headers }: Reply) => ({
  status,
  ...(headers.getSetCookie().length === 0 ? {} : { cookies: headers.getSetCookie().map(masked) }),
  ...Object.fromEntries(
    [...headers]
      .filter(([name]) => !changing.has(name))
      .map(([name, value]) => [name, masked(value)])
      .sort(),
  ),
})
const masked = (value: string) =>
  value
    .replaceAll(/urn:hid:[0-9a-f-]{36}|urn%3Ahid%3A[0-9a-f-]{36}/g, '<urn>')
    .replaceAll(/login-[0-9a-f]{8}=[\w-]+/g, 'login-<uuid>=<secret>')
    .replaceAll(/Expires=[^;]+/g, 'Expires=<date>')
    .replaceAll(/code=[^&]+/g, 'code=<code>')
    .replaceAll(/localhost(:|%3A)\d+/g, 'localhost')

test('H7: the headers of the pages and answers of a login, as they are', async () => {
  const { browser, uri } = await visited()
  const again = new Browser(ground.world)
  const posted = await pushed(ground, client, { response_mode: 'form_post' })
  await again.visit(client, posted)
  await again.code({ authType: 'AT_CUSTPWD', username: person.name, password: PASSWORDS.AT_CUSTPWD })
  const stranger = new Browser(ground.world)
  const answers = {
    login: await stranger.visit(client, await pushed(ground, client)),
    portal: await browser.get(`portal?${uri}`),
    'portal of a stranger': await new Browser(ground.world).get(`portal?${uri}&again=1`),
    reset: await browser.get('portal/reset?token=x'),
    flow: await browser.flow(person.name),
    step: await browser.code({ authType: 'AT_CUSTPWD', username: person.name, password: PASSWORDS.AT_CUSTPWD }),
    end: await browser.get(`code?${uri}`),
    'form post': await again.get(`code?${form({ request_uri: posted })}`),
    account: await send(`${ground.world.base}/${ground.world.demo.tenant}/account`),
    inbox: await send(`${ground.world.base}/inbox`),
  }
  expect(
    Object.fromEntries(Object.entries(answers).map(([name, reply]) => [name, shown(reply)])),
  ).toMatchInlineSnapshot(`
    {
      "account": {
        "cache-control": "no-store",
        "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
        "content-type": "text/html;charset=UTF-8",
        "cross-origin-opener-policy": "same-origin",
        "pragma": "no-cache",
        "referrer-policy": "no-referrer",
        "status": 200,
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
      },
      "end": {
        "cache-control": "no-store",
        "content-type": "text/plain;charset=UTF-8",
        "location": "https://rp.example.org/back?code=<code>&iss=http%3A%2F%2Flocalhost%2Fdemo%2Fauthn",
        "referrer-policy": "no-referrer",
        "server-csrf-token": "<urn>",
        "status": 302,
        "x-content-type-options": "nosniff",
      },
      "flow": {
        "cache-control": "no-cache, no-store",
        "content-type": "application/json;charset=UTF-8",
        "server-csrf-token": "<urn>",
        "status": 200,
        "x-content-type-options": "nosniff",
      },
      "form post": {
        "cache-control": "no-store",
        "content-security-policy": "default-src 'none'; script-src 'self'; form-action https://rp.example.org; frame-ancestors 'none'; base-uri 'none'",
        "content-type": "text/html;charset=UTF-8",
        "referrer-policy": "no-referrer",
        "server-csrf-token": "<urn>",
        "status": 200,
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
      },
      "inbox": {
        "cache-control": "no-store",
        "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
        "content-type": "text/html;charset=UTF-8",
        "pragma": "no-cache",
        "referrer-policy": "no-referrer",
        "status": 200,
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
      },
      "login": {
        "cache-control": "no-store",
        "content-type": "text/plain;charset=UTF-8",
        "cookies": [
          "server-csrf-token=<urn>; Path=/; Expires=<date>; SameSite=Strict",
          "login-<uuid>=<secret>; Path=/; Expires=<date>; SameSite=Strict; HttpOnly",
        ],
        "location": "http://localhost/demo/authn/portal?theme_id=ID_THEME1&request_uri=<urn>",
        "pragma": "no-cache",
        "referrer-policy": "no-referrer",
        "status": 302,
        "x-content-type-options": "nosniff",
      },
      "portal": {
        "cache-control": "no-store",
        "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
        "content-type": "text/html;charset=UTF-8",
        "pragma": "no-cache",
        "referrer-policy": "no-referrer",
        "status": 200,
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
      },
      "portal of a stranger": {
        "cache-control": "no-store",
        "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
        "content-type": "text/html;charset=UTF-8",
        "pragma": "no-cache",
        "referrer-policy": "no-referrer",
        "status": 200,
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
      },
      "reset": {
        "cache-control": "no-store",
        "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
        "content-type": "text/html;charset=UTF-8",
        "pragma": "no-cache",
        "referrer-policy": "no-referrer",
        "status": 200,
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
      },
      "step": {
        "cache-control": "no-store",
        "content-type": "application/json;charset=UTF-8",
        "pragma": "no-cache",
        "server-csrf-token": "<urn>",
        "status": 200,
        "x-content-type-options": "nosniff",
      },
    }
  `)
  for (const [name, { headers, text }] of Object.entries(answers)) {
    expect([name, headers.get('x-content-type-options')]).toEqual([name, 'nosniff'])
    expect([name, headers.get('access-control-allow-origin')]).toEqual([name, null])
    if (!headers.get('content-type')?.startsWith('text/html')) continue
    const policy = headers.get('content-security-policy') ?? ''
    expect([name, policy]).toEqual([name, expect.stringMatching(/default-src 'none'.*frame-ancestors 'none'/)])
    expect([name, /unsafe-inline|unsafe-eval|script-src[^;]*(\*|https?:)/.test(policy)]).toEqual([name, false])
    expect([name, headers.get('x-frame-options'), headers.get('referrer-policy')]).toEqual([
      name,
      'DENY',
      'no-referrer',
    ])
    // A block of data is no script.
    const page = text.replaceAll(/<script type="application\/json"[^>]*>[^<]*<\/script>/g, '')
    expect([name, /<script(?![^>]* src=)[^>]*>[^<]|javascript:| on[a-z]+=|<style/i.test(page)]).toEqual([name, false])
  }
})
