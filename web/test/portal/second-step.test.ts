/** What comes after a password, or in its place: a token's code, a code by mail or SMS, an activation code, a phone, a consent. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { givePhone } from '../../../server/test/held-phone.ts'
import { giveAuthenticator, giveToken, totpAt } from '../../../server/test/world.ts'
import { giveOob, METHODS, PASSWORD, type Person, type PortalGround, startPortal, workflowOf } from './portal-ground.ts'

let ground: PortalGround

beforeAll(async () => {
  ground = await startPortal()
})
afterAll(() => ground?.close())

/** After a no on the phone. */
const PAUSE_SECONDS = 60
const FIRST = { ...PASSWORD, stepUp: 'required' }
const OTP = { factorId: 'factor.otp', code: 'AT_OTP', type: 'OTP', retry: 3 }
async function somebody(): Promise<{ person: Person; password: string }> {
  const person = await ground.person()
  return { person, password: await ground.password(person) }
}

async function atSecond(workflow: object, person: Person, password: string, metadata: object = {}) {
  const client = await ground.client(await ground.workflow(workflow), metadata)
  const { context, page } = await ground.open()
  await ground.begin(page, client, { login_hint: person.name })
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  return { context, page }
}

describe('a second step', () => {
  it('by the code of a token, wrong once', async () => {
    const { person, password } = await somebody()
    await giveAuthenticator(ground.world, ground.bearer, person.id, 'AT_OTP')
    const { seed } = await giveToken(ground.world, ground.bearer, person.id)
    const { context, page } = await atSecond(workflowOf({ first: [FIRST], second: [OTP] }), person, password)
    await page.getByRole('heading', { name: 'One-time code' }).waitFor()
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('password')
    expect(await page.getByLabel('Code').getAttribute('autocomplete')).toBe('one-time-code')
    await ground.look(page, 'otp')
    await page.getByLabel('Code').fill('000000')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').filter({ hasText: 'Type the newest one.' }).waitFor()
    await page.getByLabel('Code').fill(totpAt(seed, ground.world.now_seconds()))
    await page.getByRole('button', { name: 'Sign in' }).click()
    expect((await ground.told(page)).get('code')).toBeTruthy()
    await context.close()
  })

  it('chosen among two, and by mail or SMS', async () => {
    const { person, password } = await somebody()
    await giveAuthenticator(ground.world, ground.bearer, person.id, 'AT_OTP')
    await giveToken(ground.world, ground.bearer, person.id)
    await giveOob(ground, person)
    const oob = { factorId: 'factor.oob', code: 'AT_OOB', type: 'OOB', retry: 3, oobMethods: METHODS }
    const { context, page } = await atSecond(workflowOf({ first: [FIRST], second: [OTP, oob] }), person, password)
    await page.getByRole('heading', { name: 'One more step' }).waitFor()
    await ground.look(page, 'choose')
    await page.getByRole('link', { name: /Code by e-mail/ }).click()
    await page.getByRole('button', { name: 'Send code by text message' }).waitFor()
    await ground.look(page, 'oob')
    await page.getByRole('button', { name: 'Send code by text message' }).click()
    await page.getByRole('heading', { name: 'Type the code' }).waitFor()
    await ground.look(page, 'sent')
    await page.getByLabel('Code').fill(await ground.codeFor(person.mobile))
    await page.getByRole('button', { name: 'Sign in' }).click()
    expect((await ground.told(page)).get('code')).toBeTruthy()
    await context.close()
  })

  it('by a phone: two digits, a no, and another way', async () => {
    const { person, password } = await somebody()
    await giveAuthenticator(ground.world, ground.bearer, person.id, 'AT_PASA-2FA')
    const phone = await givePhone(ground.world, ground.bearer, person.id)
    const push = {
      ...{ factorId: 'factor.push', code: 'AT_PASA-2FA', type: 'PUSH', retry: 3, okStatus: 'approved' },
      ...{ pollInterval: 1, pollTimeout: 30, allowUserDeviceSelection: true },
    }
    const { context, page } = await atSecond(workflowOf({ first: [FIRST], second: [push] }), person, password, {
      number_matching: true,
    })
    await page.getByRole('heading', { name: 'Confirm on your phone' }).waitFor()
    await ground.look(page, 'push')
    await page.getByRole('button', { name: 'Send request' }).click()
    await page.getByRole('heading', { name: 'Waiting for your phone' }).waitFor()
    await ground.look(page, 'push-waiting')
    await phone.run('answer', 'latest', 'deny')
    await page.getByRole('alert').filter({ hasText: 'declined' }).waitFor()
    await page.getByRole('button', { name: 'Send request' }).click()
    await page.getByRole('alert').filter({ hasText: 'Too many tries. Try again in' }).waitFor()
    await ground.look(page, 'push-paused')
    ground.world.pass(PAUSE_SECONDS)
    await page.getByRole('button', { name: 'Send request' }).click()
    await page.getByRole('heading', { name: 'Waiting for your phone' }).waitFor()
    await ground.look(page, 'push-number')
    await phone.run('answer', 'latest', 'accept', '--number', await page.locator('.number strong').innerText())
    expect((await ground.told(page)).get('code')).toBeTruthy()
    await context.close()
  })
})

