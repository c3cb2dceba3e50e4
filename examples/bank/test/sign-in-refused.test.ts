/** Consent, forgotten passwords, and sign-ins that come to nothing: the bank tells why in words. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { otherCode } from '../../../server/test/world.ts'
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

  it('changed: allowed the next time, and then remembered', async () => {
    const { context, page } = await atConsent()
    await page.getByRole('button', { name: 'Allow', exact: true }).click()
    const told = await account(page, 'Anna')
    expect(told).toContain('Given name: Anna; E-mail: anna@demo.example')
    await context.close()
    const again = await ground.follow('Anna', CONSENT)
    await typePassword(again.page, ground.person('anna').password)
    await account(again.page, 'Anna')
    await again.context.close()
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

  it('wrong codes until the tries are used up', async () => {
    const { context, page } = await ground.follow('Maya', 'Password, then a code by mail or SMS')
    await typePassword(page, ground.person('maya').password)
    await page.getByRole('button', { name: 'Send code by e-mail' }).click()
    const sent = codeIn(await ground.message('maya@demo.example'))
    for (const _ of [1, 2]) {
      await typePassword(page, otherCode(sent), 'Code')
      await page.getByRole('alert').waitFor()
    }
    await typePassword(page, otherCode(sent), 'Code')
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

  it('an answer of another server', async () => {
    const { context, page } = await ground.follow('Anna', CONSENT)
    const [{ value: state = '' } = {}] = await context.cookies(`${ground.bank}/signed-in`)
    const answer = new URLSearchParams({ code: 'c', state, iss: 'http://evil.example' })
    await page.goto(`${ground.bank}/signed-in?${answer}`)
    expect(await refused(page)).toContain('Nothing was believed of it')
    await context.close()
  })
})

describe('a forgotten password', () => {
  it('by the link in a mail, in another browser', async () => {
    const { context, page } = await ground.follow('Ezra', 'Expired password')
    await page.getByRole('link', { name: 'Forgot your password?' }).click()
    await page.getByRole('button', { name: 'Send code by e-mail' }).click()
    await page.getByLabel('Code from the message').waitFor()
    const [link = ''] = /http:\/\/\S+/.exec(await ground.message('ezra@demo.example')) ?? []
    const other = await ground.newcomer()
    const mail = await other.newPage()
    await mail.goto(link)
    await mail.getByLabel('New password').fill(NEW)
    await mail.getByRole('button', { name: 'Set new password' }).click()
    await mail.getByText('Your new password is set').waitFor()
    await other.close()
    await context.close()
    const again = await ground.follow('Ezra', 'Expired password')
    await typePassword(again.page, NEW)
    await account(again.page, 'Ezra')
    await again.context.close()
  })

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
