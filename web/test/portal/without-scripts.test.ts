/** The portal in a browser whose scripts are off: the same screens as forms, which the server sends back to the next one. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { giveAuthenticator, giveToken, totpAt } from '../../../server/test/world.ts'
import {
  type Client,
  giveOob,
  METHODS,
  PASSWORD,
  type PortalGround,
  RECOVERY,
  startPortal,
  workflowOf,
} from './portal-ground.ts'

let ground: PortalGround
let client: Client

const OTP = { factorId: 'factor.otp', code: 'AT_OTP', type: 'OTP', retry: 3 }
const OOB = { factorId: 'factor.oob', code: 'AT_OOB', type: 'OOB', retry: 3, oobMethods: METHODS }
const NEW = 'Quiet-Harbour-2719'

beforeAll(async () => {
  ground = await startPortal()
  const actions = ['action.change_password', 'action.forgot_password']
  const first = [{ ...PASSWORD, stepUp: 'automatic', actions }]
  const payload = workflowOf({ first, second: [OTP, OOB], actions: RECOVERY })
  client = await ground.client(await ground.workflow(payload), { hid_client_consentprompt: 'true' })
})
afterAll(() => ground?.close())

const plain = () => ground.open({ javaScriptEnabled: false })
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

/** The page as it stands, examined in a browser with scripts: what examines is a script. */
async function look(page: Page, name: string): Promise<void> {
  const body = (await page.content()).replace(/<script type="module".*?<\/script>/, '')
  const { context, page: copy } = await ground.open()
  await copy.route(page.url(), route => route.fulfill({ contentType: 'text/html;charset=UTF-8', body }))
  await copy.goto(page.url())
  await ground.look(copy, name)
  await context.close()
}

async function typePassword(page: Page, password: string): Promise<void> {
  await page.getByLabel('Password', { exact: true }).fill(password)
  await press(page, 'Sign in')
}

