/**
 * What only a device gives, by Chromium's own stand-ins: a camera that films a QR code, an authenticator that derives keys, a push
 * message that arrives. Nothing of ours is replaced.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode } from 'uqr'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, invite } from '../../server/test/held-phone.ts'
import { makeUser } from '../../server/test/world.ts'
import { enrolled, invitedIn, type Journey, look, makeType, signedStatus, startJourney } from './journey.ts'

let journey: Journey
const folder = mkdtempSync(join(tmpdir(), 'countersign-film-'))
const film = join(folder, 'film.y4m')

beforeAll(async () => {
  const camera = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']
  journey = await startJourney([...camera, `--use-file-for-fake-video-capture=${film}`])
})
afterAll(async () => {
  await journey?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** One picture of this code, as an uncompressed film (YUV4MPEG2). */
function filmed(text: string): void {
  const size = 800
  const { data } = encode(text, { border: 4 })
  const scale = Math.floor(size / data.length)
  const light = Buffer.alloc(size * size, 235)
  for (const [y, row] of data.entries())
    for (const [x, dark] of row.entries())
      if (dark)
        for (let line = 0; line < scale; line++)
          light.fill(16, (y * scale + line) * size + x * scale, (y * scale + line) * size + (x + 1) * scale)
  const colour = Buffer.alloc((size * size) / 2, 128)
  const frame = Buffer.concat([Buffer.from('FRAME\n'), light, colour])
  writeFileSync(
    film,
    Buffer.concat([Buffer.from(`YUV4MPEG2 W${size} H${size} F10:1 Ip A1:1 C420jpeg\n`), frame, frame]),
  )
}

describe('the live camera', () => {
  it('reads an invitation', async () => {
    const { world, bearer, app } = journey
    const { id } = await makeUser(world, bearer)
    const { message } = await invite(world, bearer, id)
    filmed(message)
    const { page, context } = await app.open()
    await page.goto(`${app.origin}/#/add`)
    await page.getByRole('link', { name: 'Scan the QR code' }).click()
    await page.getByText('This is the first account of').waitFor()
    await context.close()
  })

  it('signs without asking where the service lets it, and only because it was the camera', async () => {
    const { world, bearer, app } = journey
    const { page, context } = await enrolled(journey)
    const hint = { mode: 'userid_less', device_type: 'DT_TDSV4E', tds: 'Log on', cal: 'accept' }
    const { body } = await ask(world, bearer, hint)
    filmed(`${app.origin}/#scan=${body.txid}`)
    await page.getByRole('link', { name: 'Scan a code' }).click()
    await page.getByRole('heading', { name: 'Approved' }).waitFor()
    expect(await signedStatus(journey, body.auth_req_id)).toBe('accept')
    await context.close()
  })

  it('a code that is nothing of ours is said to be none, and the camera goes on', async () => {
    filmed('https://example.com/')
    const { page, context } = await journey.app.open()
    await page.goto(`${journey.app.origin}/#/scan`)
    await page.getByText('This code is neither an invitation nor a request.').waitFor()
    await look(page, 'scan-unknown')
    await context.close()
  })
})

describe('a passkey', () => {
  it('unlocks instead of the PIN, where the authenticator derives keys', async () => {
    const rules = { type: 'password', minLength: 6, maxLength: 8, digitsOnly: true, maxAttempts: 5, lockSeconds: 60 }
    const type = await makeType(journey, { keysProtectionPolicies: rules })
    const { page, context } = await invitedIn(journey, type)
    const devtools = await context.newCDPSession(page)
    await devtools.send('WebAuthn.enable')
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        hasPrf: true,
      },
    })
    await page.getByRole('button', { name: 'Add account' }).click()
    await page.getByLabel('New PIN').fill('314159')
    await page.getByLabel('The same PIN again').fill('314159')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByText('This device is ready.').waitFor()
    await page.goto(`${journey.app.origin}/#/accounts`)
    await page.locator('.rows a').first().click()
    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByRole('button', { name: 'Use a passkey' }).click()
    await page.getByRole('dialog').getByLabel('PIN', { exact: true }).fill('314159')
    await page.keyboard.press('Enter')
    await page.getByText('A passkey now unlocks this account.').waitFor()
    await look(page, 'passkey')
    const kept = await page.evaluate(() => JSON.stringify(localStorage))
    expect(kept).toContain('passkey:')
    expect(kept).not.toContain('314159')
    await page.goto(`${journey.app.origin}/#/codes`)
    await page.getByRole('button', { name: 'Show code' }).click()
    await page.getByRole('button', { name: 'Unlock with passkey' }).waitFor()
    await look(page, 'unlock')
    await page.getByRole('button', { name: 'Unlock with passkey' }).click()
    await page.locator('.code').waitFor()
    await context.close()
  })

  it('is not offered where it cannot be', async () => {
    const rules = { type: 'password', minLength: 6, maxLength: 8, digitsOnly: true, maxAttempts: 5, lockSeconds: 60 }
    const type = await makeType(journey, { keysProtectionPolicies: rules })
    const { page, context } = await invitedIn(journey, type)
    await page.getByRole('button', { name: 'Add account' }).click()
    await page.getByLabel('New PIN').fill('314159')
    await page.getByLabel('The same PIN again').fill('314159')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.goto(`${journey.app.origin}/#/accounts`)
    await page.locator('.rows a').first().click()
    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByRole('button', { name: 'Change PIN' }).waitFor()
    expect(await page.getByRole('button', { name: 'Use a passkey' }).count()).toBe(0)
    await context.close()
  })
})

describe('a push', () => {
  it.each(['{"v":1,"w":"AAAAAAAAAAAAAAAAAAAAAA","j":"a.b.c.d.e"}', 'nonsense', ''])(
    'becomes one notification with a fixed text, whatever it carries: %j',
    async data => {
      const { app } = journey
      const { page, context } = await app.open({ permissions: ['notifications'] })
      const devtools = await context.newCDPSession(page)
      const registered = new Promise<string>(found =>
        devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
          if (registrations[0]) found(registrations[0].registrationId)
        }),
      )
      await devtools.send('ServiceWorker.enable')
      await page.evaluate(() => navigator.serviceWorker.ready)
      const registrationId = await registered
      await devtools.send('ServiceWorker.deliverPushMessage', { origin: app.origin, registrationId, data })
      const shown = () =>
        page.evaluate(async () => {
          const { getNotifications } = ServiceWorkerRegistration.prototype
          const all = await getNotifications.call(await navigator.serviceWorker.ready)
          return all.map(({ title, body }) => `${title} ${body}`)
        })
      await expect.poll(shown).toEqual(['Something is waiting for you Open the app to see it.'])
      await context.close()
    },
  )
})

it('no script failed, and the policy of the host was never broken', () => {
  expect(journey.app.errors).toEqual([])
})
