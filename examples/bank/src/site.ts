/**
 * The bank over HTTP: pages by GET, deeds by POST. At the counter nobody is signed in, and a cookie alone proves no will, so what protects
 * the deeds is that they come from the bank's own pages: Host and Origin are compared (OWASP, verifying origin). No page has inline
 * script or style, none is framed.
 */
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Bank } from './bank.ts'
import { type Asked, onlineAt, onlineDeedAt, putAside } from './online.ts'
import { framed, type Page } from './pages/frame.ts'
import { plainPage } from './pages/plain-page.ts'
import { deedAt, pageAt, stateAt } from './routes.ts'

const LARGEST_FORM = 4096
/** Holds an id_token. */
const LARGEST_ANSWER = 16_384
const file = (path: string, type: string) => ({ bytes: readFileSync(new URL(path, import.meta.url)), type })

const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
} as const

/** Resolves with the origin once it listens, on this machine only. */
export async function openSite(bank: Bank): Promise<{ readonly origin: string; readonly server: Server }> {
  const files = new Map([
    ['/bank.css', file('../public/bank.css', 'text/css;charset=UTF-8')],
    ['/pieces.css', file('../public/pieces.css', 'text/css;charset=UTF-8')],
    ['/kestrel.svg', file('../public/kestrel.svg', 'image/svg+xml')],
    ['/live.js', file('../dist/browser/live.js', 'text/javascript;charset=UTF-8')],
  ])
  const own = { origin: '' }
  const server = createServer((request, response) => {
    const known = files.get(request.url ?? '')
    if (known) return void send(response, 200, known.type, known.bytes)
    answer(bank, own.origin, request, response).catch(error => {
      console.error(error)
      if (!response.headersSent)
        show(response, 502, plainPage('Not now', 'The bank could not reach its approval server.'))
    })
  })
  await new Promise<void>((listening, failed) => {
    server.once('error', failed)
    server.listen(bank.configuration.port, '127.0.0.1', listening)
  })
  own.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { origin: own.origin, server }
}

async function answer(bank: Bank, origin: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = '', url = '/', headers } = request
  const path = url.split('?', 1)[0] ?? ''
  if (`http://${headers.host}` !== origin) return show(response, 421, plainPage('Another address', `Open ${origin}/`))
  const asked = askedBy(request, path, origin)
  if (method === 'GET') {
    const state = stateAt(bank, path)
    if (state !== undefined) return send(response, 200, 'application/json', Buffer.from(JSON.stringify({ state })))
    const told = await onlineAt(bank, asked)
    if (told && 'goTo' in told) return go(response, told)
    if (told) return show(response, 200, told.page, told.cookies)
    const page = await pageAt(bank, path)
    return page ? show(response, 200, page) : show(response, 404, nothing)
  }
  // From the server's site: which browser it is, and whether it asked for this, is seen when it comes again.
  if (method === 'POST' && path === '/signed-in') {
    const form = await readForm(request, LARGEST_ANSWER)
    return form ? go(response, { goTo: putAside(bank, form.toString()) }) : show(response, 413, tooMuch)
  }
  const deed = method === 'POST' ? (onlineDeedAt(bank, asked) ?? deedAt(bank, path)) : undefined
  if (!deed) return show(response, method === 'POST' ? 404 : 405, nothing)
  if (headers.origin !== origin) {
    return show(response, 403, plainPage('Refused', 'This did not come from a page of the bank.'))
  }
  const form = await readForm(request, LARGEST_FORM)
  if (!form) return show(response, 413, tooMuch)
  const done = await deed(form)
  if ('goTo' in done) go(response, done)
  else show(response, 422, done)
}

function askedBy({ url = '/', headers }: IncomingMessage, path: string, origin: string): Asked {
  const pairs = (headers.cookie ?? '').split(/; */).map(pair => pair.split('=', 2) as [string, string])
  return { path, query: new URL(url, origin).searchParams, cookies: new Map(pairs), origin }
}

function go(response: ServerResponse, { goTo, cookies }: { goTo: string; cookies?: readonly string[] }): void {
  response.writeHead(303, { ...HEADERS, location: goTo, ...(cookies ? { 'set-cookie': [...cookies] } : {}) }).end()
}

const tooMuch = plainPage('Refused', 'That was too much.')

const nothing = plainPage(
  'Nothing here',
  'The bank forgets when it is started again, and keeps only the last transfers.',
)

async function readForm(request: IncomingMessage, largest: number): Promise<URLSearchParams | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > largest) return undefined
    chunks.push(chunk)
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
}

function show(response: ServerResponse, status: number, page: Page, cookies: readonly string[] = []): void {
  if (cookies.length > 0) response.setHeader('set-cookie', [...cookies])
  send(response, status, 'text/html;charset=UTF-8', Buffer.from(framed(page)))
}

function send(response: ServerResponse, status: number, type: string, bytes: Buffer): void {
  response.writeHead(status, { ...HEADERS, 'content-type': type, 'content-length': bytes.length })
  response.end(bytes)
}
