/** People who enrol a passkey in the portal and sign in by it: what its tests share. */
import type { BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'
import { loose, type Payload } from '../../../server/test/passkeys/people.ts'
import type { Client, Person, PortalGround } from './portal-ground.ts'
import { type KeyHabits, type VirtualKey, type VirtualKeys, virtualKeys } from './virtual-keys.ts'

export interface Somebody {
  readonly person: Person
  readonly password: string
}

export interface AtKey {
  readonly context: BrowserContext
  readonly page: Page
  readonly keys: VirtualKeys
  readonly key: VirtualKey
}

/** The policy of the published sample's password. */
const POLICY = 'AT_EMPPWD'

export const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
export const follow = (page: Page, name: string | RegExp) => page.getByRole('link', { name }).click()
export const heading = (page: Page, name: string) =>
  page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
export const alerted = (page: Page, hasText: string) => page.getByRole('alert').filter({ hasText }).waitFor()

export class PasskeyPeople {
  readonly #ground: PortalGround

  constructor(ground: PortalGround) {
    this.#ground = ground
  }

  async workflow(change?: (payload: Payload) => void): Promise<Client> {
    return this.#ground.client(await this.#ground.workflow(loose(change)))
  }

  async somebody(): Promise<Somebody> {
    const person = await this.#ground.person()
    return { person, password: await this.#ground.password(person, POLICY) }
  }

  /** From a first screen to the one where the key is made. */
  async protect(page: Page, { person, password }: Somebody): Promise<void> {
    await follow(page, 'Set up a passkey')
    await page.getByText('First confirm that it is you.').waitFor()
    const name = page.getByLabel('User name')
    if (await name.isEditable()) await name.fill(person.name)
    await page.getByLabel('Password', { exact: true }).fill(password)
    await press(page, 'Next')
  }

  /** To the press that makes the key, whatever comes of it. */
  async enrolling(client: Client, who: Somebody, habits: KeyHabits): Promise<AtKey> {
    const { context, page } = await this.#ground.open()
    const keys = await virtualKeys(page)
    const key = await keys.add(habits)
    await this.#ground.begin(page, client)
    await this.protect(page, who)
    await press(page, 'Create passkey')
    return { context, page, keys, key }
  }

  /** Enrolled, and signed in by it at once. */
  async holder(client: Client, habits: KeyHabits = {}): Promise<Somebody & AtKey> {
    const who = await this.somebody()
    const made = await this.enrolling(client, who, habits)
    await made.page.getByText('Your passkey is set up. Now sign in with it.').waitFor()
    await press(made.page, 'Use passkey')
    expect((await this.#ground.told(made.page)).get('code')).toBeTruthy()
    return { ...who, ...made }
  }

  /** Enrolled as what follows the password, and signed in by both. */
  async holderBySecond(client: Client, habits: KeyHabits = {}): Promise<Somebody & AtKey> {
    const who = await this.somebody()
    const { context, page } = await this.#ground.open()
    const keys = await virtualKeys(page)
    const key = await keys.add(habits)
    await this.#ground.begin(page, client, { login_hint: who.person.name })
    await follow(page, /^Password/)
    await page.getByLabel('Password', { exact: true }).fill(who.password)
    await press(page, 'Sign in')
    await follow(page, 'Set up a passkey')
    await press(page, 'Create passkey')
    await page.getByText('Your passkey is set up. Now sign in with it.').waitFor()
    await press(page, 'Use passkey')
    expect((await this.#ground.told(page)).get('code')).toBeTruthy()
    return { ...who, context, page, keys, key }
  }
}
