/**
 * A newcomer's first minute, in Chromium, against the demo as `npm start` starts it: enrols the approve app in one tab and approves a
 * transfer from another; then what happens when he says no, types another number, or reports it.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Demo, enrol, order, startDemo } from './demo-in-browser.ts'

let demo: Demo
beforeAll(async () => {
  demo = await startDemo()
})
afterAll(() => demo?.close())

it('from the bank to a signed receipt', { timeout: 180_000 }, async () => {
  const context = await demo.newcomer()
  const { counter, phone } = await enrol(demo, context, demo.look)
  await demo.look(counter, '7-order')
  await demo.look(phone, '7-nothing-waits')
  const number = await order(counter, phone, 'Rosa Lund')
  expect(number).toMatch(/^\d\d$/)
  await demo.look(counter, '8-waiting')
  expect(await phone.locator('.message dl').innerText()).toContain('Rosa Lund')
  await demo.look(phone, '9-decide')
  await phone.getByLabel('Number on the page').fill(number)
  await phone.getByRole('button', { name: 'Approve' }).click()
  await phone.getByRole('heading', { name: 'Approved' }).waitFor()
  await demo.look(phone, '10-approved')
  await counter.getByRole('heading', { name: 'Transfer sent' }).waitFor()
  await counter.getByText('RS512, verified by the bank').waitFor()
  expect(await counter.locator(':focus').innerText()).toBe('Transfer sent')
  await counter.getByText('The signature itself').click()
  await demo.look(counter, '11-receipt')
  await counter.getByRole('link', { name: 'Alice' }).click()
  await demo.look(counter, '12-customer-again')
  await context.close()
})

it('within a minute, by somebody who does not look around', { timeout: 120_000 }, async () => {
  const context = await demo.newcomer()
  const began_ms = performance.now()
  const { counter, phone } = await enrol(demo, context)
  const number = await order(counter, phone, 'Rosa Lund')
  await phone.getByLabel('Number on the page').fill(number)
  await phone.getByRole('button', { name: 'Approve' }).click()
  await counter.getByRole('heading', { name: 'Transfer sent' }).waitFor()
  expect(performance.now() - began_ms).toBeLessThan(60_000)
  await context.close()
})

it('nothing is broken on the way, and no policy is', () => {
  expect(demo.errors).toEqual([])
})
