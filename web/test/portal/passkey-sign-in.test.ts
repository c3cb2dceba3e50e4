/** Passkeys in the portal, with authenticators of Chromium: signing in by one that is enrolled, or not. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { scim } from '../../../server/test/world.ts'
import { alerted, follow, heading, PasskeyPeople, press } from './passkey-people.ts'
import { type Client, type PortalGround, startPortal } from './portal-ground.ts'
import { virtualKeys } from './virtual-keys.ts'

let ground: PortalGround
let people: PasskeyPeople
let sample: Client
/** Its passkeys do not tell whose they are. */
let named: Client

beforeAll(async () => {
  ground = await startPortal()
  people = new PasskeyPeople(ground)
  sample = await people.workflow()
  named = await people.workflow(({ firstFactors, enrollActions: [action] }) => {
    firstFactors.find(({ type }: { type: string }) => type === 'FIDO').discoverCredentialsInDevice = 'false'
    Object.assign(action, { residentKey: 'discouraged', userVerification: 'preferred' })
  })
})
afterAll(() => ground?.close())

const signedIn = async (page: Parameters<PortalGround['told']>[0]) =>
  expect((await ground.told(page)).get('code')).toBeTruthy()

describe('as the first factor', () => {
  it('without a user name, and with the keyboard alone', async () => {
    const { context, page } = await people.holder(sample)
    await ground.begin(page, sample)
    await page.locator('.ways').waitFor()
    expect(await page.locator('#username').getAttribute('autocomplete')).toBe('username webauthn')
    await page.getByRole('link', { name: 'Sign in with a passkey' }).focus()
    await page.keyboard.press('Enter')
    await heading(page, 'Passkey')
    expect(await page.getByLabel('User name').count()).toBe(0)
    await ground.look(page, 'passkey-first')
    await page.getByRole('button', { name: 'Use passkey' }).focus()
    await page.keyboard.press('Enter')
    await signedIn(page)
    await context.close()
  })

  it('by name, chosen among the ways that the person has', async () => {
    const { context, page, person } = await people.holder(sample, { transport: 'usb', backup: true })
    await ground.begin(page, sample, { login_hint: person.name })
    await follow(page, /^Passkey/)
    await press(page, 'Use passkey')
    await signedIn(page)
    await context.close()
  })

  it('by name, of a key that is not discoverable', async () => {
    const { context, page, person, key } = await people.holder(named, { resident: false })
    expect(await key.credentials()).toMatchObject([{ isResidentCredential: false }])
    await ground.begin(page, named)
    await page.getByLabel('User name').fill(person.name)
    await press(page, 'Next')
    await follow(page, /^Passkey/)
    await press(page, 'Use passkey')
    await signedIn(page)
    await context.close()
  })

  it('of nobody: other ways are open', async () => {
    const { context, page } = await ground.open()
    await (await virtualKeys(page)).add()
    await ground.begin(page, sample)
    await follow(page, 'Sign in with a passkey')
    await press(page, 'Use passkey')
    await alerted(page, 'No passkey was used')
    await ground.look(page, 'passkey-none')
    await follow(page, 'Another way to sign in')
    await heading(page, 'How do you want to sign in?')
    await context.close()
  })

  it('of which the check of the person fails is not used', async () => {
    const { context, page, key } = await people.holder(sample)
    await key.verified(false)
    await ground.begin(page, sample)
    await follow(page, 'Sign in with a passkey')
    await press(page, 'Use passkey')
    await alerted(page, 'No passkey was used')
    await key.verified(true)
    await press(page, 'Use passkey')
    await signedIn(page)
    await context.close()
  })

  it('that the server knows no more is refused with words', async () => {
    const { context, page, person } = await people.holder(sample)
    const filter = { filter: `owner.value eq "${person.id}"` }
    const found = await scim(ground.world, ground.bearer, 'POST', '/Device/.search', filter)
    for (const { id } of found.body.resources) await scim(ground.world, ground.bearer, 'DELETE', `/Device/${id}`)
    await ground.begin(page, sample)
    await follow(page, 'Sign in with a passkey')
    await press(page, 'Use passkey')
    await alerted(page, 'This passkey was not accepted.')
    await ground.look(page, 'passkey-unknown')
    await context.close()
  })
})

describe('as the second factor', () => {
  it.each([
    ['with a check of the person', {}],
    ['inside the device, not checked', { transport: 'internal', verifies: false, resident: false }],
  ] as const)('%s', async (_, habits) => {
    const client = 'verifies' in habits ? await uncheckedClient() : sample
    const { context, page, person, password } = await people.holderBySecond(client, habits)
    await ground.begin(page, client, { login_hint: person.name })
    await follow(page, /^Password/)
    await page.getByLabel('Password', { exact: true }).fill(password)
    await press(page, 'Sign in')
    await heading(page, 'Passkey')
    await ground.look(page, 'passkey-second')
    await press(page, 'Use passkey')
    await signedIn(page)
    await context.close()
  })

  it('is set up by who has none, after the password and without asking for it again', async () => {
    const { person, password } = await people.somebody()
    const { context, page } = await ground.open()
    await (await virtualKeys(page)).add()
    await ground.begin(page, sample, { login_hint: person.name })
    if (await page.getByRole('link', { name: /^Password/ }).count()) await follow(page, /^Password/)
    await page.getByLabel('Password', { exact: true }).fill(password)
    await press(page, 'Sign in')
    await heading(page, 'Passkey')
    await press(page, 'Use passkey')
    await alerted(page, 'You have no passkey yet.')
    await follow(page, 'Set up a passkey')
    await press(page, 'Create passkey')
    await page.getByText('Your passkey is set up. Now sign in with it.').waitFor()
    await press(page, 'Use passkey')
    await signedIn(page)
    await context.close()
  })
})

const uncheckedClient = () =>
  people.workflow(({ enrollActions: [action] }) => {
    delete action.authenticatorAttachment
    Object.assign(action, { residentKey: 'discouraged', userVerification: 'discouraged' })
  })

it('no policy was broken, and no script failed', () => {
  expect(ground.errors).toEqual([])
})
