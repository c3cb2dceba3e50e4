/** Signing in with a password: right, wrong until the login is over, changed, forgotten. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { giveAuthenticator } from '../../../server/test/world.ts'
import { tabbed } from '../app-in-browser.ts'
import {
  type Client,
  PASSWORD,
  type Person,
  type PortalGround,
  RECOVERY,
  startPortal,
  workflowOf,
} from './portal-ground.ts'

const OTP = { factorId: 'factor.otp', code: 'AT_OTP', type: 'OTP', retry: 3 }
let ground: PortalGround
let client: Client

beforeAll(async () => {
  ground = await startPortal()
  const actions = ['action.change_password', 'action.forgot_password']
  const first = [{ ...PASSWORD, actions }]
  client = await ground.client(await ground.workflow(workflowOf({ first, actions: RECOVERY })))
})
afterAll(() => ground?.close())

async function somebody(): Promise<{ person: Person; password: string }> {
  const person = await ground.person()
  return { person, password: await ground.password(person) }
}

const NEW = 'Quiet-Harbour-2719'

/** The page as the server sent it stands until what this answers is called. */
async function withoutFlow(page: Page): Promise<() => void> {
  let there: () => void = () => undefined
  const scripts = new Promise<void>(resolve => {
    there = resolve
  })
  await page.route(/\/authn\/flow\?/, async route => {
    await scripts
    // That of a page that was left already is gone.
    await route.continue().catch(() => undefined)
  })
  return there
}

describe('a password', () => {
  it('signs in, from another site and back', async () => {
    const { person, password } = await somebody()
    const { context, page } = await ground.open()
    await ground.begin(page, client)
    await ground.look(page, 'password')
    await page.getByLabel('User name').fill(person.name)
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    const told = await ground.told(page)
    expect(told.get('code')).toBeTruthy()
    expect(told.get('state')).toBe('s')
    await context.close()
  })

  it('is asked for alone where the application names the person, and managers find the name', async () => {
    const { person, password } = await somebody()
    const { context, page } = await ground.open()
    await ground.begin(page, client, { login_hint: person.name })
    await page.getByText(`Signing in as ${person.name}`).waitFor()
    expect(await page.locator('input[autocomplete=username]').inputValue()).toBe(person.name)
    expect(await page.getByRole('link', { name: 'Another user' }).count()).toBe(0)
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.keyboard.press('Enter')
    expect((await ground.told(page)).get('code')).toBeTruthy()
    await context.close()
  })

  it('says what is missing, what is wrong and how often it may be, and then that it is over', async () => {
    const { person } = await somebody()
    const { context, page } = await ground.open()
    await ground.begin(page, client)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('Type your user name.').waitFor()
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('username')
    await ground.look(page, 'missing')
    await page.getByLabel('User name').fill(person.name)
    for (const left of [2, 1]) {
      await page.getByLabel('Password', { exact: true }).fill('wrong')
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page
        .getByRole('alert')
        .filter({ hasText: `Tries left: ${left}.` })
        .waitFor()
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('password')
    }
    await ground.look(page, 'wrong')
    await page.getByLabel('Password', { exact: true }).fill('wrong')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'This sign-in has ended' }).waitFor()
    await ground.look(page, 'over')
    await page.getByRole('link', { name: 'Back to Example Shop' }).click()
    expect((await ground.told(page)).get('error')).toBe('access_denied')
    await context.close()
  })

  it('typed before the scripts were there stays, once', async () => {
    const { person, password } = await somebody()
    const { context, page } = await ground.open()
    const there = await withoutFlow(page)
    await ground.begin(page, client)
    await page.getByLabel('User name').fill(person.name)
    await page.getByLabel('Password', { exact: true }).fill('wrong')
    there()
    await page.getByRole('button', { name: 'Show password' }).waitFor()
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').filter({ hasText: 'Tries left: 2.' }).waitFor()
    expect(await page.getByLabel('Password', { exact: true }).inputValue()).toBe('')
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    expect((await ground.told(page)).get('code')).toBeTruthy()
    await context.close()
  })

  it('who types while the scripts begin goes on where the caret is, from the first moment', async () => {
    const { context, page } = await ground.open()
    const there = await withoutFlow(page)
    await ground.begin(page, client)
    await page.getByLabel('User name').click()
    await page.keyboard.type('aice')
    for (let back = 0; back < 3; back++) await page.keyboard.press('ArrowLeft')
    // Told of the change before anything that waits for the next picture.
    const redrawn = await page.evaluateHandle(() => {
      const seen = new Promise<unknown>(done => {
        const told = () => {
          const field = document.activeElement as HTMLInputElement
          done([field.id, field.value, field.selectionStart])
        }
        new MutationObserver(told).observe(document.getElementById('portal') as HTMLElement, { childList: true })
      })
      return { seen }
    })
    there()
    expect(await redrawn.evaluate(({ seen }) => seen)).toEqual(['username', 'aice', 1])
    await page.getByRole('button', { name: 'Show password' }).waitFor()
    await page.evaluate(() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 150))))
    await page.keyboard.type('l')
    expect(await page.getByLabel('User name').inputValue()).toBe('alice')
    await context.close()
  })

  it('pressed before the scripts were there counts when it is let go', async () => {
    const { person, password } = await somebody()
    const { context, page } = await ground.open()
    const there = await withoutFlow(page)
    await ground.begin(page, client)
    await page.getByLabel('User name').fill(person.name)
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Sign in' }).hover()
    await page.mouse.down()
    const flow = page.waitForResponse(/\/authn\/flow\?/)
    there()
    await flow
    await page.waitForLoadState('networkidle')
    await page.mouse.up()
    expect((await ground.told(page)).get('code')).toBeTruthy()
    await context.close()
  })

  it('what was said to a form that was sent before the scripts were there stays', async () => {
    const { person } = await somebody()
    const { context, page } = await ground.open()
    const there = await withoutFlow(page)
    await ground.begin(page, client)
    await page.getByLabel('User name').fill(person.name)
    await page.getByLabel('Password', { exact: true }).fill('wrong')
    await page.keyboard.press('Enter')
    const said = page.getByRole('alert').filter({ hasText: 'Tries left: 2.' })
    await said.waitFor()
    there()
    await page.getByRole('button', { name: 'Show password' }).waitFor()
    expect(await said.count()).toBe(1)
    await context.close()
  })

  it('a name that was sent before the scripts were there is not asked for again', async () => {
    const { person, password } = await somebody()
    await giveAuthenticator(ground.world, ground.bearer, person.id, 'AT_OTP')
    const several = await ground.client(
      await ground.workflow(workflowOf({ first: [PASSWORD, { ...OTP, stepUp: 'notRequired' }] })),
    )
    const { context, page } = await ground.open()
    const there = await withoutFlow(page)
    await ground.begin(page, several)
    await page.getByLabel('User name').fill(person.name)
    await page.keyboard.press('Enter')
    await page.getByText(`Signing in as ${person.name}`).waitFor()
    const flow = page.waitForResponse(/\/authn\/flow\?/)
    there()
    await flow
    await page.getByRole('link', { name: /Password/ }).click()
    await page.getByText(`Signing in as ${person.name}`).waitFor()
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    expect((await ground.told(page)).get('code')).toBeTruthy()
    await context.close()
  })

  it('can be given up: the application hears it', async () => {
    const { context, page } = await ground.open()
    await ground.begin(page, client)
    await page.getByRole('button', { name: 'Back to Example Shop' }).click()
    expect((await ground.told(page)).get('error')).toBe('access_denied')
    await context.close()
  })

  it('works with the keyboard alone', async () => {
    const { person, password } = await somebody()
    const { context, page } = await ground.open()
    await ground.begin(page, client)
    await page.getByRole('button', { name: 'Show password' }).waitFor()
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('username')
    await page.keyboard.type(person.name)
    await page.keyboard.press('Tab')
    await page.keyboard.type(password)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Space')
    expect(await page.getByLabel('Password', { exact: true }).getAttribute('type')).toBe('text')
    expect(await tabbed(page)).toEqual(['Sign in', 'Forgot your password?', 'Change password', 'Back to Example Shop'])
    await page.getByRole('button', { name: 'Sign in' }).focus()
    await page.keyboard.press('Enter')
    expect((await ground.told(page)).get('code')).toBeTruthy()
    await context.close()
  })
})

