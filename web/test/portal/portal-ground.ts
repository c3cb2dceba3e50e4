/**
 * A whole server, people with what they sign in with, an application on another site, and a browser: what the tests of the portal share.
 * The application stands on 127.0.0.1 and the server on localhost, so that the rules about sites are exercised. What a page logs as an
 * error, or its policy stops, is kept and must stay empty.
 */
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { expect } from 'vitest'
import { Inbox } from '../../../server/src/cli/inbox.ts'
import { api, clientToken, givePassword, scim, send, startWorld, type World } from '../../../server/test/world.ts'
import { faultsOf } from '../app-in-browser.ts'

const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking']
const MORE = ['--disable-component-update', '--disable-sync', '--no-first-run']
const BUILT = fileURLToPath(new URL('../../dist/portal/manifest.json', import.meta.url))

export interface Client {
  readonly id: string
  readonly name: string
}

export interface Person {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly mobile: string
}

export interface PortalGround {
  readonly world: World
  readonly bearer: string
  readonly browser: Browser
  readonly inbox: Inbox
  readonly errors: string[]
  /** What was posted to the application (`form_post`). */
  readonly posted: readonly URLSearchParams[]
  /** `http://localhost:port` */
  readonly server: string
  person(): Promise<Person>
  password(person: Person, policy?: string): Promise<string>
  /** A workflow of the tenant; its id. */
  workflow(payload: object): Promise<string>
  theme(payload: object): Promise<string>
  client(workflow: string, metadata?: object): Promise<Client>
  open(options?: BrowserContextOptions): Promise<{ context: BrowserContext; page: Page }>
  /** From the application's own page to the portal, by a press. */
  begin(page: Page, client: Client, more?: Record<string, string>): Promise<void>
  /** What the application was told in the end. */
  told(page: Page): Promise<URLSearchParams>
  /** The newest code that was sent to this address. */
  codeFor(address: string): Promise<string>
  /** Pictures, and no rule of accessibility broken: wide, narrow, and dark at the narrowest. */
  look(page: Page, name: string): Promise<void>
  close(): Promise<void>
}

export async function startPortal(): Promise<PortalGround> {
  if (!existsSync(BUILT)) throw new Error('the portal is not built: npm run build')
  const inbox = new Inbox()
  const world = await startWorld('SQLite', {}, inbox)
  const bearer = await clientToken(world)
  const server = `http://localhost:${new URL(world.base).port}`
  const authn = `${server}/${world.demo.tenant}/authn`
  const application = await startApplication(authn)
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: [...ARGUMENTS, ...MORE] })
  const errors: string[] = []
  const pictures = process.env.COUNTERSIGN_SCREENSHOTS
  if (pictures) mkdirSync(pictures, { recursive: true })

  async function document(kind: 'IDPWorkflows' | 'IDPThemes', payload: object): Promise<string> {
    const id = `ID_${randomBytes(4).toString('hex').toUpperCase()}`
    const body = { schemas: ['urn:hid:scim:api:idp:2.0:Customization'], id, payload }
    const { status, text } = await api(
      world,
      bearer,
      'POST',
      `/configuration/${world.demo.tenant}/v2/Custo/${kind}`,
      body,
    )
    if (status !== 201) throw new Error(`no document was made: ${status} ${text}`)
    return id
  }

  async function shoot(page: Page, name: string, width: number): Promise<void> {
    if (!pictures) return
    await page.setViewportSize({ width, height: 800 })
    await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true })
  }

  return {
    ...{ world, bearer, browser, inbox, errors, server, posted: application.posted },
    async person() {
      const number = randomBytes(4).readUInt32BE()
      const name = `user-${number}@mail.example`
      const mobile = `+4917${String(number).padStart(10, '0')}`
      const { status, body, text } = await scim(world, bearer, 'POST', '/Users', {
        ...{ userName: name, externalId: name },
        emails: [{ value: name }],
        phoneNumbers: [{ value: mobile }],
      })
      if (status !== 201) throw new Error(`no person was made: ${status} ${text}`)
      return { id: body.id, name, email: name, mobile }
    },
    password: ({ id }, policy = 'AT_CUSTPWD') => givePassword(world, bearer, id, policy),
    workflow: payload => document('IDPWorkflows', payload),
    theme: payload => document('IDPThemes', payload),
    async client(workflow, metadata = {}) {
      const name = 'Example Shop'
      const asked = {
        client_name: name,
        redirect_uris: [`${application.origin}/cb`],
        response_types: ['code'],
        workflow_id: workflow,
        ...metadata,
      }
      const { status, body, text } = await send(`${authn}/register`, {
        method: 'POST',
        headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
        body: JSON.stringify(asked),
      })
      if (status !== 200) throw new Error(`no client was registered: ${status} ${text}`)
      const filter = { filter: `externalId eq "${body.client_id}"` }
      const found = await scim(world, bearer, 'POST', '/Users/.search', filter)
      const user = found.body.resources[0].id
      await scim(world, bearer, 'PUT', `/Users/${user}`, { roles: [{ value: 'RL_OPENIDCLIENT' }] })
      return { id: body.client_id, name }
    },
    async open(options = {}) {
      const context = await browser.newContext({
        viewport: { width: 1280, height: 800 },
        locale: 'en-GB',
        // Colours are measured, which must not be on their way to others.
        reducedMotion: 'reduce',
        ...options,
      })
      context.on('page', page => {
        page.on('pageerror', error => errors.push(error.message))
        page.on('console', message => {
          if (/Content Security Policy|Uncaught/.test(message.text())) errors.push(message.text())
        })
      })
      return { context, page: await context.newPage() }
    },
    async begin(page, client, more = {}) {
      await page.goto(`${application.origin}/?${new URLSearchParams({ client_id: client.id, ...more })}`)
      await page.getByRole('link', { name: 'Sign in' }).click()
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page.waitForURL(/again=1|\/portal\?/)
    },
    async told(page) {
      await page.waitForURL(`${application.origin}/cb?*`)
      return new URL(page.url()).searchParams
    },
    async codeFor(address) {
      const newest = () => inbox.messages.filter(({ to }) => to === address).at(-1)
      await expect.poll(() => newest()?.text, { timeout: 10_000 }).toBeTruthy()
      return /\b\d{6,8}\b/.exec(newest()?.text ?? '')?.[0] ?? ''
    },
    async look(page, name) {
      expect(await faultsOf(page, [1280, 360]), name).toEqual([])
      await page.emulateMedia({ colorScheme: 'dark' })
      expect(await faultsOf(page, [320]), `${name}, dark`).toEqual([])
      await shoot(page, `${name}-dark`, 320)
      await page.emulateMedia({ colorScheme: null })
      for (const width of [1280, 360]) await shoot(page, `${name}-${width}`, width)
      await page.setViewportSize({ width: 1280, height: 800 })
    },
    async close() {
      await browser.close()
      await application.close()
      await world.close()
    },
  }
}

