/**
 * The approve app as people have it: built, served with its policy from an origin of its own, opened in Chromium. Each test file
 * builds into a folder of its own. What a page logs as an error, or its policy stops, is kept and must stay empty.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { serveSite } from '../../server/src/http/static-site.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const axe = readFileSync(here('../../node_modules/axe-core/axe.min.js'), 'utf8')
const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking']
const MORE = ['--disable-component-update', '--disable-sync', '--no-first-run']

export interface AppInBrowser {
  readonly origin: string
  readonly browser: Browser
  /** Errors of all pages so far: of scripts, of the console, of the content security policy. */
  readonly errors: string[]
  open(options?: BrowserContextOptions): Promise<{ context: BrowserContext; page: Page }>
  close(): Promise<void>
}

export async function startApp(port = 0, connect: readonly string[] = [], more: string[] = []): Promise<AppInBrowser> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-approve-'))
  await build({ configFile: here('../vite.config.ts'), build: { outDir: folder } })
  const site = await serveSite(folder, port, '127.0.0.1', connect)
  const origin = `http://localhost:${site.port}`
  const args = [...ARGUMENTS, ...MORE, ...more]
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args })
  const errors: string[] = []
  return {
    origin,
    browser,
    errors,
    async open(options = {}) {
      const context = await browser.newContext({
        viewport: { width: 360, height: 780 },
        locale: 'en-GB',
        // Colours are measured, which must not be on their way to others.
        reducedMotion: 'reduce',
        ...options,
      })
      context.on('page', page => {
        page.on('pageerror', error => errors.push(error.message))
        page.on('console', message => {
          if (/Content Security Policy|Uncaught/.test(message.text())) errors.push(message.text())
        })
      })
      const page = await context.newPage()
      await page.goto(origin)
      await page.getByRole('heading', { level: 1 }).waitFor()
      return { context, page }
    },
    async close() {
      await browser.close()
      await site.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Rules of WCAG 2.2 A and AA that this page breaks, with where; at each width, and that nothing scrolls sideways. */
export async function faultsOf(page: Page, widths: readonly number[] = [1280, 360]): Promise<string[]> {
  // A text can stand there before its style does.
  await page.waitForLoadState('load')
  const before = page.viewportSize()
  const faults: string[] = []
  for (const width of widths) {
    await page.setViewportSize({ width, height: 780 })
    // Script of ours in the page's own world, past the policy, which stops it as a script element.
    await page.evaluate(axe)
    faults.push(...(await page.evaluate(examine)).map(fault => `${width}: ${fault}`))
  }
  if (before) await page.setViewportSize(before)
  return faults
}

async function examine(): Promise<string[]> {
  interface Violation {
    readonly id: string
    readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary: string }[]
  }
  const { axe: loaded } = globalThis as unknown as {
    axe: { run(on: Document, how: object): Promise<{ violations: readonly Violation[] }> }
  }
  const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
  const { violations } = await loaded.run(document, { runOnly: rules })
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map(one => `${id} at ${one.target.join(' ')}: ${one.failureSummary}`),
  )
  const sideways = document.documentElement.scrollWidth > window.innerWidth
  return sideways ? [...found, 'the page scrolls sideways'] : found
}

/** What the keyboard reaches, in order, until it comes round or to an end: the names of what has the focus. */
export async function tabbed(page: Page, most = 40): Promise<string[]> {
  const names: string[] = []
  for (let step = 0; step < most; step++) {
    await page.keyboard.press('Tab')
    const name = await page.evaluate(() => {
      const { activeElement: at } = document
      if (!at || at === document.body) return undefined
      const label = at instanceof HTMLInputElement && at.labels?.[0]?.textContent
      return (label || at.getAttribute('aria-label') || at.textContent || at.tagName).trim()
    })
    if (name === undefined || name === names[0]) break
    names.push(name)
  }
  return names
}
