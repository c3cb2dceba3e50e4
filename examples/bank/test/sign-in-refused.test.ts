/** Consent, forgotten passwords, and sign-ins that come to nothing: the bank tells why in words. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { account, codeIn, refused, type SignInGround, startSignIns, typePassword } from './sign-in-ground.ts'

let ground: SignInGround
beforeAll(async () => {
  ground = await startSignIns()
})
afterAll(() => ground?.close())

const NEW = 'Quiet-Harbour-2719'
const CONSENT = 'Password, then consent'

async function atConsent() {
  const { context, page } = await ground.follow('Anna', CONSENT)
  await typePassword(page, ground.person('anna').password)
  await page.getByRole('heading', { name: 'Share with Kestrel Bank?' }).waitFor()
  return { context, page }
}

describe('consent', () => {
  it('refused: the bank hears nothing but that', async () => {
    const { context, page } = await atConsent()
    await page.getByRole('button', { name: 'Do not allow', exact: true }).click()
    expect(await refused(page)).toContain('did not allow it')
    await ground.look(page, 'sign-in-refused')
    await page.getByRole('link', { name: 'Try again' }).click()
    await page.waitForURL(/\/demo\/authn\/portal\?/)
    await context.close()
  })

  it('given in part, then asked again and given whole', async () => {
    const first = await atConsent()
    await ground.look(first.page, 'sign-in-consent')
    const boxes = first.page.getByRole('checkbox')
    const partly = (await boxes.count()) > 0
    if (partly) await boxes.last().uncheck()
    await first.page.getByRole('button', { name: 'Allow', exact: true }).click()
    const told = await account(first.page, 'Anna')
    expect(told).toContain('Given name: Anna')
    expect(told.includes('E-mail: anna@demo.example')).toBe(!partly)
    await first.context.close()
    const { context, page } = await atConsent()
    await page.getByRole('button', { name: 'Allow', exact: true }).click()
    expect(await account(page, 'Anna')).toContain('E-mail: anna@demo.example')
    await context.close()
  })
})

describe('to nothing', () => {
  it('wrong passwords until the tries are used up', async () => {
    const { context, page } = await ground.follow('Anna', 'Password, and the phone if there is one')
    for (const left of [2, 1]) {
      await typePassword(page, 'wrong')
      await page
        .getByRole('alert')
        .filter({ hasText: `Tries left: ${left}.` })
        .waitFor()
    }
    await typePassword(page, 'wrong')
    await page.getByRole('heading', { name: 'This sign-in has ended' }).waitFor()
    await page.getByRole('link', { name: 'Back to Kestrel Bank' }).click()
    expect(await refused(page)).toContain('tries were used up')
    await context.close()
  })

  it('given up by the person', async () => {
    const { context, page } = await ground.begin('Password, then consent')
    await page.getByRole('button', { name: 'Back to Kestrel Bank' }).click()
    expect(await refused(page)).toContain('you gave up')
    await context.close()
  })

  it('an answer that this browser did not ask for, or asked for long ago', async () => {
    const { page } = await ground.follow('Anna', CONSENT)
    for (const answer of ['?code=c&state=s', '?posted=none', '']) {
      await page.goto(`${ground.bank}/signed-in${answer}`)
      expect(await refused(page)).toContain('Begin again')
    }
    await page.context().close()
  })

  it('an answer with the state of another', async () => {
    const { page } = await ground.follow('Anna', CONSENT)
    const answer = await page.goto(
      `${ground.bank}/signed-in?code=c&state=s&iss=${encodeURIComponent('http://evil.example')}`,
    )
    expect(answer?.status()).toBe(502)
    await page.context().close()
  })
})

describe('a forgotten password', () => {
  it('by a code', async () => {
    const { context, page } = await ground.follow('Anna', 'Password, and the phone if there is one')
    await page.getByRole('link', { name: 'Forgot your password?' }).click()
    await page.getByRole('button', { name: 'Send code by e-mail' }).click()
    await page.getByLabel('Code from the message').fill(codeIn(await ground.message('anna@demo.example')))
    await page.getByLabel('New password').fill(NEW)
    await page.getByRole('button', { name: 'Set new password' }).click()
    await page.getByText('Your new password is set.').waitFor()
    await typePassword(page, NEW)
    expect(await account(page, 'Anna')).toContain('acr_up')
    await context.close()
  })

  it('by a code in a text message, with the names of the theme', async () => {
    const { context, page } = await ground.follow('Oskar', 'Password or one-time code')
    await page.getByRole('link', { name: /Bank password/ }).click()
    await page.getByRole('link', { name: 'Forgot your password?' }).click()
    await page.getByRole('button', { name: 'Send code by text message' }).click()
    await page.getByLabel('Code from the message').fill(codeIn(await ground.message('+447700900100')))
    await page.getByLabel('New password').fill(NEW)
    await page.getByRole('button', { name: 'Set new password' }).click()
    await page.getByText('Your new password is set.').waitFor()
    await context.close()
  })
})

it('nothing is broken on the way, and no policy is', () => {
  expect(ground.errors).toEqual([])
})