describe('without scripts', () => {
  it('a password, wrong once, and a consent', async () => {
    const person = await ground.person()
    const password = await ground.password(person)
    const { context, page } = await plain()
    await ground.begin(page, client)
    await page.getByLabel('User name').fill(person.name)
    await typePassword(page, 'wrong')
    await page.getByRole('alert').filter({ hasText: 'Tries left: 2.' }).waitFor()
    await look(page, 'plain-wrong')
    await page.getByLabel('User name').fill(person.name)
    await typePassword(page, password)
    await page.getByRole('heading', { name: 'Share with Example Shop?' }).waitFor()
    await page.getByText('Your user name').waitFor()
    await press(page, 'Allow')
    expect((await ground.told(page)).get('code')).toBeTruthy()
    await context.close()
  })

  it('a second step chosen: a code by SMS, then the code of a token', async () => {
    const person = await ground.person()
    const password = await ground.password(person)
    await giveOob(ground, person)
    await giveAuthenticator(ground.world, ground.bearer, person.id, 'AT_OTP')
    const { seed } = await giveToken(ground.world, ground.bearer, person.id)
    const { context, page } = await plain()
    await ground.begin(page, client, { login_hint: person.name })
    await typePassword(page, password)
    await page.getByRole('heading', { name: 'One more step' }).waitFor()
    await page.getByRole('link', { name: /Code by e-mail/ }).click()
    await press(page, 'Send code by text message')
    await page.getByText('A code is on its way to your phone').waitFor()
    await page.getByLabel('Code').fill('00000000')
    await press(page, 'Sign in')
    await page.getByRole('alert').filter({ hasText: 'have another one sent' }).waitFor()
    await look(page, 'plain-sent')
    await page.getByRole('link', { name: 'Another way to sign in' }).click()
    await page.getByRole('link', { name: /One-time code/ }).click()
    await page.getByLabel('Code').fill(totpAt(seed, ground.world.now_seconds()))
    await press(page, 'Sign in')
    await page.getByRole('heading', { name: 'Share with Example Shop?' }).waitFor()
    await press(page, 'Do not allow')
    await page.getByRole('link', { name: 'Back to Example Shop' }).click()
    expect((await ground.told(page)).get('error')).toBe('access_denied')
    await context.close()
  })

  it('a changed password, broken rules first', async () => {
    const person = await ground.person()
    const password = await ground.password(person)
    const { context, page } = await plain()
    await ground.begin(page, client, { login_hint: person.name })
    await page.getByRole('link', { name: 'Change password' }).click()
    await page.getByLabel('Current password').fill(password)
    await page.getByLabel('New password').fill('short')
    await press(page, 'Change password')
    await page.getByRole('alert').filter({ hasText: 'does not fit the rules' }).waitFor()
    expect(await page.locator('.rules li.broken').count()).toBeGreaterThan(0)
    await look(page, 'plain-broken')
    await page.getByLabel('Current password').fill(password)
    await page.getByLabel('New password').fill(NEW)
    await press(page, 'Change password')
    await page.getByText('Your password is changed.').waitFor()
    await typePassword(page, NEW)
    await page.getByRole('heading', { name: 'Share with Example Shop?' }).waitFor()
    await context.close()
  })

  it('a forgotten password: by the code, and by the link, which needs a press', async () => {
    const person = await ground.person()
    await ground.password(person)
    const { context, page } = await plain()
    await ground.begin(page, client, { login_hint: person.name })
    await page.getByRole('link', { name: 'Forgot your password?' }).click()
    await press(page, 'Send code by e-mail')
    await page.getByText(`If ${person.name} is known here`).waitFor()
    await page.getByLabel('Code from the message').fill(await ground.codeFor(person.email))
    await page.getByLabel('New password').fill(NEW)
    await press(page, 'Set new password')
    await page.getByText('Your new password is set.').waitFor()
    await typePassword(page, NEW)
    await page.getByRole('heading', { name: 'Share with Example Shop?' }).waitFor()
    await context.close()
  })

  it('one of several first factors: the name is typed once, and stands in no address', async () => {
    const person = await ground.person()
    const password = await ground.password(person)
    await giveAuthenticator(ground.world, ground.bearer, person.id, 'AT_OTP')
    await giveToken(ground.world, ground.bearer, person.id)
    const first = [PASSWORD, { ...OTP, stepUp: 'notRequired' }]
    const several = await ground.client(await ground.workflow(workflowOf({ first })))
    const { context, page } = await plain()
    await ground.begin(page, several)
    await page.getByLabel('User name').fill(person.name)
    await press(page, 'Next')
    await page.getByText(`Signing in as ${person.name}`).waitFor()
    await page.getByRole('button', { name: /One-time code/ }).click()
    await page.getByRole('heading', { name: 'One-time code' }).waitFor()
    await press(page, 'Another way to sign in')
    await page.getByRole('button', { name: /Password/ }).click()
    await look(page, 'plain-typed')
    expect(page.url()).not.toContain('mail.example')
    await typePassword(page, password)
    expect((await ground.told(page)).get('code')).toBeTruthy()
    await context.close()
  })

  it('R4: a link shows what it would do, and a press does it, once', async () => {
    const person = await ground.person()
    await ground.password(person)
    const { context, page } = await ground.open()
    await ground.begin(page, client, { login_hint: person.name })
    await page.getByRole('link', { name: 'Forgot your password?' }).click()
    await press(page, 'Send code by e-mail')
    await page.getByText(`If ${person.name} is known here`).waitFor()
    await ground.codeFor(person.email)
    const link = /https?:\S+token=[\w-]+/.exec(ground.inbox.messages.at(-1)?.text ?? '')?.[0] ?? ''
    const other = await plain()
    for (let visit = 0; visit < 3; visit++) await other.page.goto(link)
    await other.page.getByText('You asked for a new password.').waitFor()
    await look(other.page, 'link')
    await other.page.getByLabel('New password').fill('short')
    await press(other.page, 'Set new password')
    await other.page.getByRole('alert').filter({ hasText: 'does not fit the rules' }).waitFor()
    await other.page.getByLabel('New password').fill(NEW)
    await press(other.page, 'Set new password')
    await other.page.getByText('Your new password is set.').waitFor()
    await look(other.page, 'link-done')
    await other.page.goto(link)
    await other.page.getByRole('alert').filter({ hasText: 'no longer good' }).waitFor()
    await other.context.close()
    await context.close()
  })

  it('it is given up by a press', async () => {
    const { context, page } = await plain()
    await ground.begin(page, client)
    await press(page, 'Back to Example Shop')
    await page.getByRole('link', { name: 'Back to Example Shop' }).click()
    expect((await ground.told(page)).get('error')).toBe('access_denied')
    await context.close()
  })
})

describe('P6', () => {
  it('a browser to which the login does not belong is shown nothing of it', async () => {
    const { context, page } = await ground.open()
    await ground.begin(page, client)
    const stranger = await ground.open()
    await stranger.page.goto(page.url())
    await stranger.page.getByRole('heading', { name: 'This sign-in cannot go on here' }).waitFor()
    expect(await stranger.page.content()).not.toMatch(/csrf|Example Shop|<form|id="boot"/)
    await ground.look(stranger.page, 'stranger')
    await stranger.context.close()
    await context.close()
  })
})

it('no policy was broken, and no script failed', () => {
  expect(ground.errors).toEqual([])
})
