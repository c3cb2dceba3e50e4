/** What tests of passkeys in logins share: a tenant's workflow without the rules that no software key can keep, people, keys. */
import { Browser, type PortalClient, portalClient, push, sample } from '../sign-in/browser.ts'
import { clientToken, givePassword, makeUser, type Reply, type World } from '../world.ts'
import { type Habits, SoftAuthenticator } from './authenticator.ts'

export const FIDO = { authType: 'AT_FIDO' } as const

// biome-ignore lint/suspicious/noExplicitAny: a workflow as it is written
export type Payload = any

/** The published sample, loosened: any model, no attestation, no device that waits. */
export function loose(change: (payload: Payload) => void = () => undefined): Payload {
  const payload = sample('passkey')
  const [action] = payload.enrollActions
  delete action.allowedAAGUIDs
  Object.assign(action, { attestationVerification: 'none', deviceBinding: 'notRequired', retry: 3 })
  change(payload)
  return payload
}

export interface Somebody {
  readonly id: string
  readonly name: string
  readonly password: string
}

export class PasskeyPeople {
  readonly world: World
  readonly bearer: string
  /** As the server says it of itself. */
  readonly origin: string

  private constructor(world: World, bearer: string) {
    this.world = world
    this.bearer = bearer
    this.origin = world.base.replace('127.0.0.1', 'localhost')
  }

  static async of(world: World): Promise<PasskeyPeople> {
    return new PasskeyPeople(world, await clientToken(world))
  }

  async somebody(): Promise<Somebody> {
    const { id, name } = await makeUser(this.world, this.bearer)
    return { id, name, password: await givePassword(this.world, this.bearer, id, 'AT_EMPPWD') }
  }

  client(payload: Payload = loose(), metadata: Record<string, unknown> = {}): Promise<PortalClient> {
    return portalClient(this.world, this.bearer, payload, metadata)
  }

  /** A login in a browser, or of an application's own front end. */
  async login(
    client: PortalClient,
    name?: string,
    visited = true,
    more: Record<string, string> = {},
  ): Promise<Browser> {
    const browser = new Browser(this.world)
    const requestUri = await push(this.world, client, { ...(name ? { login_hint: name } : {}), ...more })
    browser.requestUri = requestUri
    if (visited) await browser.visit(client, requestUri)
    return browser
  }

  protect(browser: Browser, { name: username, password }: Somebody): Promise<Reply> {
    return browser.enrolCode({ authType: 'AT_EMPPWD', username, password })
  }

  async enrol(client: PortalClient, who: Somebody, key: SoftAuthenticator): Promise<Reply> {
    const browser = await this.login(client, who.name, false)
    await this.protect(browser, who)
    return this.register(browser, who, key)
  }

  async register(browser: Browser, { name: username }: Pick<Somebody, 'name'>, key: SoftAuthenticator, more = {}) {
    const options = await creationOptions(browser, username)
    return registration(browser, username, key.create(options, this.origin), more)
  }

  /** Somebody with a passkey, and its authenticator. */
  async holder(client: PortalClient, habits: Habits = {}) {
    const who = await this.somebody()
    const key = new SoftAuthenticator(habits)
    const reply = await this.enrol(client, who, key)
    if (reply.status !== 200) throw new Error(`enrol: ${reply.status} ${reply.text}`)
    return { who, key, device: reply.body.device_id as string }
  }

  async assertion(browser: Browser, key: SoftAuthenticator, username?: string) {
    const options = await browser.json('code', { ...FIDO, grant_type: 'fido_challenge', username })
    if (options.status !== 200) throw new Error(`options: ${options.status} ${options.text}`)
    return key.get(options.body, this.origin)
  }

  async signIn(browser: Browser, key: SoftAuthenticator, username?: string): Promise<Reply> {
    return proved(browser, await this.assertion(browser, key, username), username)
  }
}

export async function creationOptions(browser: Browser, username: string) {
  const reply = await browser.json('enroll/fido', { ...FIDO, enroll_step: 'getcredentialoptions', username })
  if (reply.status !== 200) throw new Error(`options: ${reply.status} ${reply.text}`)
  return reply.body.publicKeyCredentialOptions
}

export const registration = (browser: Browser, username: string, credential: unknown, more = {}): Promise<Reply> =>
  browser.json('enroll/fido', { ...FIDO, enroll_step: 'registercredential', username, credential, ...more })

export const proved = (browser: Browser, password: unknown, username?: string): Promise<Reply> =>
  browser.json('code', { ...FIDO, grant_type: 'password', username, password })
