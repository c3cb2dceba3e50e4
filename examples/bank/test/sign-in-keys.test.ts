/**
 * A passkey and a card, from the bank's button to its account page: set up behind the password, then used. With an authenticator of
 * Chromium, and with the card bridge and the card that the demo's page of people names.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bridgeTurn } from '../../../server/test/cards/bridge-turn.ts'
import { virtualKeys } from '../../../web/test/portal/virtual-keys.ts'
import { account, type SignInGround, startSignIns } from './sign-in-ground.ts'

let ground: SignInGround
beforeAll(async () => {
  ground = await startSignIns()
})
afterAll(() => ground?.close())

it('is set up on the sign-in page, signs in at once, and later without a name', async () => {
  const { context, page } = await ground.follow('Faye', 'Passkey')
  await (await virtualKeys(page)).add({ transport: 'internal' })
  await page.getByRole('link', { name: 'Set up a passkey' }).first().click()
  await page.getByLabel('Password', { exact: true }).fill(ground.person('faye').password ?? '')
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByRole('button', { name: 'Create passkey' }).click()
  await page.getByText('Your passkey is set up. Now sign in with it.').waitFor()
  await page.getByRole('button', { name: 'Use passkey' }).click()
  expect(await account(page, 'Faye')).toContain('acr_fido')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('link', { name: 'Sign in by: Passkey' }).click()
  // The browser offers the passkey beside the user name, and this authenticator is always touched.
  await account(page, 'Faye')
  expect(ground.errors).toEqual([])
  await context.close()
})

it('a card is set up and identifies, by the bridge beside the browser', { timeout: 240_000 }, async () => {
  const endTurn = await bridgeTurn()
  const bridge = startBridge(new URL(ground.world.base).origin)
  const { context, page } = await ground.follow('Carl', 'Card')
  await page
    .getByRole('link', { name: /Set up a card/ })
    .first()
    .click()
  await page.getByLabel('Password', { exact: true }).fill(ground.person('carl').password ?? '')
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByRole('button', { name: 'Read card' }).click()
  await page.getByLabel('Code of the card bridge').fill(await bridge.code)
  await ground.look(page, 'sign-in-card-pairing')
  await page.getByRole('button', { name: 'Connect' }).click()
  await page.getByText('Your card is set up. Now sign in with it.').waitFor()
  await page.getByRole('button', { name: 'Read card' }).click()
  const told = await account(page, 'Carl')
  await context.close()
  await bridge.end()
  endTurn()
  // It proved nothing, so it claims nothing, whatever acr the sample names.
  expect(told).not.toContain('acr\n4')
})

function startBridge(origin: string): { readonly code: Promise<string>; end(): Promise<void> } {
  const path = (name: string) => fileURLToPath(new URL(`../../../${name}`, import.meta.url))
  const words = ['card-bridge', '--simulate', path('examples/bank/card.json'), '--origin', origin]
  const child = spawn(process.execPath, [path('server/bin/countersign.js'), ...words], {
    env: { PATH: process.env.PATH ?? '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const code = new Promise<string>(found => {
    let said = ''
    child.stdout.on('data', chunk => {
      said += String(chunk)
      const [, first, second] = /(\d{4}) (\d{4})/.exec(said) ?? []
      if (first && second) found(first + second)
    })
  })
  return {
    code,
    async end() {
      child.kill()
      await once(child, 'exit')
    },
  }
}