describe('without a password', () => {
  it('an activation code sends a code, which signs in', async () => {
    const person = await ground.person()
    await giveOob(ground, person, 'Ac-1234')
    const code = {
      factorId: 'factor.code',
      code: 'AT_OOB',
      type: 'CODE',
      retry: 3,
      stepUp: 'required',
      oobMethods: METHODS,
    }
    const otp = { factorId: 'factor.code_otp', code: 'AT_OOB', type: 'OTP', retry: 3, upon: 'factor.code' }
    const client = await ground.client(await ground.workflow(workflowOf({ first: [code], second: [otp] })))
    const { context, page } = await ground.open()
    await ground.begin(page, client)
    await page.getByLabel('User name').fill(person.name)
    await page.getByLabel('Activation code').fill('Ac-1234')
    await ground.look(page, 'activation')
    await page.getByRole('button', { name: 'Send code by e-mail' }).click()
    await page.getByRole('heading', { name: 'One-time code' }).waitFor()
    await page.getByText('A code is on its way to your e-mail address.').waitFor()
    await page.getByLabel('Code').fill(await ground.codeFor(person.email))
    await page.getByRole('button', { name: 'Sign in' }).click()
    expect((await ground.told(page)).get('code')).toBeTruthy()
    await context.close()
  })

  it('one of several first factors: the name decides which are shown', async () => {
    const { person, password } = await somebody()
    await giveAuthenticator(ground.world, ground.bearer, person.id, 'AT_OTP')
    const { seed } = await giveToken(ground.world, ground.bearer, person.id)
    const first = [
      PASSWORD,
      { ...OTP, stepUp: 'notRequired' },
      { factorId: 'factor.fido', code: 'AT_FIDO', type: 'FIDO' },
    ]
    const client = await ground.client(await ground.workflow(workflowOf({ first })))
    const { context, page } = await ground.open()
    await ground.begin(page, client)
    await page.getByLabel('User name').fill('nobody at all')
    await ground.look(page, 'name')
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByRole('alert').filter({ hasText: 'Check how you typed it' }).waitFor()
    await page.getByLabel('User name').fill(person.name)
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByRole('heading', { name: 'How do you want to sign in?' }).waitFor()
    await ground.look(page, 'choose-first')
    await page.getByRole('link', { name: /Password/ }).click()
    await page.getByLabel('Password', { exact: true }).fill(`${password}x`)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').waitFor()
    await page.getByRole('link', { name: 'Another way to sign in' }).click()
    await page.getByRole('link', { name: /One-time code/ }).click()
    await page.getByLabel('Code').fill(totpAt(seed, ground.world.now_seconds()))
    await page.getByRole('button', { name: 'Sign in' }).click()
    expect((await ground.told(page)).get('code')).toBeTruthy()
    await context.close()
  })
})

describe('consent', () => {
  const consenting = { hid_client_consentprompt: 'true', scope: 'openid profile' }

  it.each([
    ['Allow', 'code'],
    ['Do not allow', 'error'],
  ])('%s: the application gets %s', async (answer, member) => {
    const { person, password } = await somebody()
    const { context, page } = await atSecond(workflowOf({ first: [PASSWORD] }), person, password, consenting)
    await page.getByRole('heading', { name: 'Share with Example Shop?' }).waitFor()
    await page.getByText('Your user name').waitFor()
    await ground.look(page, 'consent')
    await page.getByRole('button', { name: answer, exact: true }).click()
    expect((await ground.told(page)).get(member)).toBeTruthy()
    await context.close()
  })
})

it('no policy was broken, and no script failed', () => {
  expect(ground.errors).toEqual([])
})
