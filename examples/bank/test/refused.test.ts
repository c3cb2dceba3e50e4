/** What the bank does when the phone does not approve: a no, another number, a report, and an answer that never comes. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Demo, enrol, order, startDemo } from './demo-in-browser.ts'

// Each gets a demo of its own: after a no the customer is left in peace for a while.
let demo: Demo
beforeEach(async () => {
  demo = await startDemo()
})
afterEach(() => demo?.close())

it('a no: declined on both sides, and the customer is left in peace', { timeout: 120_000 }, async () => {
  const { counter, phone } = await enrol(demo, await demo.newcomer())
  await order(counter, phone, 'Max Stein')
  await phone.getByRole('button', { name: 'Decline' }).click()
  await phone.getByRole('heading', { name: 'Declined' }).waitFor()
  await demo.look(phone, '20-declined-on-the-phone')
  await counter.getByRole('heading', { name: 'Declined' }).waitFor()
  await counter.getByText('Nothing was transferred.').waitFor()
  await demo.look(counter, '21-declined')
  await counter.getByRole('link', { name: 'Back to Alice' }).click()
  await counter.getByRole('button', { name: 'Send to the phone for approval' }).click()
  await counter.getByText(/is left in peace. Try again in \d+ seconds/).waitFor()
  await demo.look(counter, '22-left-in-peace')
  expect(demo.errors).toEqual([])
})

it('another number: a no as well', { timeout: 120_000 }, async () => {
  const { counter, phone } = await enrol(demo, await demo.newcomer())
  const number = await order(counter, phone, 'Max Stein')
  await phone.getByLabel('Number on the page').fill(String(10 + ((Number(number) - 9) % 90)))
  await phone.getByRole('button', { name: 'Approve' }).click()
  await phone.getByRole('heading', { name: 'Wrong number: declined' }).waitFor()
  await demo.look(phone, '30-wrong-number-on-the-phone')
  await counter.getByRole('heading', { name: 'Declined' }).waitFor()
  await counter.getByText('another number was typed').waitFor()
  await counter.getByRole('link', { name: 'Alice', exact: true }).click()
  expect(await counter.locator('.transfers .state').allInnerTexts()).toEqual(['Declined'])
})

it('a report: said to the counter, and nothing more is asked', { timeout: 120_000 }, async () => {
  const { counter, phone } = await enrol(demo, await demo.newcomer())
  await order(counter, phone, 'Max Stein')
  await phone.getByRole('button', { name: 'This was not me: report it' }).click()
  await phone.getByRole('dialog').getByRole('button', { name: 'Report it' }).click()
  await phone.getByRole('heading', { name: 'Reported' }).waitFor()
  await counter.getByRole('heading', { name: 'Reported by the customer' }).waitFor()
  await demo.look(counter, '40-reported')
  await counter.getByRole('link', { name: 'Back to Alice' }).click()
  await counter.getByRole('button', { name: 'Send to the phone for approval' }).click()
  await counter.getByText('cannot be asked now').waitFor()
  await demo.look(counter, '41-cannot-be-asked')
})
