/**
 * Passkeys among the names that the browser proposes. Chromium's own authenticator answers such a request as if the person had picked it
 * at once, when somebody is present; the list itself is the browser's and cannot be looked at here.
 */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { heading, PasskeyPeople, press } from './passkey-people.ts'
import { type Client, type PortalGround, startPortal } from './portal-ground.ts'

let ground: PortalGround
let people: PasskeyPeople
let sample: Client

beforeAll(async () => {
  ground = await startPortal()
  people = new PasskeyPeople(ground)
  sample = await people.workflow(({ enrollActions: [action] }) => {
    delete action.authenticatorAttachment
  })
})
afterAll(() => ground?.close())

/** Grants of the calls of `code`, as they go out. */
function callsOf(page: Page): string[] {
  const seen: string[] = []
  page.on('request', request => {
    const grant = request.method() === 'POST' && new URLSearchParams(request.postData() ?? '').get('grant_type')
    if (grant) seen.push(grant)
  })
  return seen
}

/** Nobody picks anything for now. */
async function quiet() {
  const made = await people.holder(sample, { transport: 'internal' })
  await made.key.present(false)
  const calls = callsOf(made.page)
  await ground.begin(made.page, sample)
  await expect.poll(() => calls).toEqual(['fido_challenge'])
  return { ...made, calls }
}

describe('beside the user name', () => {
  it('one that is picked signs in, without a press on anything of ours', async () => {
    const { context, page } = await people.holder(sample, { transport: 'internal' })
    const calls = callsOf(page)
    await ground.begin(page, sample)
    expect((await ground.told(page)).get('code')).toBeTruthy()
    expect(calls).toEqual(['fido_challenge', 'password'])
    await context.close()
  })

  it('whoever types a name goes on, and the quiet request is over', async () => {
    const { context, page, calls, person, password } = await quiet()
    await page.getByLabel('User name').fill(person.name)
    await press(page, 'Next')
    await heading(page, 'How do you want to sign in?')
    await page.getByRole('link', { name: /^Password/ }).click()
    await page.getByLabel('Password', { exact: true }).fill(password)
    expect(calls).toEqual(['fido_challenge'])
    await context.close()
  })

  it('a request by press takes the place of the quiet one', async () => {
    const { context, page, key, calls } = await quiet()
    await page.getByRole('link', { name: 'Sign in with a passkey' }).click()
    await key.present(true)
    await press(page, 'Use passkey')
    expect((await ground.told(page)).get('code')).toBeTruthy()
    expect(calls).toEqual(['fido_challenge', 'fido_challenge', 'password'])
    await context.close()
  })

  it('back at the name, it is asked for again', async () => {
    const { context, page, key, calls } = await quiet()
    await page.getByRole('link', { name: 'Set up a passkey' }).click()
    await heading(page, 'Set up a passkey')
    await key.present(true)
    await page.getByRole('link', { name: 'Not now' }).click()
    expect((await ground.told(page)).get('code')).toBeTruthy()
    expect(calls).toEqual(['fido_challenge', 'fido_challenge', 'password'])
    await context.close()
  })
})

it('a workflow without discoverable passkeys asks for nothing', async () => {
  const client = await people.workflow(({ firstFactors }) => {
    firstFactors.find(({ type }: { type: string }) => type === 'FIDO').discoverCredentialsInDevice = 'false'
  })
  const { context, page } = await ground.open()
  const calls = callsOf(page)
  await ground.begin(page, client)
  await page.getByLabel('User name').fill('somebody')
  expect(await page.locator('#username').getAttribute('autocomplete')).toBe('username')
  expect(calls).toEqual([])
  await context.close()
})

it('a browser without passkeys says so, and other ways stay open', async () => {
  const { context, page } = await ground.open()
  await context.addInitScript(() => {
    // biome-ignore lint/suspicious/noExplicitAny: what an old browser does not have
    delete (window as any).PublicKeyCredential
  })
  await ground.begin(page, sample)
  await page.getByRole('link', { name: 'Sign in with a passkey' }).click()
  await page.getByRole('alert').filter({ hasText: 'This browser cannot use passkeys here.' }).waitFor()
  expect(await page.getByRole('button', { name: 'Use passkey' }).count()).toBe(0)
  await ground.look(page, 'passkey-unsupported')
  await page.getByRole('link', { name: 'Another way to sign in' }).click()
  await heading(page, 'How do you want to sign in?')
  await context.close()
})

it('without scripts the factor says what it needs, and other ways stay open', async () => {
  const { context, page } = await ground.open({ javaScriptEnabled: false })
  await ground.begin(page, sample)
  await page.getByRole('link', { name: 'Sign in with a passkey' }).click()
  await page.getByText('Passkeys need scripts').waitFor()
  expect(await page.getByRole('button', { name: 'Use passkey' }).count()).toBe(0)
  await page.getByRole('link', { name: 'Another way to sign in' }).click()
  await heading(page, 'How do you want to sign in?')
  await context.close()
})

it('no policy was broken, and no script failed', () => {
  expect(ground.errors).toEqual([])
})
