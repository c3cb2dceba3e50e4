/** Ways to sign in without a phone, each from the bank's button to its account page, and what the bank says when it came to nothing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { totpAt } from '../../../server/test/world.ts'
import { account, atPortal, codeIn, type SignInGround, startSignIns, typePassword } from './sign-in-ground.ts'

let ground: SignInGround
beforeAll(async () => {
  ground = await startSignIns()
})
afterAll(() => ground?.close())

const NEW = 'Quiet-Harbour-2719'
const now_seconds = () => Math.floor(Date.now() / 1000)

describe('as usual, answered by form_post', () => {
  it('password and the code of a token; then a transfer is begun, and signed out', async () => {
    const { externalId: name, password } = ground.world.users[0] ?? { externalId: '', password: '' }
    const { context, page } = await ground.begin('As usual', started => ground.look(started, 'sign-in-ways'))
    await page.getByLabel('User name').fill(name)
    const next = page.getByRole('button', { name: 'Next' })
    if (await next.isVisible()) await next.click()
    await typePassword(page, password)
    await page.getByLabel('Code').fill(totpAt(Buffer.from(ground.world.try.seed, 'hex'), now_seconds()))
    await page.getByRole('button', { name: 'Sign in' }).click()
    const told = await account(page, 'Alice')
    expect(told).toContain('As usual')
    expect(told).toContain('alice@demo.example')
    expect(told).toMatch(/password, one-time code/)
    await ground.look(page, 'sign-in-account')
    await page.getByRole('button', { name: 'Enrol a phone' }).click()
    await page.getByRole('heading', { name: 'A phone for Alice' }).waitFor()
    await page.goto(`${ground.bank}/account`)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in to online banking' }).waitFor()
    await page.goto(`${ground.bank}/account`)
    await page.getByRole('heading', { name: 'Sign in to online banking' }).waitFor()
    await context.close()
  })
})

it('as usual, with scripts off: the form that goes back to the bank is sent by hand', async () => {
  const [, bob] = ground.world.users
  const context = await ground.browser.newContext({ javaScriptEnabled: false, locale: 'en-GB' })
  const page = await context.newPage()
  await page.goto(`${ground.bank}/sign-in`)
  await page.getByRole('link', { name: 'Sign in by: As usual' }).click()
  await page.getByLabel('User name').fill(bob?.externalId ?? '')
  const next = page.getByRole('button', { name: 'Next' })
  if (await next.isVisible()) await next.click()
  await typePassword(page, bob?.password)
  await page.getByRole('button', { name: 'Continue' }).click()
  await account(page, 'Bob')
  await context.close()
})

describe('password or one-time code, with names of the theme', () => {
  const TITLE = 'Password or one-time code'

  it('the password, after a wrong one', async () => {
    const { context, page } = await ground.follow('Oskar', TITLE)
    await page.getByRole('heading', { name: 'How do you want to sign in?' }).waitFor()
    await page.getByRole('link', { name: /Bank password/ }).click()
    await typePassword(page, 'wrong', 'Bank password')
    await page.getByRole('alert').filter({ hasText: 'Tries left: 2.' }).waitFor()
    await typePassword(page, ground.person('oskar').password, 'Bank password')
    expect(await account(page, 'Oskar')).toContain('acr_up')
    await context.close()
  })

  it('the code, wrong once', async () => {
    const { context, page } = await ground.follow('Oskar', TITLE)
    await page.getByRole('link', { name: /Code of your token/ }).click()
    await typePassword(page, '000000', 'Code of your token')
    await page.getByRole('alert').waitFor()
    const seed = Buffer.from(ground.person('oskar').token?.seed ?? '', 'hex')
    await typePassword(page, totpAt(seed, now_seconds()), 'Code of your token')
    const told = await account(page, 'Oskar')
    expect(told).toContain('acr_otp')
    expect(told).toContain('one-time code')
    await context.close()
  })
})

it('with the keyboard alone, from the bank to its account page and out again', async () => {
  const context = await ground.newcomer()
  const page = await context.newPage()
  await page.goto(`${ground.bank}/sign-in`)
  await page.getByRole('link', { name: 'Sign in by: Password or one-time code' }).focus()
  await page.keyboard.press('Enter')
  await atPortal(page)
  await page.getByLabel('User name').and(page.locator(':focus')).waitFor()
  await page.keyboard.type('oskar@demo.example')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'How do you want to sign in?' }).waitFor()
  while ((await page.evaluate(() => document.activeElement?.textContent ?? '')).includes('Bank password') === false)
    await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByLabel('Bank password', { exact: true }).and(page.locator(':focus')).waitFor()
  await page.keyboard.type(ground.person('oskar').password ?? '')
  await page.keyboard.press('Enter')
  await account(page, 'Oskar')
  await page.getByRole('button', { name: 'Sign out' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Sign in to online banking' }).waitFor()
  await context.close()
})

describe('password, then a code', () => {
  it.each([
    ['e-mail', 'maya@demo.example'],
    ['text message', '+447700900101'],
  ])('by %s', async (way, address) => {
    const { context, page } = await ground.follow('Maya', 'Password, then a code by mail or SMS')
    await typePassword(page, ground.person('maya').password)
    await page.getByRole('button', { name: `Send code by ${way}` }).click()
    await page.getByRole('heading', { name: 'Type the code' }).waitFor()
    await typePassword(page, codeIn(await ground.message(address)), 'Code')
    expect(await account(page, 'Maya')).toContain('password')
    await context.close()
  })
})

describe('activation code, then a code', () => {
  it.each([
    ['e-mail', 'nora@demo.example'],
    ['text message', '+447700900102'],
  ])('by %s', async (way, address) => {
    const { context, page } = await ground.follow('Nora', 'Activation code, then a code')
    await page.getByLabel('Activation code').fill(ground.person('nora').activation_code ?? '')
    await page.getByRole('button', { name: `Send code by ${way}` }).click()
    await page.getByRole('heading', { name: 'One-time code' }).waitFor()
    await typePassword(page, codeIn(await ground.message(address)), 'Code')
    await account(page, 'Nora')
    await context.close()
  })
})

describe('an expired password', () => {
  it('is changed, then signs in', async () => {
    const { context, page } = await ground.follow('Ezra', 'Expired password')
    await typePassword(page, ground.person('ezra').password)
    await page.getByLabel('New password').fill(NEW)
    await page.getByRole('button', { name: 'Change password' }).click()
    await page.getByText('Your password is changed.').waitFor()
    await typePassword(page, NEW)
    await account(page, 'Ezra')
    await context.close()
  })

  it('and now any time, when its owner wants', async () => {
    const { context, page } = await ground.follow('Ezra', 'Expired password')
    await page.getByRole('link', { name: 'Change password' }).click()
    await page.getByLabel('Current password').fill(NEW)
    await page.getByLabel('New password').fill(`${NEW}-b`)
    await page.getByRole('button', { name: 'Change password' }).click()
    await page.getByText('Your password is changed.').waitFor()
    await typePassword(page, `${NEW}-b`)
    await account(page, 'Ezra')
    await context.close()
  })
})

it('nothing is broken on the way, and no policy is', () => {
  expect(ground.errors).toEqual([])
})
