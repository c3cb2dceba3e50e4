/** The approve app before any service is asked: its first pages, by keyboard, at both widths, in both schemes; and without a network. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AppInBrowser, faultsOf, startApp, tabbed } from './app-in-browser.ts'

let app: AppInBrowser

beforeAll(async () => {
  app = await startApp(0, ['http://localhost:9'])
})
afterAll(() => app?.close())

const OFFLINE =
  'otpauth://totp/Example%20Bank:alice?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Example%20Bank&algorithm=SHA1&digits=8&period=30'

describe('accessibility', () => {
  it.each(['light', 'dark'] as const)('of the pages that are reached without an account, %s', async colorScheme => {
    const { context, page } = await app.open({ colorScheme })
    for (const hash of ['#/', '#/add', '#/typed', '#/pasted', '#/scan', '#/scanned', '#/invitation', '#/account/x']) {
      await page.goto(app.origin + hash)
      await page.getByRole('heading', { level: 1 }).waitFor()
      expect(await faultsOf(page, [1280, 360, 320]), hash).toEqual([])
    }
    await context.close()
  })

  it('the keyboard reaches everything, in the order of the page', async () => {
    const { context, page } = await app.open()
    expect(await tabbed(page)).toEqual(['Skip to content', 'Countersign Approve', 'Add an account'])
    await page.keyboard.press('Tab')
    await page.getByRole('link', { name: 'Add an account' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Add an account' }).waitFor()
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1')
    expect(await tabbed(page)).toEqual([
      'Scan the QR code',
      'Choose an image with a QR code',
      'Paste the invitation',
      'Type it in',
    ])
    await page.getByRole('heading', { name: 'Add an account' }).focus()
    await page.keyboard.press('Shift+Tab')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Back')
    await context.close()
  })
})

describe('an invitation by hand', () => {
  it('says what is missing, and puts the focus there', async () => {
    const { context, page } = await app.open()
    await page.goto(`${app.origin}#/typed`)
    await page.getByLabel('User ID').fill('alice')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByText('Type the invite code from your invitation.').waitFor()
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-invalid'))).toBe('true')
    expect(await faultsOf(page)).toEqual([])
    await page.getByLabel('Invite code').fill('ABCDEFGHJK')
    await page.getByLabel('Service').fill('https://id.example.com/bank/')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByText('This is the first account of id.example.com/bank in this app.').waitFor()
    expect(await page.getByLabel('Name of this device').inputValue()).toBe('Chrome on Linux')
    expect(await faultsOf(page)).toEqual([])
    await context.close()
  })

  it('what is no invitation is said to be none', async () => {
    const { context, page } = await app.open()
    await page.goto(`${app.origin}#/pasted`)
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByText('Paste the invitation into this field first.').waitFor()
    await page.getByLabel('Invitation').fill('{"ver":"v8"}')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByText('This is no invitation.').waitFor()
    await context.close()
  })

  it('a service that cannot be reached leaves nothing behind, and the way on is named', async () => {
    const { context, page } = await app.open()
    await page.goto(`${app.origin}#/typed`)
    await page.getByLabel('User ID').fill('alice')
    await page.getByLabel('Invite code').fill('ABCDEFGHJK')
    await page.getByLabel('Service').fill('localhost:9/bank')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('button', { name: 'Add account' }).click()
    await page.getByText('The service could not be reached.').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await page.goto(`${app.origin}#/accounts`)
    await page.getByText('No account yet.').waitFor()
    await context.close()
  })
})

describe('without a network', () => {
  it('the app opens and shows codes', async () => {
    const { context, page } = await app.open()
    await page.evaluate(() => navigator.serviceWorker.ready)
    await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true)
    await context.setOffline(true)
    await page.goto(`${app.origin}/?somewhere#/pasted`)
    await page.getByLabel('Invitation').fill(OFFLINE)
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByText('It never contacts the service.').waitFor()
    await page.getByRole('button', { name: 'Add account' }).click()
    await page.getByText('This device is ready.').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await page.getByRole('link', { name: 'Done' }).click()
    await page.getByRole('button', { name: 'Show code' }).click()
    expect((await page.locator('.code [aria-hidden]').textContent())?.replace(' ', '')).toMatch(/^\d{8}$/)
    expect(await faultsOf(page)).toEqual([])
    await page.reload()
    await page.getByRole('button', { name: 'Show code' }).waitFor()
    await context.close()
  })
})

it('the policy of the host was never broken, and no script failed', () => {
  expect(app.errors).toEqual([])
})
