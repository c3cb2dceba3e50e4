/**
 * Password and phone, from the bank's button to its account page; bank, sign-in page and approve app are tabs of one browser. The
 * phone is not there yet, then it is given by the demo's page of people, then it says yes and no; and a temporary password, which needs none.
 */
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { account, atPortal, refused, type SignInGround, startSignIns, typePassword } from './sign-in-ground.ts'

let ground: SignInGround
let context: BrowserContext
let phone: Page
beforeAll(async () => {
  ground = await startSignIns()
  context = await ground.newcomer()
  context.setDefaultTimeout(15_000)
})
afterAll(() => ground?.close())

const BOTH = 'Password and phone'
const IF_ANY = 'Password, and the phone if there is one'

/** Pia at the bank's button, in the browser that also holds her phone; past her password. */
async function pia(title: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`${ground.world.base}/people`)
  await page.getByRole('article', { name: 'Pia' }).getByRole('link', { name: title, exact: true }).click()
  await atPortal(page)
  await typePassword(page, ground.person('pia').password)
  return page
}

describe('without a phone', () => {
  it('the password is enough, where the workflow asks for the phone only if there is one', async () => {
    const page = await pia(IF_ANY)
    const told = await account(page, 'Pia')
    expect(told).toContain('acr_up')
    await page.close()
  })

  it('nobody gets in, where it is needed, and is told before he types a password', async () => {
    const { context: other, page } = await ground.follow('Pia', BOTH)
    await page.getByRole('heading', { name: 'No way to sign in here' }).waitFor()
    await page.getByText('Back to Kestrel Bank').click()
    await refused(page)
    await ground.look(page, 'sign-in-no-way')
    await other.close()
  })
})

it('a phone is given by a button, its invitation shown once', async () => {
  const page = await context.newPage()
  await page.goto(ground.world.base)
  await ground.look(page, 'sign-in-landing')
  await page.getByRole('link', { name: 'the people of the demo' }).click()
  await ground.look(page, 'sign-in-people')
  await page.getByRole('button', { name: 'Give Pia a phone' }).click()
  await page.getByRole('heading', { name: 'A phone for Pia' }).waitFor()
  await ground.look(page, 'sign-in-invitation')
  const opened = context.waitForEvent('page')
  await page.getByRole('link', { name: 'Open the approve app' }).click()
  phone = await opened
  await phone.getByRole('button', { name: 'Add account' }).click()
  await phone.getByText('This device is ready.').waitFor()
  await phone.getByRole('link', { name: 'Done' }).click()
  await page.close()
})

describe('with a phone', () => {
  it('is asked for a number that the sign-in page shows, and lets in', async () => {
    const page = await pia(BOTH)
    await page.getByRole('button', { name: 'Send request' }).click()
    await page.getByRole('heading', { name: 'Waiting for your phone' }).waitFor()
    const number = await page.locator('.number strong').innerText()
    await phone.getByRole('link', { name: /Log-on/ }).click()
    await phone.getByLabel('Number on the page').fill(number)
    await phone.getByRole('button', { name: 'Approve' }).click()
    await phone.getByRole('heading', { name: 'Approved' }).waitFor()
    const told = await account(page, 'Pia')
    expect(told).toContain('acr_push')
    await page.close()
    await phone.getByRole('link', { name: 'Done' }).click()
  })

  it('somebody who is signed in has a transfer approved as at the counter', async () => {
    const page = await context.newPage()
    await page.goto(`${ground.bank}/account`)
    await page.getByLabel('Payee').fill('Rosa Lund')
    await page.getByRole('button', { name: 'Send to the phone for approval' }).click()
    await page.getByRole('heading', { name: 'Waiting for Pia' }).waitFor()
    const number = await page.locator('.digits').innerText()
    await phone.getByRole('link', { name: /Payment or action/ }).click()
    await phone.getByLabel('Number on the page').fill(number)
    await phone.getByRole('button', { name: 'Approve' }).click()
    await page.getByRole('heading', { name: 'Transfer sent' }).waitFor()
    await page.getByRole('link', { name: 'Pia', exact: true }).click()
    await page.getByRole('heading', { name: 'Your transfers' }).waitFor()
    await page.close()
    await phone.getByRole('link', { name: 'Done' }).click()
  })

  it('the phone says no, where it need not have been there: the bank is told no', async () => {
    const page = await pia(IF_ANY)
    await page.getByRole('button', { name: 'Send request' }).click()
    await phone.getByRole('link', { name: /Log-on/ }).click()
    await phone.getByRole('button', { name: 'Decline' }).click()
    await page.getByRole('alert').filter({ hasText: 'declined' }).waitFor()
    await page.getByRole('button', { name: 'Back to Kestrel Bank' }).click()
    expect(await refused(page)).toContain('It was refused')
    await page.close()
  })
})

it('a temporary password needs no phone, and works once', async () => {
  const first = await ground.follow('Tom', BOTH)
  await typePassword(first.page, ground.person('tom').password)
  expect(await account(first.page, 'Tom')).toContain('acr_up_temp')
  await first.context.close()
  const again = await ground.follow('Tom', BOTH)
  await typePassword(again.page, ground.person('tom').password)
  await again.page.getByRole('alert').waitFor()
  await again.context.close()
})

it('nothing is broken on the way, and no policy is', () => {
  expect(ground.errors).toEqual([])
})
