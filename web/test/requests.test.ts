/** Requests in the browser against a whole server: what is shown, decided, typed, scanned; and what the client then gets. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask } from '../../server/test/held-phone.ts'
import {
  enrolled,
  type Journey,
  look,
  numberClient,
  payment,
  qrPicture,
  signedStatus,
  startJourney,
} from './journey.ts'

let journey: Journey

beforeAll(async () => {
  journey = await startJourney()
})
afterAll(() => journey?.close())

describe('a request from the inbox', () => {
  it('arrives while the app is open, shows exactly what will be signed, and is approved', async () => {
    const { page, context, user } = await enrolled(journey)
    await look(page, 'requests-none')
    const tds = '{Account,DE44 5001 0517},{Amount,2 480.00 EUR},{Reference,Rent}'
    const { auth_req_id } = await payment(journey, user, tds)
    await page.getByText('Payment or action').waitFor()
    await page.getByText('A request for your approval has arrived.').waitFor({ state: 'attached' })
    await look(page, 'requests')
    await page.getByRole('link', { name: /Payment or action/ }).click()
    await page.getByRole('heading', { name: 'Do you approve this?' }).waitFor()
    const shown = 'Account\nDE44 5001 0517\nAmount\n2 480.00 EUR\nReference\nRent'
    expect(await page.locator('.message dl').innerText()).toBe(shown)
    await look(page, 'payment')
    await page.getByRole('button', { name: 'Approve' }).click()
    await page.getByRole('heading', { name: 'Approved' }).waitFor()
    await look(page, 'approved')
    expect(await signedStatus(journey, auth_req_id)).toBe('accept')
    await page.getByRole('link', { name: 'Done' }).click()
    await page.getByText('Nothing is waiting.').waitFor()
    await context.close()
  })

  it('declined: the client is told, and it stands in the history of this device', async () => {
    const { page, context, user } = await enrolled(journey)
    const { auth_req_id } = await payment(journey, user, 'Pay 10 EUR')
    await page.getByRole('link', { name: /Payment or action/ }).click()
    await page.getByRole('button', { name: 'Decline' }).click()
    await page.getByRole('heading', { name: 'Declined' }).waitFor()
    await look(page, 'declined')
    expect(await signedStatus(journey, auth_req_id)).toBe('deny')
    await page.getByRole('link', { name: 'Earlier decisions' }).click()
    await page.getByText('Pay 10 EUR').waitFor()
    expect(await page.getByRole('heading', { level: 2 }).allInnerTexts()).toEqual(['Declined'])
    await look(page, 'history')
    await context.close()
  })

  it('characters that mislead are marked and explained, and nothing is changed', async () => {
    const { page, context, user } = await enrolled(journey)
    await payment(journey, user, 'To p\u0430ypal \u202eRUE\u202c')
    await page.getByRole('link', { name: /Payment or action/ }).click()
    await page.getByText('This text has characters that can mislead.').waitFor()
    expect(await page.locator('.message mark bdi').allTextContents()).toEqual(['\u0430', '\u202e', '\u202c'])
    expect(await page.locator('.message .points').allTextContents()).toEqual(['U+202E', 'U+202C'])
    await look(page, 'marked')
    await context.close()
  })

  it('one that was never there is said to be gone; one whose time is over takes no answer', async () => {
    const { page, context, user } = await enrolled(journey)
    await payment(journey, user, 'Pay 50 EUR')
    await page.getByRole('link', { name: /Payment or action/ }).click()
    const button = page.getByRole('button', { name: 'Approve' })
    await button.waitFor()
    await page.clock.install()
    await page.clock.fastForward(121_000)
    await page.getByText('The time for this request is over.').waitFor()
    expect(await button.count()).toBe(0)
    await page.goto(page.url().replace(/\d+$/, '999999999'))
    await page.getByText('This is no longer here.').waitFor()
    await look(page, 'gone')
    await context.close()
  })

  it('report asks once more, and then says what happens', async () => {
    const { page, context, user } = await enrolled(journey)
    const { auth_req_id } = await payment(journey, user, 'Pay 40 EUR')
    await page.getByRole('link', { name: /Payment or action/ }).click()
    const report = page.getByRole('button', { name: 'This was not me: report it' })
    await report.click()
    await look(page, 'report')
    await page.keyboard.press('Escape')
    expect(await page.getByRole('dialog').count()).toBe(0)
    await report.click()
    await page.getByRole('button', { name: 'Report it', exact: true }).click()
    await page.getByRole('heading', { name: 'Reported' }).waitFor()
    await look(page, 'reported')
    expect(await signedStatus(journey, auth_req_id)).toBe('report')
    await context.close()
  })
})

describe('number matching', () => {
  it('wants the two digits that the page shows; wrong ones are a denial, and are said to be one', async () => {
    const rp = await numberClient(journey)
    const { page, context, user } = await enrolled(journey)
    const right = await payment(journey, user, 'Pay 20 EUR', rp)
    await page.getByRole('link', { name: /Payment or action/ }).click()
    await page.getByRole('button', { name: 'Approve' }).click()
    await page.locator('.field .error').waitFor()
    await look(page, 'number')
    await page.getByLabel('Number on the page').fill(right.number ?? '')
    await page.getByRole('button', { name: 'Approve' }).click()
    await page.getByRole('heading', { name: 'Approved' }).waitFor()
    expect(await signedStatus(journey, right.auth_req_id, rp)).toBe('accept')
    await page.getByRole('link', { name: 'Done' }).click()

    const wrong = await payment(journey, user, 'Pay 30 EUR', rp)
    await page.getByRole('link', { name: /Payment or action/ }).click()
    await page.getByLabel('Number on the page').fill(String((Number(wrong.number) + 1) % 100).padStart(2, '0'))
    await page.getByRole('button', { name: 'Approve' }).click()
    await page.getByRole('heading', { name: 'Wrong number: declined' }).waitFor()
    await look(page, 'wrong-number')
    await context.close()
  })
})

describe('scan to approve', () => {
  const userless = async (more: Record<string, string> = {}) => {
    const hint = { mode: 'userid_less', device_type: 'DT_TDSV4E', tds: 'Log on to the bank', ...more }
    const { body, text } = await ask(journey.world, journey.bearer, hint)
    expect(body.txid, text).toBeDefined()
    return body as { txid: string; auth_req_id: string }
  }

  it('by a link: shown with its warning, signed only after a press, and gone from the address', async () => {
    const { page, context } = await enrolled(journey)
    const { txid, auth_req_id } = await userless({ cal: 'accept' })
    await page.goto(`${journey.app.origin}/#scan=${txid}`)
    await page.getByText('Only if you opened this page yourself').waitFor()
    expect(page.url()).not.toContain(txid)
    await page.getByRole('link', { name: 'Do not approve' }).waitFor()
    await look(page, 'scanned')
    await page.getByRole('button', { name: 'Approve', exact: true }).click()
    await page.getByRole('heading', { name: 'Approved' }).waitFor()
    expect(await signedStatus(journey, auth_req_id)).toBe('accept')
    await context.close()
  })

  it('by an image of the code', async () => {
    const { page, context } = await enrolled(journey)
    const { txid } = await userless()
    await page.goto(`${journey.app.origin}/#/scan`)
    const buffer = await qrPicture(page, `${journey.app.origin}/#scan=${txid}`)
    await page.locator('input[type=file]').setInputFiles({ name: 'code.png', mimeType: 'image/png', buffer })
    await page.getByText('Only if you opened this page yourself').waitFor()
    await page.getByRole('button', { name: 'Decline' }).click()
    await page.getByRole('heading', { name: 'Declined' }).waitFor()
    await context.close()
  })

  it('a code of a strange service is refused in words', async () => {
    const { page, context } = await enrolled(journey)
    const payload = Buffer.from(JSON.stringify({ service: 'evil.example/x' })).toString('base64url')
    await page.goto(`${journey.app.origin}/#scan=eyJhbGciOiJFUzI1NiJ9.${payload}.c2ln`)
    await page.getByText('None of your accounts belongs to the service of this code.').waitFor()
    await look(page, 'stranger')
    await context.close()
  })
})

it('no script failed, and the policy of the host was never broken', () => {
  expect(journey.app.errors).toEqual([])
})
