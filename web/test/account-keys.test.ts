/**
 * Passkeys and cards on the page of people's own devices: listed with their last use, named, taken away. The stock sign-in asks for a
 * passkey where somebody has one, so that whoever has one changes it by it.
 */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CardPeople, cardFlow } from '../../server/test/cards/people.ts'
import { scim } from '../../server/test/world.ts'
import { PasskeyPeople, press } from './portal/passkey-people.ts'
import { type PortalGround, startPortal } from './portal/portal-ground.ts'

let ground: PortalGround
let people: PasskeyPeople
let cards: CardPeople

beforeAll(async () => {
  ground = await startPortal()
  people = new PasskeyPeople(ground)
  cards = await CardPeople.of(ground.world)
})
afterAll(() => ground?.close())

const address = () => `${ground.server}/${ground.world.demo.tenant}/account/`
const ofDevice = (page: Page, name: string) => page.getByRole('listitem').filter({ hasText: name })

test('a passkey and a card are listed; who signed in by the passkey names them and takes them away', async () => {
  const { world, bearer } = ground
  const { page, context, person, password } = await people.holder(await people.workflow(), { backup: true })
  const { id, name } = person
  await scim(world, bearer, 'PUT', `/Users/${id}`, { name: { givenName: 'Ada', familyName: 'Test' } })
  const application = await cards.application('cmac')
  const card = cards.card(application, 'cmac')
  const enrolled = await cards.enrol(await cards.client(cardFlow([application])), { id, name, password }, card)
  expect(enrolled.status).toBe(200)
  const standard = await ground.password(person, 'AT_STDPWD')

  await page.goto(address())
  await page.getByLabel('User name').fill(name)
  await press(page, 'Next')
  await page.getByLabel('Password', { exact: true }).fill(standard)
  await press(page, 'Sign in')
  await page.getByRole('heading', { name: 'Passkey' }).waitFor()
  await press(page, 'Use passkey')
  await page.getByText('You signed in with it').waitFor()

  const passkey = page.getByRole('listitem').filter({ hasText: 'You signed in with it' })
  expect(await passkey.innerText()).toMatch(/Last used/)
  expect(await passkey.innerText()).toMatch(/It can: sign you in\./)
  expect(await passkey.innerText()).not.toMatch(/Serial number/)
  const cardRow = ofDevice(page, `Serial number ${card.csn}`)
  await cardRow.waitFor()
  expect(await cardRow.innerText()).toMatch(/Not used yet/)
  await ground.look(page, 'account-keys')

  await passkey.getByRole('button', { name: /^Rename/ }).click()
  await page.getByLabel('Name of the device').fill('Blue key')
  await press(page, 'Save')
  await page.getByRole('button', { name: 'Remove Blue key' }).waitFor()

  await cardRow.getByRole('button', { name: /^Remove/ }).click()
  await page.getByText('It can no longer sign you in. Give it back').waitFor()
  await press(page, 'Remove it')
  await page.getByText('The device is removed.').waitFor()
  expect(await ofDevice(page, card.csn).count()).toBe(0)

  await press(page, 'Remove Blue key')
  await page.getByText('Delete it where it is kept, too').waitFor()
  await ground.look(page, 'account-remove-passkey')
  await press(page, 'Remove it')
  await page.getByText('The device is removed.').waitFor()
  const left = await scim(world, bearer, 'POST', '/Device/.search', { filter: `owner.value eq "${id}"` })
  expect(left.body.resources).toEqual([])
  expect(ground.errors).toEqual([])
  await context.close()
})
