/**
 * The page of people's own devices in Chromium, against a whole server: signed in by its portal, a phone added, named and removed, a
 * password changed, with the keyboard alone, in two languages. Pictures go to COUNTERSIGN_SCREENSHOTS where it is set.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { readInvitation } from '@countersign/sdk/invitation.ts'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { enrolled, type Phone } from '../../server/test/approve/phones.ts'
import { clientToken, givePassword, makeUser, scim, startWorld, type World } from '../../server/test/world.ts'
import { faultsOf, tabbed } from './app-in-browser.ts'
import { type OpenBrowser, openBrowser } from './browser.ts'

const pictures = process.env.COUNTERSIGN_SCREENSHOTS
let world: World
let browser: OpenBrowser
let bearer: string

beforeAll(async () => {
  // Nothing is served there: only the link to it is looked at.
  world = await startWorld('SQLite', { COUNTERSIGN_APPROVE_URL: 'http://localhost:9' })
  bearer = await clientToken(world)
  browser = await openBrowser()
})
afterAll(async () => {
  await browser.close()
  await world.close()
})

const address = () => `${world.base.replace('127.0.0.1', 'localhost')}/${world.demo.tenant}/account/`
const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name })
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

async function person() {
  const user = await makeUser(world, bearer)
  await scim(world, bearer, 'PUT', `/Users/${user.id}`, { name: { givenName: 'Ada', familyName: 'Test' } })
  return { ...user, password: await givePassword(world, bearer, user.id) }
}
type Person = Awaited<ReturnType<typeof person>>

async function open(options: BrowserContextOptions = {}) {
  const page = await browser.page(options)
  await page.goto(address())
  return page
}

async function proveByPassword(page: Page, { name, password }: Pick<Person, 'name' | 'password'>) {
  await page.locator('input[autocomplete~="username"]').fill(name)
  await page.keyboard.press('Enter')
  await page.locator('input[type="password"]').fill(password)
  await page.keyboard.press('Enter')
}

/** Each step wide, narrow, and dark at the narrowest; no rule of accessibility is broken in any. */
async function look(page: Page, name: string) {
  expect(await faultsOf(page), name).toEqual([])
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await faultsOf(page, [320]), `${name}, dark`).toEqual([])
  await page.emulateMedia({ colorScheme: 'light' })
  if (!pictures) return
  mkdirSync(pictures, { recursive: true })
  for (const [look, width] of [
    ['light', 1280],
    ['light', 360],
    ['dark', 320],
  ] as const) {
    await page.emulateMedia({ colorScheme: look })
    await page.setViewportSize({ width, height: 800 })
    await page.screenshot({ path: join(pictures, `account-${name}-${width}-${look}.png`), fullPage: true })
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 1280, height: 800 })
}

async function signedInByPassword(user: Person, options: BrowserContextOptions = {}) {
  const page = await open(options)
  await proveByPassword(page, user)
  await heading(page, /Ada/).waitFor()
  return page
}

async function addPhone(page: Page): Promise<Phone> {
  await button(page, 'Add a phone').click()
  await heading(page, 'Add a phone').waitFor()
  const link = (await page.getByRole('link', { name: 'Open the approve app' }).getAttribute('href')) ?? ''
  const message = Buffer.from(link.split('#invite=')[1] ?? '', 'base64url').toString()
  const phone = await enrolled(world, readInvitation(message), { provision: '', device: '', message, file: '' })
  await heading(page, 'The phone is registered').waitFor()
  return phone
}

test('H7: the page lets nothing inline run, is framed by nobody, and leaves no trace of the code in its address', async () => {
  const { headers, status } = await fetch(address())
  expect(status).toBe(200)
  expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/)
  expect(headers.get('content-security-policy')).not.toMatch(/unsafe|\*/)
  const page = await signedInByPassword(await person())
  expect(page.url()).toBe(address())
  const kept = await page.evaluate(() => [sessionStorage.length, localStorage.length, document.cookie])
  expect(kept.slice(0, 2)).toEqual([0, 0])
  expect(browser.errors).toEqual([])
})

test('somebody without a device adds a phone, and after that a password alone changes none', async () => {
  const user = await person()
  const page = await signedInByPassword(user)
  await look(page, 'empty')
  await button(page, 'Add a phone').click()
  await page.getByRole('img', { name: 'QR code of the invitation' }).waitFor()
  await look(page, 'add')
  await button(page, 'Cancel').click()
  await button(page, 'Remove Approve app').click()
  await page.getByRole('button', { name: 'Remove it' }).click()
  await page.getByText('The device is removed.').waitFor()
  await addPhone(page)
  await look(page, 'added')
  await button(page, 'Back to your devices').click()
  await page.getByText('You signed in without one of your devices.').waitFor()
  await look(page, 'device-needed')
  expect(await page.getByRole('button', { name: /Remove|Rename|Add/ }).count()).toBe(0)
  expect(browser.errors).toEqual([])
})