describe('a new password', () => {
  it('is set with the old one, its rules shown before and looked at while typing', async () => {
    const { person, password } = await somebody()
    const { context, page } = await ground.open()
    await ground.begin(page, client, { login_hint: person.name })
    await page.getByRole('link', { name: 'Change password' }).click()
    await page.getByRole('heading', { name: 'Change your password' }).waitFor()
    expect(await page.locator('.rules li').count()).toBeGreaterThan(0)
    await page.getByLabel('Current password').fill(password)
    await page.getByLabel('New password').fill('short')
    await ground.look(page, 'change')
    await page.getByRole('button', { name: 'Change password' }).click()
    await page.getByRole('alert').filter({ hasText: 'does not fit the rules' }).waitFor()
    expect(await page.locator('.rules li.broken').count()).toBeGreaterThan(0)
    await ground.look(page, 'change-broken')
    await page.getByLabel('Current password').fill(password)
    await page.getByLabel('New password').fill(NEW)
    expect(await page.locator('.rules li.kept').count()).toBeGreaterThan(0)
    await page.getByRole('button', { name: 'Change password' }).click()
    await page.getByText('Your password is changed.').waitFor()
    await page.getByLabel('Password', { exact: true }).fill(NEW)
    await page.getByRole('button', { name: 'Sign in' }).click()
    expect((await ground.told(page)).get('code')).toBeTruthy()
    await context.close()
  })

  it('is set with a code from the inbox when the old one is forgotten', async () => {
    const { person } = await somebody()
    const { context, page } = await ground.open()
    await ground.begin(page, client)
    await page.getByLabel('User name').fill(person.name)
    await page.getByRole('link', { name: 'Forgot your password?' }).click()
    await page.getByText(`Signing in as ${person.name}`).waitFor()
    await ground.look(page, 'forgot')
    await page.getByRole('button', { name: 'Send code by e-mail' }).click()
    await page.getByRole('heading', { name: 'Choose a new password' }).waitFor()
    await ground.look(page, 'reset')
    await page.getByLabel('Code from the message').fill('00000000')
    await page.getByLabel('New password').fill(NEW)
    await page.getByRole('button', { name: 'Set new password' }).click()
    await page.getByRole('alert').filter({ hasText: 'The code is wrong' }).waitFor()
    await page.getByLabel('Code from the message').fill(await ground.codeFor(person.email))
    await page.getByLabel('New password').fill(NEW)
    await page.getByRole('button', { name: 'Set new password' }).click()
    await page.getByText('Your new password is set.').waitFor()
    await page.getByLabel('Password', { exact: true }).fill(NEW)
    await page.getByRole('button', { name: 'Sign in' }).click()
    expect((await ground.told(page)).get('code')).toBeTruthy()
    await context.close()
  })
})

it('no policy was broken, and no script failed', () => {
  expect(ground.errors).toEqual([])
})
