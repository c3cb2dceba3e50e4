/**
 * The demo as a newcomer starts it, from the build, on free ports, and a browser in which bank and approve app are two tabs. What a page
 * logs as an error, or its policy stops, is kept and must stay empty. Pictures go to COUNTERSIGN_SCREENSHOTS, or to a folder that goes away.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { expect } from 'vitest'
import type { DemoFile } from '../../../server/src/cli/demo-world.ts'
import { startProcess } from '../../../server/test/process.ts'
import { faultsOf } from '../../../web/test/app-in-browser.ts'

const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking']
const MORE = ['--disable-component-update', '--disable-sync', '--no-first-run']
const WIDTHS = [1280, 360]
const NARROWEST = 320

export interface Demo {
  readonly world: DemoFile
  readonly bank: string
  readonly approve: string
  readonly browser: Browser
  readonly errors: string[]
  /** Tabs that share what a browser keeps: one newcomer. */
  newcomer(): Promise<BrowserContext>
  /** Pictures of this step, wide and narrow, and dark at the narrowest; no rule of accessibility is broken in any. */
  look(page: Page, name: string): Promise<void>
  close(): Promise<void>
}

export async function startDemo(): Promise<Demo> {
  const home = mkdtempSync(join(tmpdir(), 'countersign-journey-'))
  const server = await startProcess('demo', { COUNTERSIGN_HOME: home })
  const world = server.demo
  const { bank, approve } = world ?? {}
  if (!world || bank === undefined || approve === undefined)
    throw new Error('bank or approve app are not built: npm run build')
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: [...ARGUMENTS, ...MORE] })
  const errors: string[] = []
  const pictures = process.env.COUNTERSIGN_SCREENSHOTS ?? join(home, 'pictures')
  mkdirSync(pictures, { recursive: true })
  return {
    world,
    bank,
    approve,
    browser,
    errors,
    async newcomer() {
      const context = await browser.newContext({
        viewport: { width: 1280, height: 800 },
        locale: 'en-GB',
        // Colours are measured, which must not be on their way to others.
        reducedMotion: 'reduce',
      })
      context.on('page', page => {
        page.on('pageerror', error => errors.push(error.message))
        page.on('console', message => {
          if (/Content Security Policy|Uncaught/.test(message.text())) errors.push(message.text())
        })
      })
      return context
    },
    async look(page, name) {
      expect(await faultsOf(page, WIDTHS), name).toEqual([])
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 800 })
        await page.screenshot({ path: join(pictures, `${name}-${width}.png`), fullPage: true })
      }
      await page.emulateMedia({ colorScheme: 'dark' })
      expect(await faultsOf(page, [NARROWEST]), `${name}, dark`).toEqual([])
      await page.setViewportSize({ width: NARROWEST, height: 800 })
      await page.screenshot({ path: join(pictures, `${name}-dark.png`), fullPage: true })
      await page.emulateMedia({ colorScheme: null })
      await page.setViewportSize({ width: 1280, height: 800 })
    },
    async close() {
      await browser.close()
      await server.stop()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** Alice gets a phone: the bank's link opens the approve app in another tab, where the account is added. */
export async function enrol(
  { bank }: Demo,
  context: BrowserContext,
  look: (page: Page, name: string) => Promise<void> = async () => undefined,
): Promise<{ readonly counter: Page; readonly phone: Page }> {
  const counter = await context.newPage()
  await counter.goto(bank)
  await look(counter, '1-counter')
  await counter.getByRole('link', { name: /^Alice/ }).click()
  await look(counter, '2-customer')
  await counter.getByRole('button', { name: /Enrol a(nother)? phone/ }).click()
  await counter.getByRole('heading', { name: 'A phone for Alice' }).waitFor()
  await look(counter, '3-invitation')
  const opened = context.waitForEvent('page')
  await counter.getByRole('link', { name: 'Open the approve app' }).click()
  const phone = await opened
  await phone.getByRole('button', { name: 'Add account' }).waitFor()
  await look(phone, '4-add-account')
  await phone.getByRole('button', { name: 'Add account' }).click()
  await phone.getByText('This device is ready.').waitFor()
  await look(phone, '5-account-added')
  await phone.getByRole('link', { name: 'Done' }).click()
  await counter.getByRole('heading', { name: 'Phone registered' }).waitFor()
  await look(counter, '6-registered')
  await counter.getByRole('link', { name: 'Make a transfer' }).click()
  return { counter, phone }
}

/** Sends the order to the phone and opens it there; hands back the digits that the bank shows. */
export async function order(counter: Page, phone: Page, payee: string): Promise<string> {
  await counter.getByLabel('Payee').fill(payee)
  await counter.getByRole('button', { name: 'Send to the phone for approval' }).click()
  await counter.getByRole('heading', { name: 'Waiting for Alice' }).waitFor()
  const number = await counter.locator('.digits').innerText()
  await phone.getByRole('link', { name: /Payment or action/ }).click()
  await phone.getByRole('heading', { name: 'Do you approve this?' }).waitFor()
  return number
}
