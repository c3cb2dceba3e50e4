/** The bank over HTTP, without its server: who may do something, what is taken, what every page says about itself. */
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBank } from '../src/bank.ts'
import { openScim } from '../src/scim.ts'
import { connection } from '../src/server-connection.ts'
import { Shelf } from '../src/shelf.ts'
import { openSite } from '../src/site.ts'
import { readOrder } from '../src/transfers.ts'

// Nothing is called at port 9: the server of this bank is away.
const configuration = {
  ...{ port: 0, issuer: 'http://localhost:9/demo/authn', clientId: 'bank', clientSecret: 'secret' },
  ...{ approveUrl: 'http://localhost:8081', customers: [{ id: 'alice@demo.example', name: 'Alice' }], ways: [] },
}
let site: Awaited<ReturnType<typeof openSite>>
beforeAll(async () => {
  const connect = connection(configuration)
  site = await openSite(openBank({ configuration, connect, scim: openScim(configuration, connect), now_ms: Date.now }))
})
afterAll(() => site.server.close())

const post = (path: string, headers: Record<string, string>, body = 'payee=Rosa') =>
  fetch(site.origin + path, { method: 'POST', headers, body, redirect: 'manual' })

describe('who may do something', () => {
  it.each([{}, { origin: 'http://evil.example' }, { origin: 'null' }, { origin: 'http://localhost:8082' }])(
    'not a page of %j',
    async headers => {
      for (const path of ['/customers/0/transfers', '/customers/0/enrolments'])
        expect((await post(path, headers as Record<string, string>)).status).toBe(403)
    },
  )

  it('nobody who came by another name, as after DNS rebinding', async () => {
    const status = await new Promise(told => {
      request(`${site.origin}/`, { headers: { host: 'evil.example' } }, answer => told(answer.statusCode)).end()
    })
    expect(status).toBe(421)
  })

  it('nothing large is read, and nothing is found elsewhere', async () => {
    const { origin } = site
    expect((await post('/customers/0/transfers', { origin }, 'x'.repeat(5000))).status).toBe(413)
    expect((await post('/customers/1/transfers', { origin })).status).toBe(404)
    expect((await post('/', { origin })).status).toBe(404)
    expect((await fetch(`${origin}/transfers/none`)).status).toBe(404)
    expect((await fetch(`${origin}/transfers/none/state`)).status).toBe(404)
    expect((await fetch(`${origin}/`, { method: 'DELETE' })).status).toBe(405)
  })
})

it('every page has a policy without inline script or style', async () => {
  for (const path of ['/', '/sign-in', '/signed-in', '/nowhere', '/live.js', '/bank.css', '/pieces.css']) {
    const { headers } = await fetch(site.origin + path)
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  }
  const text = await (await fetch(`${site.origin}/`)).text()
  expect(text).not.toMatch(/<style| style=| on[a-z]+="|javascript:/)
})

it('while its server is away it says so, and serves on', async () => {
  expect((await fetch(`${site.origin}/customers/0`)).status).toBe(502)
  expect((await fetch(`${site.origin}/`)).status).toBe(200)
})

describe('online banking', () => {
  it('is not for anybody without a session: he is sent to sign in', async () => {
    const cookies = ['', 'kestrel_session=', 'kestrel_session=guessed', 'kestrel_session=__proto__', 'x', '=;=']
    for (const cookie of cookies) {
      const answer = await fetch(`${site.origin}/account`, { headers: { cookie }, redirect: 'manual' })
      expect([answer.status, answer.headers.get('location')]).toEqual([303, '/sign-in'])
      const deed = await post('/account/transfers', { origin: site.origin, cookie })
      expect([deed.status, deed.headers.get('location')]).toEqual([303, '/sign-in'])
    }
  })

  it('does nothing that comes from elsewhere', async () => {
    for (const path of ['/account/sign-out', '/account/transfers', '/account/enrolments'])
      for (const other of ['http://evil.example', 'null'])
        expect((await post(path, { origin: other })).status).toBe(403)
  })

  it('takes an answer by a form from anywhere, and believes nothing of it', async () => {
    const answer = await post('/signed-in', { origin: 'null' }, 'code=c&state=s&id_token=t')
    expect(answer.status).toBe(303)
    expect(answer.headers.getSetCookie()).toEqual([])
    const back = answer.headers.get('location') ?? ''
    expect(back).toMatch(/^\/signed-in\?posted=[0-9a-f-]{36}$/)
    for (const cookie of ['', 'kestrel_sign_in=', 'kestrel_sign_in=s']) {
      const page = await fetch(site.origin + back, { headers: { cookie } })
      expect(page.headers.getSetCookie()).toEqual([])
      expect(await page.text()).toContain('Begin again')
    }
    expect((await post('/signed-in', {}, 'x'.repeat(20_000))).status).toBe(413)
  })

  it('knows no way that it was not told of', async () => {
    for (const way of ['none', '..%2f', '__proto__', 'constructor'])
      expect((await fetch(`${site.origin}/sign-in/${way}`, { redirect: 'manual' })).status).toBe(404)
  })
})

describe('an order', () => {
  const read = (fields: Record<string, string>) =>
    readOrder(new URLSearchParams({ payee: 'Rosa Lund', amount: '250.00', reference: 'Rent', ...fields }))

  it.each([
    ['250', '250.00 EUR'],
    ['1250.50', '1,250.50 EUR'],
    ['999,999.99', '999,999.99 EUR'],
    ['0.01', '0.01 EUR'],
  ])('%s is %s', (amount, shown) => expect(read({ amount })).toMatchObject({ amount: shown }))

  it.each([
    ['amount', ''],
    ['amount', '0'],
    ['amount', '0.00'],
    ['amount', '-1'],
    ['amount', '1e3'],
    ['amount', '1,00'],
    ['amount', '1000000'],
    ['payee', ''],
    ['payee', 'Rosa},{Payee,Mallory'],
    ['payee', 'x'.repeat(61)],
    ['reference', 'a\u202eb'],
    ['reference', 'a\u0000b'],
  ])('%s %j is refused', (field, value) => expect(read({ [field]: value })).toMatchObject([{ field }]))
})

it('what is remembered has a bound', () => {
  const shelf = new Shelf<number>(2)
  for (const n of [1, 2, 3]) shelf.keep(String(n), n)
  expect(shelf.all()).toEqual([3, 2])
  expect(shelf.find('1')).toBeUndefined()
})
