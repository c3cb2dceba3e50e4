/**
 * People of the demo at the bank's sign-in, in Chromium: the bank stands on 127.0.0.1, the server on localhost, so each way there and
 * back crosses sites. What is sent to people is read in the demo's own inbox.
 */
import type { BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { DemoPerson } from '../../../server/src/cli/demo-samples.ts'
import type { DemoFile } from '../../../server/src/cli/demo-world.ts'
import { type Demo, startDemo } from './demo-in-browser.ts'

export interface SignInGround extends Demo {
  readonly world: DemoFile
  person(name: string): DemoPerson
  /** From the bank's own button to the server's page, in a browser of its own. Browsers are wide and narrow by turns. */
  begin(title: string, look?: (page: Page) => Promise<void>): Promise<{ context: BrowserContext; page: Page }>
  /** By the link on the demo's page of people: the bank names the person. */
  follow(name: string, title: string): Promise<{ context: BrowserContext; page: Page }>
  /** The newest message for this person that is not older than the call before. */
  message(to: string): Promise<string>
  close(): Promise<void>
}

interface Message {
  readonly to: string
  readonly text: string
  readonly at: string
}

export async function startSignIns(): Promise<SignInGround> {
  const demo = await startDemo()
  const { world } = demo
  const seen = new Set<string>()
  const opening = { odd: false }
  const opened = async () => {
    const context = await demo.newcomer()
    context.setDefaultTimeout(15_000)
    const page = await context.newPage()
    await page.setViewportSize({ width: opening.odd ? 360 : 1280, height: 800 })
    opening.odd = !opening.odd
    return { context, page }
  }
  return {
    ...demo,
    person(name) {
      const found = world.sign_ins?.people.find(({ externalId }) => externalId === `${name}@demo.example`)
      if (!found) throw new Error(`there is no ${name}`)
      return found
    },
    async begin(title, look = async () => undefined) {
      const one = await opened()
      await one.page.goto(`${demo.bank}/sign-in`)
      await look(one.page)
      await one.page.getByRole('link', { name: `Sign in by: ${title}` }).click()
      await atPortal(one.page)
      return one
    },
    async follow(name, title) {
      const one = await opened()
      await one.page.goto(`${world.base}/people`)
      const article = one.page.getByRole('article', { name })
      await article.getByRole('link', { name: title, exact: true }).click()
      await atPortal(one.page)
      return one
    },
    async message(to) {
      const found: { text?: string } = {}
      const look = async () => {
        const all = (await (await fetch(`${world.base}/inbox.json`)).json()) as Message[]
        const fresh = all.find(one => one.to === to && !seen.has(`${one.at} ${one.text}`))
        if (fresh) Object.assign(found, { text: fresh.text }) && seen.add(`${fresh.at} ${fresh.text}`)
        return found.text
      }
      await expect.poll(look, { timeout: 10_000 }).toBeTruthy()
      return found.text ?? ''
    },
  }
}

export async function atPortal(page: Page): Promise<void> {
  await page.waitForURL(/^http:\/\/localhost:\d+\/demo\/authn\/portal\?/)
  // A press that begins before the scripts have drawn the page and ends after it is none.
  await page.locator('#portal > div > h1').waitFor()
}

export const codeIn = (text: string): string => /\b\d{6,8}\b/.exec(text)?.[0] ?? ''

export async function typePassword(page: Page, password: string | undefined, label = 'Password'): Promise<void> {
  await page.getByLabel(label, { exact: true }).fill(password ?? '')
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** At the bank again: what it was told. */
export async function account(page: Page, name: string): Promise<string> {
  await page.getByRole('heading', { name: `Welcome, ${name}` }).waitFor()
  return page.locator('section', { hasText: 'This sign-in' }).first().innerText()
}

/** At the bank again, with nothing: why. */
export async function refused(page: Page): Promise<string> {
  await page.getByRole('heading', { name: 'Not signed in' }).waitFor()
  return page.locator('main').innerText()
}
