/** Passkeys in the portal, with authenticators of Chromium: enrolled after the protection, then the first or the second factor. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { alerted, follow, heading, PasskeyPeople, press } from './passkey-people.ts'
import { type Client, type PortalGround, startPortal } from './portal-ground.ts'
import { virtualKeys } from './virtual-keys.ts'

let ground: PortalGround
let people: PasskeyPeople
let sample: Client

beforeAll(async () => {
  ground = await startPortal()
  people = new PasskeyPeople(ground)
  sample = await people.workflow()
})
afterAll(() => ground?.close())

describe('enrolment', () => {
  it('goes from the protection over the key to a sign-in with it', async () => {
    const who = await people.somebody()
    const { context, page } = await ground.open()
    const key = await (await virtualKeys(page)).add()
    await ground.begin(page, sample)
    await ground.look(page, 'passkey-name')
    await follow(page, 'Set up a passkey')
    await heading(page, 'Set up a passkey')
    await ground.look(page, 'passkey-protect')
    await page.getByLabel('User name').fill(who.person.name)
    await page.getByLabel('Password', { exact: true }).fill(`${who.password}x`)
    await press(page, 'Next')
    await alerted(page, 'The user name or the password is wrong.')
    await page.getByText('Tries left: 2.').waitFor()
    await ground.look(page, 'passkey-protect-wrong')
    await page.getByLabel('Password', { exact: true }).fill(who.password)
    await press(page, 'Next')
    await page.getByRole('button', { name: 'Create passkey' }).waitFor()
    await ground.look(page, 'passkey-create')
    await press(page, 'Create passkey')
    await page.getByRole('status').filter({ hasText: 'Your passkey is set up.' }).waitFor()
    expect(await key.credentials()).toMatchObject([{ isResidentCredential: true }])
    await ground.look(page, 'passkey-enrolled')
    await press(page, 'Use passkey')
    expect((await ground.told(page)).get('code')).toBeTruthy()
    await context.close()
  })

  it.each([
    ['by USB, with a check of the person', { transport: 'usb' }, 'cross-platform'],
    ['inside the device, kept in a backup', { transport: 'internal', backup: true }, 'platform'],
    ['inside the device, without a backup', { transport: 'internal' }, undefined],
  ] as const)('takes keys %s', async (_, habits, attachment) => {
    const client = await people.workflow(({ enrollActions: [action] }) => {
      if (attachment) action.authenticatorAttachment = attachment
      else delete action.authenticatorAttachment
    })
    const { context } = await people.holder(client, habits)
    await context.close()
  })

  it.each([
    ['cannot check the person', { verifies: false }, 'No passkey was made'],
    ['has no room for discoverable keys', { resident: false }, 'No passkey was made'],
  ] as const)('says so when a key %s', async (_, habits, words) => {
    const { context, page } = await people.enrolling(sample, await people.somebody(), habits)
    await alerted(page, words)
    await context.close()
  })

  it.each([
    [
      'its model is not in the list',
      { allowedAAGUIDs: ['b93fd961-f2e6-462f-b122-82002247de78'] },
      'kind of key is not',
    ],
    [
      'nobody vouches for it',
      { attestationVerification: 'direct', allowedAAGUIDs: CHROMIUM() },
      'could not be confirmed',
    ],
  ])('is refused with clear words when %s', async (_, members, words) => {
    const client = await people.workflow(({ enrollActions: [action] }) => void Object.assign(action, members))
    const { context, page } = await people.enrolling(client, await people.somebody(), {})
    await alerted(page, words)
    await ground.look(page, `passkey-refused-${words.slice(0, 5)}`)
    await context.close()
  })

  it('can be left while the browser waits for a key that fits', async () => {
    const { context, page } = await people.enrolling(sample, await people.somebody(), { transport: 'internal' })
    await page.locator('.step .spinner').waitFor()
    await follow(page, 'Not now')
    await page.getByRole('link', { name: 'Set up a passkey' }).waitFor()
    await context.close()
  })

  it('needs the device that waits, where the workflow binds', async () => {
    const client = await people.workflow(({ enrollActions: [action] }) => {
      action.deviceBinding = 'required'
    })
    const { context, page, key } = await people.enrolling(client, await people.somebody(), {})
    await alerted(page, 'No key is prepared for you.')
    expect(await key.credentials()).toEqual([])
    await context.close()
  })

  it('makes no second key on the same authenticator', async () => {
    const { context, page, person, password } = await people.holder(sample)
    await ground.begin(page, sample)
    await people.protect(page, { person, password })
    await press(page, 'Create passkey')
    await alerted(page, 'This key is set up already.')
    await context.close()
  })

  it('is closed in this sign-in when its tries are up', async () => {
    const client = await people.workflow(({ enrollActions: [action] }) => {
      Object.assign(action, { retry: 1, allowedAAGUIDs: ['b93fd961-f2e6-462f-b122-82002247de78'] })
    })
    const { context, page } = await people.enrolling(client, await people.somebody(), {})
    await alerted(page, 'kind of key is not allowed')
    await press(page, 'Create passkey')
    await alerted(page, 'No more can be set up in this sign-in.')
    await context.close()
  })
})

/** The model that Chromium's authenticators say they are of, and that of none. */
function CHROMIUM(): readonly string[] {
  return ['01020304-0506-0708-0102-030405060708', '00000000-0000-0000-0000-000000000000']
}

it('no policy was broken, and no script failed', () => {
  expect(ground.errors).toEqual([])
})
