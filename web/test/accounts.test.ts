/** An account in the browser against a whole server: the ways in, its PIN, its codes, its settings, its end. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { invite } from '../../server/test/held-phone.ts'
import { api, makeUser, otp, scim } from '../../server/test/world.ts'
import {
  enrolled,
  invitedIn,
  type Journey,
  look,
  makeType,
  payment,
  qrPicture,
  signedStatus,
  startJourney,
} from './journey.ts'

let journey: Journey

beforeAll(async () => {
  journey = await startJourney()
})
afterAll(() => journey?.close())

const PIN_RULES = { type: 'password', minLength: 6, maxLength: 8, digitsOnly: true, maxAttempts: 5, lockSeconds: 60 }
const invitation = async () => {
  const { world, bearer } = journey
  const user = await makeUser(world, bearer)
  return { ...(await invite(world, bearer, user.id)), user: user.name }
}

describe('the ways in', () => {
  it('by a link, which leaves the address at once; a used invitation is refused in words', async () => {
    const { page, context, message } = await invitedIn(journey)
    expect(page.url()).not.toContain('invite')
    await look(page, 'invitation')
    await page.getByLabel('Name of this device').fill('')
    await page.getByRole('button', { name: 'Add account' }).click()
    await page.getByText('Give this device a name.').waitFor()
    await page.getByLabel('Name of this device').fill('My browser')
    await page.getByRole('button', { name: 'Add account' }).click()
    await page.getByText('This device is ready.').waitFor()
    await look(page, 'enrolled')
    const again = await journey.app.open()
    await again.page.goto(`${journey.app.origin}/#/pasted`)
    await again.page.getByLabel('Invitation').fill(message)
    await again.page.getByRole('button', { name: 'Continue' }).click()
    await again.page.getByRole('button', { name: 'Add account' }).click()
    await again.page.getByText('The service did not accept this invitation.').waitFor()
    await look(again.page, 'refused')
    await again.context.close()
    await context.close()
  })

  it('by an image of the QR code', async () => {
    const { message } = await invitation()
    const { page, context } = await journey.app.open()
    await page.goto(`${journey.app.origin}/#/add`)
    const buffer = await qrPicture(page, message)
    await page.locator('input[type=file]').setInputFiles({ name: 'code.png', mimeType: 'image/png', buffer })
    await page.getByRole('button', { name: 'Add account' }).click()
    await page.getByText('This device is ready.').waitFor()
    await context.close()
  })

  it('typed, by keyboard alone', async () => {
    const { message, user } = await invitation()
    const { pss, url } = JSON.parse(message)
    const { page, context } = await journey.app.open()
    await page.goto(`${journey.app.origin}/#/typed`)
    await page.getByLabel('User ID').focus()
    await page.keyboard.type(user)
    await page.keyboard.press('Tab')
    await page.keyboard.type(Buffer.from(pss, 'base64').toString())
    await page.keyboard.press('Tab')
    await page.keyboard.type(url)
    await page.keyboard.press('Enter')
    await page.locator('h1:focus', { hasText: 'Add this account?' }).waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByText('This device is ready.').waitFor()
    await context.close()
  })

  it('where the registration must be confirmed: six characters, until it is', async () => {
    const { world, bearer } = journey
    const type = await makeType(journey, { activationConfirm: true, serviceName: 'Example Bank', colour: '#ffe600' })
    const { page, context, provision } = await invitedIn(journey, type)
    await page.getByRole('button', { name: 'Add account' }).click()
    await page.getByRole('heading', { name: 'One more step' }).waitFor()
    await look(page, 'pending')
    const code = (await page.locator('.confirmation .code [aria-hidden]').textContent()) ?? ''
    const action = 'urn:hid:scim:api:idp:2.0:Action'
    const body = { schemas: [action], [action]: { action: 'CONFIRM', attributes: [{ name: 'CODE', value: code }] } }
    const path = `/scim/${world.demo.tenant}/v2/Device/Provision/${provision}`
    const confirmed = await api(world, bearer, 'POST', path, body)
    expect(confirmed.status, confirmed.text).toBe(200)
    await page.getByText('This device is ready.').waitFor()
    await look(page, 'confirmed')
    await context.close()
  })
})

describe('a PIN', () => {
  it('is chosen by the rules, asked for at each decision, counted, and changed', async () => {
    const type = await makeType(journey, { keysProtectionPolicies: PIN_RULES })
    const { page, context, user } = await invitedIn(journey, type)
    await page.getByRole('button', { name: 'Add account' }).click()
    await page.getByLabel('New PIN').fill('123')
    await page.getByRole('button', { name: 'Continue' }).click()
    expect(await page.getByText('6 to 8 digits.').count()).toBe(2)
    await page.getByLabel('New PIN').fill('314159')
    await page.getByLabel('The same PIN again').fill('314158')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByText('The two are not the same.').waitFor()
    await look(page, 'new-pin')
    await page.getByLabel('The same PIN again').fill('314159')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByText('This device is ready.').waitFor()
    await page.getByRole('link', { name: 'Done' }).click()

    const { auth_req_id } = await payment(journey, user, 'Pay 10 EUR')
    await page.getByRole('link', { name: /Payment or action/ }).click()
    await page.getByRole('button', { name: 'Approve' }).click()
    await page.getByLabel('PIN', { exact: true }).fill('000000')
    await look(page, 'pin')
    await page.keyboard.press('Enter')
    await page.getByText('This PIN is wrong. Tries left: 4.').first().waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Approve' }).click()
    await page.getByLabel('PIN', { exact: true }).fill('314159')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Approved' }).waitFor()
    expect(await signedStatus(journey, auth_req_id)).toBe('accept')

    await page.getByRole('link', { name: 'Done' }).click()
    await page.getByRole('link', { name: 'Accounts' }).click()
    await page.getByRole('link', { name: new RegExp(user) }).click()
    await page.getByRole('link', { name: 'Settings' }).click()
    await look(page, 'settings')
    await page.getByRole('button', { name: 'Change PIN' }).click()
    await page.getByLabel('New PIN').fill('271828')
    await page.getByLabel('The same PIN again').fill('271828')
    await page.getByRole('button', { name: 'Change PIN' }).click()
    await page.getByRole('dialog').getByLabel('PIN', { exact: true }).fill('314159')
    await page.keyboard.press('Enter')
    await page.getByText('Your PIN is changed.').waitFor()
    await page.goto(`${journey.app.origin}/#/codes`)
    await page.getByRole('button', { name: 'Show code' }).click()
    await page.getByLabel('PIN', { exact: true }).fill('271828')
    await page.keyboard.press('Enter')
    await page.locator('.code').waitFor()
    await context.close()
  })
})

describe('codes', () => {
  it('one-time, for a challenge and for values; the server takes the first', async () => {
    const { page, context, user } = await enrolled(journey)
    const { world, bearer } = journey
    await page.getByRole('link', { name: 'Codes' }).click()
    await page.getByRole('button', { name: 'Show code' }).click()
    const code = async () => ((await page.locator('.code [aria-hidden]').textContent()) ?? '').replace(' ', '')
    expect(await code()).toMatch(/^\d{8}$/)
    await look(page, 'codes')
    expect((await otp(world, bearer, user, await code(), { authType: 'AT_EMPOTP' })).status).toBe(200)
    await page.getByRole('link', { name: 'Challenge and signature codes' }).click()
    await page.getByRole('button', { name: 'Get code' }).first().click()
    await page.locator('.field .error').waitFor()
    await page.getByLabel('Challenge', { exact: true }).fill('123456')
    await page.keyboard.press('Enter')
    await page.locator('.code').waitFor()
    expect(await code()).toMatch(/^\d{8}$/)
    await page.getByLabel('Challenge', { exact: true }).fill('1')
    await page.locator('.code').waitFor({ state: 'detached' })
    for (const [label, value] of [
      ['Account', '1122'],
      ['Amount', '3344'],
      ['Reference', '5566'],
    ] as const)
      await page.getByLabel(label, { exact: true }).fill(value)
    await page.keyboard.press('Enter')
    await page.locator('.code').waitFor()
    await look(page, 'code')
    await context.close()
  })
})

describe('the life of an account', () => {
  it('renamed, renewed, removed', async () => {
    const { page, context, user, device } = await enrolled(journey)
    const { world, bearer } = journey
    await page.getByRole('link', { name: 'Accounts' }).click()
    await look(page, 'accounts')
    await page.getByRole('link', { name: new RegExp(user) }).click()
    await look(page, 'account')
    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByLabel('Name of this device').fill('Kitchen')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('The new name is saved.').waitFor()
    expect((await scim(world, bearer, 'GET', `/Device/${device}`)).text).toContain('Kitchen')
    await page.getByRole('button', { name: 'Renew keys' }).click()
    await page.getByText('Your keys are renewed.').waitFor()
    await page.getByRole('button', { name: 'Remove account' }).click()
    await look(page, 'remove')
    await page.getByRole('dialog').getByRole('button', { name: 'Remove account' }).click()
    await page.getByText('No account yet.').waitFor()
    await look(page, 'removed')
    await expect.poll(async () => (await scim(world, bearer, 'GET', `/Device/${device}`)).status).not.toBe(200)
    await context.close()
  })

  it('a service that does not answer is named, and its codes go on', async () => {
    const { page, context } = await enrolled(journey)
    await page.evaluate(() => navigator.serviceWorker.ready)
    await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true)
    await context.setOffline(true)
    await page.reload()
    await page.getByText(/does not answer\./).waitFor()
    await look(page, 'unreachable')
    await page.getByRole('link', { name: 'Codes' }).click()
    await page.getByRole('button', { name: 'Show code' }).click()
    await page.locator('.code').waitFor()
    await context.close()
  })
})

it('no script failed, and the policy of the host was never broken', () => {
  expect(journey.app.errors).toEqual([])
})
