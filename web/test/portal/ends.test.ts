/** How a login ends at the application, and what becomes of one that is open twice, loaded again, or come back to. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { giveAuthenticator, giveToken, totpAt } from '../../../server/test/world.ts'
import { PASSWORD, type PortalGround, startPortal, workflowOf } from './portal-ground.ts'

let ground: PortalGround
let workflow: string

beforeAll(async () => {
  ground = await startPortal()
  const otp = { factorId: 'factor.otp', code: 'AT_OTP', type: 'OTP', retry: 3 }
  workflow = await ground.workflow(workflowOf({ first: [{ ...PASSWORD, stepUp: 'automatic' }], second: [otp] }))
})
afterAll(() => ground?.close())

describe('form_post', () => {
  it.each([true, false])('posts the code, with scripts: %s', async javaScriptEnabled => {
    const person = await ground.person()
    const password = await ground.password(person)
    const client = await ground.client(workflow, { response_types: ['code id_token'] })
    const { context, page } = await ground.open({ javaScriptEnabled })
    const before = ground.posted.length
    const asked = { login_hint: person.name, response_type: 'code id_token', response_mode: 'form_post' }
    await ground.begin(page, client, asked)
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    if (!javaScriptEnabled) await page.getByRole('button', { name: 'Continue' }).click()
    await page.waitForURL(/127\.0\.0\.1:\d+\/cb$/)
    expect(ground.posted.length).toBe(before + 1)
    expect([...(ground.posted.at(-1)?.keys() ?? [])].sort()).toEqual(['code', 'id_token', 'iss', 'state'])
    await context.close()
  })
})

describe('a login', () => {
  it('goes on where it was when its page is loaded again, and P6: a tab that fell behind says so', async () => {
    const person = await ground.person()
    const password = await ground.password(person)
    await giveAuthenticator(ground.world, ground.bearer, person.id, 'AT_OTP')
    const { seed } = await giveToken(ground.world, ground.bearer, person.id)
    const client = await ground.client(workflow)
    const { context, page } = await ground.open()
    await ground.begin(page, client, { login_hint: person.name })
    const behind = await context.newPage()
    await behind.goto(page.url())
    await behind.getByRole('button', { name: 'Show password' }).waitFor()
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'One-time code' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'One-time code' }).waitFor()
    await behind.getByLabel('Password', { exact: true }).fill(password)
    await behind.getByRole('button', { name: 'Sign in' }).click()
    await behind.getByRole('alert').filter({ hasText: 'out of date' }).waitFor()
    await behind.reload()
    await behind.getByRole('heading', { name: 'One-time code' }).waitFor()
    await page.getByLabel('Code').fill(totpAt(seed, ground.world.now_seconds()))
    await page.getByRole('button', { name: 'Sign in' }).click()
    expect((await ground.told(page)).get('code')).toBeTruthy()
    await behind.getByLabel('Code').fill('123456')
    await behind.getByRole('button', { name: 'Sign in' }).click()
    await behind.getByRole('heading', { name: 'This sign-in has ended' }).waitFor()
    await context.close()
  })

  it('two at once in one browser do not disturb one another', async () => {
    const person = await ground.person()
    const password = await ground.password(person)
    const client = await ground.client(workflow)
    const { context, page } = await ground.open()
    const other = await context.newPage()
    for (const one of [page, other]) await ground.begin(one, client, { login_hint: person.name })
    for (const one of [page, other]) {
      await one.getByLabel('Password', { exact: true }).fill(password)
      await one.getByRole('button', { name: 'Sign in' }).click()
      expect((await ground.told(one)).get('code')).toBeTruthy()
    }
    await context.close()
  })

  it('a service that does not answer takes nothing away', async () => {
    const person = await ground.person()
    const password = await ground.password(person)
    const { context, page } = await ground.open()
    await ground.begin(page, await ground.client(workflow), { login_hint: person.name })
    await page.getByRole('button', { name: 'Show password' }).waitFor()
    await context.setOffline(true)
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').filter({ hasText: 'does not answer' }).waitFor()
    await context.setOffline(false)
    await page.getByRole('button', { name: 'Sign in' }).click()
    expect((await ground.told(page)).get('code')).toBeTruthy()
    await context.close()
  })
})

it('no policy was broken, and no script failed', () => {
  expect(ground.errors).toEqual([])
})
