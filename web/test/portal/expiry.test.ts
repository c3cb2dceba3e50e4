/** A password at its end: a warning before, a change when it is over. */
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { api, scim } from '../../../server/test/world.ts'
import { type Client, PASSWORD, type PortalGround, RECOVERY, startPortal, workflowOf } from './portal-ground.ts'

let ground: PortalGround
let client: Client
let policy: string

const NEW = 'Quiet-Harbour-2719'
const DAY_MS = 86_400_000

beforeAll(async () => {
  ground = await startPortal()
  policy = `AT_${randomBytes(3).toString('hex').toUpperCase()}`
  const path = `/configuration/${ground.world.demo.tenant}/v2/Policy/Authenticator`
  const clone = { copyFrom: 'AT_CUSTPWD', id: policy, name: policy, allowExpiredReset: '1', defaultValidDaysEdit: '30' }
  const { status, text } = await api(ground.world, ground.bearer, 'POST', path, clone)
  if (status !== 201) throw new Error(`no policy was made: ${status} ${text}`)
  const actions = ['action.change_password']
  const first = [{ ...PASSWORD, code: policy, actions, expirationWarningThreshold: 259_200 }]
  client = await ground.client(await ground.workflow(workflowOf({ first, actions: RECOVERY })))
})
afterAll(() => ground?.close())

/** At the password, for somebody whose password ends in so many days. */
async function ending(days: number) {
  const person = await ground.person()
  const password = await ground.password(person, policy)
  const at = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`
  const now = ground.world.now_seconds() * 1000
  const dates = { startDate: at(now - 60 * DAY_MS), expiryDate: at(now + days * DAY_MS) }
  const changed = await scim(ground.world, ground.bearer, 'PUT', `/Authenticator/${person.id}.${policy}`, {
    status: { status: 'ENABLED', ...dates },
  })
  if (changed.status !== 200) throw new Error(`no dates were set: ${changed.text}`)
  const { context, page } = await ground.open()
  await ground.begin(page, client, { login_hint: person.name })
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  return { context, page, password }
}

describe('a password that ends soon', () => {
  it('is warned of, and may stay', async () => {
    const { context, page } = await ending(2.5)
    await page.getByRole('heading', { name: 'Your password expires soon' }).waitFor()
    await page.getByText('It is good for 2 days.').waitFor()
    await ground.look(page, 'expiring')
    await page.getByRole('link', { name: 'Not now' }).click()
    expect((await ground.told(page)).get('code')).toBeTruthy()
    await context.close()
  })

  it('may be changed at once, and the sign-in goes on', async () => {
    const { context, page, password } = await ending(2.5)
    await page.getByRole('heading', { name: 'Your password expires soon' }).waitFor()
    await page.getByRole('link', { name: 'Change password' }).click()
    await page.getByLabel('Current password').fill(password)
    await page.getByLabel('New password').fill(NEW)
    await ground.look(page, 'expiring-change')
    await page.getByRole('button', { name: 'Change password' }).click()
    expect((await ground.told(page)).get('code')).toBeTruthy()
    await context.close()
  })

  it('is no matter while there is time', async () => {
    const { context, page } = await ending(10)
    expect((await ground.told(page)).get('code')).toBeTruthy()
    await context.close()
  })
})

it('a password that is over is changed, then signs in', async () => {
  const { context, page, password } = await ending(-1)
  await page.getByRole('alert').filter({ hasText: 'Your password is no longer valid.' }).waitFor()
  expect(await page.getByLabel('Current password').inputValue()).toBe(password)
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('new_password')
  await ground.look(page, 'expired')
  await page.getByLabel('New password').fill(NEW)
  await page.getByRole('button', { name: 'Change password' }).click()
  await page.getByText('Your password is changed.').waitFor()
  await page.getByLabel('Password', { exact: true }).fill(NEW)
  await page.getByRole('button', { name: 'Sign in' }).click()
  expect((await ground.told(page)).get('code')).toBeTruthy()
  await context.close()
})

it('no policy was broken, and no script failed', () => {
  expect(ground.errors).toEqual([])
})