/** An application: a page with a link into the login, and the page that is come back to. */
async function startApplication(authn: string) {
  const challenge = createHash('sha256').update('v'.repeat(43)).digest('base64url')
  const posted: URLSearchParams[] = []
  const server = createServer(async (request, response) => {
    if (request.method === 'POST') posted.push(new URLSearchParams(await text(request)))
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    const asked = {
      response_type: 'code',
      scope: 'openid',
      state: 's',
      nonce: 'n',
      redirect_uri: `http://${request.headers.host}/cb`,
      code_challenge: challenge,
      code_challenge_method: 'S256',
      ...Object.fromEntries(url.searchParams),
    }
    const link = `${authn}/login?${new URLSearchParams(asked)}`.replaceAll('&', '&amp;')
    response.writeHead(200, { 'content-type': 'text/html;charset=UTF-8' })
    response.end(`<!doctype html><title>Shop</title><h1>Shop</h1><a href="${link}">Sign in</a>`)
  })
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening))
  return {
    posted,
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections()
      return new Promise<void>(done => server.close(() => done()))
    },
  }
}

const CRITERIA = 'access_criteria.all'

/** A workflow of these factors; everything that the person owns may be used. */
export function workflowOf(parts: {
  readonly first: readonly object[]
  readonly second?: readonly object[]
  readonly actions?: readonly object[]
}): object {
  const all = (entries: readonly object[] = []) => entries.map(one => ({ accessCriteriaId: CRITERIA, ...one }))
  const authenticators = { firstFactorsFiltering: true, secondFactorsFiltering: true, acrFiltering: false }
  return {
    accessCriteria: [{ accessCriteriaId: CRITERIA, authenticators }],
    firstFactors: all(parts.first),
    secondFactors: all(parts.second),
    actions: all(parts.actions),
  }
}

export const PASSWORD = {
  factorId: 'factor.password',
  code: 'AT_CUSTPWD',
  type: 'LOGIN',
  stepUp: 'notRequired',
  retry: 3,
}
export const RECOVERY = [
  { actionId: 'action.change_password', type: 'CHANGE_PWD', retry: 3 },
  { actionId: 'action.set_password', type: 'SET_PWD', retry: 3 },
  {
    actionId: 'action.forgot_password',
    type: 'RESET_PWD',
    retry: 3,
    validityPeriod: 900,
    resetPasswordMethods: { email: { template: 'The code is {$secret}. Or open {$link}', templateHtml: false } },
    next_action: 'action.set_password',
  },
]

export const METHODS = {
  email: { template: 'Your code is {$secret}.', templateHtml: false },
  sms: { template: 'Code {$secret}.' },
}

const ACTION = 'urn:hid:scim:api:idp:2.0:Action'

export async function giveOob({ world, bearer }: PortalGround, person: Person, activationCode = 'null'): Promise<void> {
  const { status, text } = await scim(world, bearer, 'POST', '/Authenticator', {
    policy: { value: 'AT_OOB' },
    owner: { value: person.id },
    activationCode,
    schemas: [ACTION],
    [ACTION]: { action: 'REGISTER-OOB', attributes: [{ name: 'OOB_DEVICETYPE_CODE', value: 'DT_OOB' }] },
  })
  if (status !== 201) throw new Error(`no codes were registered: ${status} ${text}`)
}
