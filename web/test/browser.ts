/** Chromium for pages of the server itself: each page in a context of its own; what it logs as an error, or its policy stops, is kept. */
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core'

const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking']
const MORE = ['--disable-component-update', '--disable-sync', '--no-first-run']

export interface OpenBrowser {
  /** Must stay empty. */
  readonly errors: string[]
  page(options?: BrowserContextOptions): Promise<Page>
  close(): Promise<void>
}

export async function openBrowser(): Promise<OpenBrowser> {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: [...ARGUMENTS, ...MORE] })
  const errors: string[] = []
  return {
    errors,
    async page(options = {}) {
      const context = await browser.newContext({
        viewport: { width: 1280, height: 800 },
        locale: 'en-GB',
        // Colours are measured, which must not be on their way to others.
        reducedMotion: 'reduce',
        ...options,
      })
      const page = await context.newPage()
      page.setDefaultTimeout(15_000)
      page.on('pageerror', error => errors.push(error.message))
      page.on('console', message => {
        if (/Content Security Policy|Uncaught/.test(message.text())) errors.push(message.text())
      })
      return page
    },
    close: () => browser.close(),
  }
}