test('who signs in by password and phone renames, adds and removes', async () => {
  const user = await person()
  const first = await signedInByPassword(user)
  const phone = await addPhone(first)
  const page = await open()
  await proveByPassword(page, user)
  await page.getByText('Confirm on your phone').click()
  await page.getByRole('button', { name: 'Send request' }).click()
  const number = await page.locator('.number strong').textContent()
  const [asked] = (await phone.container.inbox()).requests
  if (!asked) throw new Error('the phone was not asked')
  const request = await phone.container.retrieve(asked.id)
  await phone.container.answer(request, request.statuses[0] ?? '', { number: number?.trim() ?? '' })
  await heading(page, /Ada/).waitFor()
  await page.getByText('You signed in with it').waitFor()
  await look(page, 'both')
  await button(page, 'Rename Test phone').click()
  await page.getByLabel('Name of the device').fill('Private phone')
  await button(page, 'Save').click()
  await page.getByText('The device has its new name.').waitFor()
  await button(page, 'Remove Private phone').click()
  await page.getByText('It is your only device.').waitFor()
  await look(page, 'remove-last')
  await button(page, 'Remove it').click()
  await page.getByText('The device is removed.').waitFor()
  await expect(phone.container.inbox()).rejects.toThrow()
  expect(browser.errors).toEqual([])
})

test('a password is changed by the present one, its rules shown; then the person signs in anew', async () => {
  const user = await person()
  const page = await signedInByPassword(user)
  await button(page, 'Change Standard password').click()
  const [old, next, again] = [
    page.getByLabel('Present password', { exact: true }),
    page.getByLabel('New password', { exact: true }),
    page.getByLabel('New password again', { exact: true }),
  ]
  await page.getByText('at least 8 characters').waitFor()
  await next.fill('abc')
  await look(page, 'password')
  await button(page, 'Change the password').click()
  expect(await old.evaluate(one => one === document.activeElement)).toBe(true)
  await old.fill('wrong')
  await next.fill('Tr0ubadour-Xk-91')
  await again.fill('Tr0ubadour-Xk-9')
  await page.keyboard.press('Enter')
  await page.getByText('The two are not the same.').waitFor()
  await again.fill('Tr0ubadour-Xk-91')
  await page.keyboard.press('Enter')
  await page.getByText('The present password is not right.').waitFor()
  await old.fill(user.password)
  await next.fill('password')
  await again.fill('password')
  await page.keyboard.press('Enter')
  await page.getByText('The new password does not fit the rules above.').waitFor()
  await look(page, 'password-broken')
  await next.fill('Tr0ubadour-Xk-91')
  await again.fill('Tr0ubadour-Xk-91')
  await page.keyboard.press('Enter')
  await heading(page, 'The password is changed').waitFor()
  await look(page, 'password-changed')
  await button(page, 'Sign in').click()
  await proveByPassword(page, { ...user, password: 'Tr0ubadour-Xk-91' })
  await heading(page, /Ada/).waitFor()
  expect(browser.errors).toEqual([])
})

test('signing out ends the session; who gives the sign-in up is told', async () => {
  const page = await signedInByPassword(await person())
  await button(page, 'Sign out').click()
  await heading(page, 'You are signed out').waitFor()
  await look(page, 'signed-out')
  await page.goto(`${address()}?error=access_denied&state=x`)
  await heading(page, 'You are not signed in').waitFor()
  expect(page.url()).toBe(address())
  // A code that was not asked for here is not redeemed.
  await page.goto(`${address()}?code=stolen&state=x`)
  await page.getByText(/tell your help desk: state/).waitFor()
  expect(browser.errors).toEqual([])
})

test('the keyboard reaches everything, dialogs keep it and give it back; French is spoken', async () => {
  const user = await person()
  const page = await signedInByPassword(user)
  await button(page, 'Add a phone').click()
  await button(page, 'Cancel').click()
  await button(page, 'Rename Approve app').waitFor()
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('H1')
  // From the top, where the way past the header is.
  await page.evaluate(() => document.querySelector<HTMLElement>('.skip')?.focus())
  const names = await tabbed(page)
  for (const name of [
    'Sign out',
    'Rename Approve app',
    'Remove Approve app',
    'Add a phone',
    'Change Standard password',
  ])
    expect(names).toContain(name)
  await button(page, 'Rename Approve app').focus()
  await page.keyboard.press('Enter')
  await heading(page, 'Rename Approve app').waitFor()
  await look(page, 'rename')
  await page.keyboard.press('Escape')
  await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))
  await expect.poll(focused).toBe('Rename Approve app')
  await page.keyboard.press('Enter')
  await page.getByLabel('Name of the device').fill('Work phone')
  await page.keyboard.press('Enter')
  await page.getByText('The device has its new name.').waitFor()
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('devices')
  await button(page, 'Remove Work phone').click()
  await look(page, 'remove')
  await page.keyboard.press('Escape')

  const french = await signedInByPassword(user, { locale: 'fr-FR' })
  await french.getByRole('heading', { name: 'Appareils' }).waitFor()
  expect(await french.evaluate(() => document.documentElement.lang)).toBe('fr')
  await look(french, 'french')
  expect(browser.errors).toEqual([])
})
