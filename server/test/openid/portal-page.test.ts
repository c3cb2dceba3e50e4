/**
 * The pages of the portal: values of strangers stay text wherever they stand, themes become nothing but colours and pictures, text on them
 * reads, and the headers of every page are those that the house wants.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { portalAddress } from '#openid/portal-page/address.ts'
import { readColour, textOn } from '#openid/portal-page/colour.ts'
import { readLook } from '#openid/portal-page/look.ts'
import { awayPage, portalPage, type Reader, strangerPage, type Visit } from '#openid/portal-page/page.ts'
import { readerLanguages } from '#openid/portal-page/reader-languages.ts'
import { resetPage } from '#openid/portal-page/reset-page.ts'
import { send, startWorld, type World } from '../world.ts'

const EVIL = `"'><script>alert(1)</script><!--&amp;`
const reader: Reader = {
  languages: ['en'],
  base: '/bank/authn/',
  files: { script: '/portal/main-x.js', style: '/portal/style-x.css' },
}
const portalTheme = (ui: object, texts: object = {}) => ({
  ui: { hid_portal: ui },
  localization: { hid_portal: { en: texts } },
})

const LOGIN = { factorId: 'p', code: 'AT_CUSTPWD', type: 'LOGIN', actions: ['c', 'f'], constraints: { minLength: 8 } }
const actions = [
  { actionId: 'c', type: 'CHANGE_PWD' },
  { actionId: 'f', type: 'FORGOT_PWD', resetPasswordMethods: ['email', 'sms'] },
]
const flowOf = (progress: object, more: object = {}) => ({
  actions,
  firstFactors: [LOGIN],
  secondFactors: [],
  progress,
  ...more,
})
const visit = (more: Partial<Visit> = {}): Visit => ({
  requestUri: 'urn:hid:1',
  csrf: 'urn:hid:2',
  clientName: 'Shop',
  themeId: undefined,
  theme: undefined,
  flow: flowOf({ step: 'first' }),
  named: undefined,
  ...more,
})

/** Elements that scripts could come from, and places where text became markup. */
function dangers(page: string): readonly string[] {
  const scripts = page.match(/<script\b[^>]*>/g) ?? []
  const known = ['<script type="module" src="/portal/main-x.js">', '<script type="application/json" id="boot">']
  return [
    ...scripts.filter(one => !known.includes(one)),
    ...(page.match(/<[^>]*\s(?:on[a-z]+|style)=/gi) ?? []),
    ...(page.match(/(?:href|src|action|url)="?\s*(?:javascript|https?|\/\/)/gi) ?? []),
    ...(page.includes('alert(1)</script>') ? ['a script of a stranger'] : []),
    ...(page.includes('<!--') ? ['a comment'] : []),
  ]
}

describe('values of strangers', () => {
  const evilFactor = {
    ...{ factorId: EVIL, code: EVIL, type: 'PUSH', allowUserDeviceSelection: true },
    devices: [
      { deviceId: EVIL, deviceFriendlyName: EVIL },
      { deviceId: 2, deviceFriendlyName: EVIL },
    ],
    localizationKeyRedefinition: { 'PUSH.name': EVIL, [EVIL]: EVIL },
  }
  const keys = ['service_name', 'service_tagline', 'company_name', 'application_title', 'userid.label', 'PUSH.name']
  const theme = portalTheme(
    { 'gradient-start': EVIL, 'gradient-end': EVIL, logo: `data:image/png;base64,${EVIL}`, 'login-position': EVIL },
    Object.fromEntries([...keys, EVIL].map(key => [key, EVIL])),
  )
  const evil = { clientName: EVIL, requestUri: EVIL, csrf: EVIL, themeId: EVIL, theme, named: EVIL }
  const second = { firstFactors: [LOGIN], secondFactors: [evilFactor, { ...evilFactor, factorId: `${EVIL}2` }] }
  const said = { error: EVIL, at: EVIL, number: EVIL, broken: EVIL, retries_left: EVIL, done: EVIL, sent: EVIL }

  it.each([
    [
      'name',
      visit({ ...evil, flow: flowOf({ step: 'first' }, { firstFactors: [LOGIN, { ...LOGIN, factorId: EVIL }] }) }),
      said,
    ],
    ['typed name', visit({ ...evil, named: undefined, typed: EVIL }), said],
    ['password', visit(evil), { ...said, at: 'prove:p', error: 'invalid_grant', retries_left: '2' }],
    ['change', visit(evil), { ...said, at: 'change:p' }],
    ['forgot', visit(evil), { ...said, at: 'forgot:p' }],
    ['reset', visit(evil), { ...said, at: 'reset:p', sent: 'email' }],
    ['choose', visit({ ...evil, flow: flowOf({ step: 'second', username: EVIL, first: 'p' }, second) }), said],
    [
      'push',
      visit({ ...evil, flow: flowOf({ step: 'second', first: 'p' }, second) }),
      { ...said, at: `prove:${EVIL}` },
    ],
    ['wait', visit({ ...evil, flow: flowOf({ step: 'second', first: 'p' }, second) }), { ...said, at: `wait:${EVIL}` }],
    [
      'consent',
      visit({ ...evil, flow: flowOf({ step: 'consent' }), sharings: [{ scope: EVIL, description: EVIL }] }),
      said,
    ],
    ['ready', visit({ ...evil, flow: flowOf({ step: 'ready' }) }), said],
    ['failed', visit({ ...evil, flow: flowOf({ step: 'failed', error: EVIL, error_description: EVIL }) }), said],
  ])('stay text on the screen %s', (_, shown, query) => {
    const page = portalPage(shown, query, reader)
    expect(dangers(page)).toEqual([])
    const boot = JSON.parse(/id="boot">(.*?)<\/script>/.exec(page)?.[1] ?? '')
    expect(boot).toMatchObject({ requestUri: EVIL, csrf: EVIL, client: EVIL, themeId: EVIL })
  })

  it('stay text on the page of a link, and before and beside a login', () => {
    const form = { token: EVIL, maskedName: EVIL, constraints: { minLength: EVIL }, broken: [EVIL] }
    expect(dangers(resetPage(form, 'over', theme, reader))).toEqual([])
    expect(dangers(awayPage(EVIL, reader))).toEqual([])
    expect(dangers(strangerPage(reader))).toEqual([])
  })

  it('an error that is not in the list shows nothing', () => {
    const clean = portalPage(visit(), {}, reader)
    expect(portalPage(visit(), { error: 'Your account is blocked, call 0900' }, reader)).toBe(clean)
    expect(portalPage(visit(), { at: 'nowhere', number: '<b>', done: 'x' }, reader)).toBe(clean)
  })
})

describe('a page', () => {
  it('without the cookie of its login embeds nothing of it, and goes on to itself', () => {
    const page = awayPage('urn:hid:1', reader)
    expect(page).toContain('content="0; url=/bank/authn/portal?request_uri=urn%3Ahid%3A1&amp;again=1"')
    expect(page).not.toMatch(/csrf|<form|<script/)
  })

  it('goes on by itself when the login is ready, and by a press alone when it has failed', () => {
    expect(portalPage(visit({ flow: flowOf({ step: 'ready' }) }), {}, reader)).toMatch(
      /http-equiv="refresh" content="0; url=\/bank\/authn\/code\?/,
    )
    const failed = portalPage(visit({ flow: flowOf({ step: 'failed' }) }), {}, reader)
    expect(failed).not.toContain('http-equiv')
    expect(failed).toContain('href="/bank/authn/code?request_uri=urn%3Ahid%3A1"')
  })

  it('carries the csrf value in its forms and in no address', () => {
    const page = portalPage(visit({ csrf: 'urn:hid:secret' }), { at: 'change:p' }, reader)
    expect(page).toContain('name="server-csrf-token" value="urn:hid:secret"')
    expect(page.match(/(?:href|action|url)="[^"]*"/g)?.filter(one => one.includes('secret'))).toEqual([])
  })

  it('works without its built files', () => {
    const page = portalPage(visit(), {}, { ...reader, files: { script: undefined, style: undefined } })
    expect(page).not.toMatch(/<script type="module"|<link/)
    expect(page).toContain('<form class="step" method="post" action="/bank/authn/code">')
  })

  it('an address carries only what it is given', () => {
    expect(
      portalAddress('https://id.example/bank/authn', 'urn:hid:1', { at: 'prove:p', error: undefined, sent: '' }),
    ).toBe('https://id.example/bank/authn/portal?request_uri=urn%3Ahid%3A1&at=prove%3Ap')
  })
})

describe('a theme', () => {
  it.each([
    ['red', '#ff0000'],
    ['RebeccaPurple', '#663399'],
    ['#FA3', '#ffaa33'],
    ['#12345678', '#123456'],
    ['rgb(1, 2, 300)', '#0102ff'],
    ['rgb(10 20 30 / 50%)', '#0a141e'],
    ['constructor', undefined],
    ['url(https://evil.example)', undefined],
    ['#12345', undefined],
    [7, undefined],
    [`${' '.repeat(200)}red`, undefined],
  ])('the colour %j is %s', (given, read) => {
    expect(readColour(given)).toBe(read)
  })

  it('text on any gradient reads, or gets a plate', () => {
    const colour = fc.integer({ min: 0, max: 0xffffff }).map(value => `#${value.toString(16).padStart(6, '0')}`)
    fc.assert(
      fc.property(colour, colour, (start, end) => {
        const text = { light: '#ffffff', dark: '#000000', plate: undefined }[textOn(start, end)]
        if (text === undefined) return
        for (const ground of [start, end]) expect(contrast(text, ground)).toBeGreaterThanOrEqual(4.5)
      }),
    )
    expect([textOn('#000000', '#ffffff'), textOn('#0b3d2e', '#14304f'), textOn('#ff0000', '#ffa500')]).toEqual([
      ...['plate', 'light', 'dark'],
    ])
  })

  it.each([
    ['data:image/png;base64,iVBORw0KGgoAAAA=', true],
    ['data:image/jpeg;base64,/9j/4AAQ', true],
    ['data:image/gif;base64,R0lGODlhAQABAAAAACw=', true],
    ['iVBORw0KGgoAAAANSUhEUg==', true],
    ['data:image/svg+xml;base64,PHN2Zz4=', false],
    ['data:text/html;base64,PHN2Zz4=', false],
    ['https://evil.example/logo.png', false],
    ['data:image/png;base64,AAAA" onerror="x', false],
    ['AAAAAAAAAAAAAAAAAAAAAAAA', false],
  ])('the picture %j is shown: %s', (logo, shown) => {
    expect(readLook(portalTheme({ logo })).logo !== undefined).toBe(shown)
  })

  it('has a background only in the middle, and then text gets a plate', () => {
    const background = 'data:image/png;base64,iVBORw0KGgoAAAA='
    const look = (position: string) =>
      readLook(portalTheme({ 'login-position': position, 'login-background': background }))
    expect(look('left')).toMatchObject({ position: 'left', background: undefined })
    expect(look('center')).toMatchObject({ position: 'center', background, textOn: 'plate' })
    expect(look('elsewhere').position).toBe('right')
  })
})

it.each([
  ['fr en', 'de', ['fr', 'en', 'de']],
  [undefined, 'en;q=0.5, fr-CA, *;q=0.1, de;q=0', ['fr-CA', 'en']],
  ['<script>', `x${'-y'.repeat(400)}`, []],
])('readers of %j and %j get %j', (locales, header, languages) => {
  expect(readerLanguages(locales, header)).toEqual(languages)
})

describe('H7', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
  })
  afterAll(() => world?.close())

  it.each(['portal', 'portal?request_uri=urn:hid:x', 'portal?request_uri=urn:hid:x&again=1', 'portal/reset?token=x'])(
    'the page %s has a strict policy, no frame, no referrer, and is not kept',
    async path => {
      const { status, headers } = await send(`${world.base}/${world.demo.tenant}/authn/${path}`)
      const names = ['cache-control', 'content-security-policy', 'content-type', 'referrer-policy']
      const shown = [...names, 'x-content-type-options', 'x-frame-options'].map(name => [name, headers.get(name)])
      expect([status, Object.fromEntries(shown)]).toMatchInlineSnapshot(`
        [
          200,
          {
            "cache-control": "no-store",
            "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
            "content-type": "text/html;charset=UTF-8",
            "referrer-policy": "no-referrer",
            "x-content-type-options": "nosniff",
            "x-frame-options": "DENY",
          },
        ]
      `)
      expect(headers.get('set-cookie')).toBe(null)
    },
  )

  it('its files are of this origin; a name that is not built is not there', async () => {
    expect((await send(`${world.base}/portal/..%2Fpackage.json`)).status).toBe(404)
    expect((await send(`${world.base}/portal/nothing.js`)).status).toBe(404)
  })
})

function contrast(one: string, other: string): number {
  const light = (text: string) =>
    [0.2126, 0.7152, 0.0722].reduce((sum, weight, at) => {
      const part = Number.parseInt(text.slice(1 + 2 * at, 3 + 2 * at), 16) / 255
      return sum + weight * (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    }, 0)
  const [bright = 0, dark = 0] = [light(one), light(other)].sort((a, b) => b - a)
  return (bright + 0.05) / (dark + 0.05)
}
