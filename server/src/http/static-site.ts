/**
 * Serves the files of one folder on an origin of its own: the approve app, which must not share one with the server's pages
 * (approve protocol, Origin). All files are read at start; nothing of a request ever names a path on the disk.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, sep } from 'node:path'
import { Fault } from '#domain/refusal.ts'

export interface StaticSite {
  readonly port: number
  close(): Promise<void>
}

interface File {
  readonly bytes: Buffer
  readonly headers: Readonly<Record<string, string>>
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html;charset=UTF-8',
  '.js': 'text/javascript;charset=UTF-8',
  '.css': 'text/css;charset=UTF-8',
  '.json': 'application/json;charset=UTF-8',
  '.webmanifest': 'application/manifest+json;charset=UTF-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain;charset=UTF-8',
}
const HASHED = /[-.][A-Za-z0-9_-]{8}\.(?:js|css|svg|png|woff2)$/

/** `connect`: the origins that its pages may call, beside every https one. */
export async function serveSite(
  folder: string,
  port: number,
  host: string,
  connect: readonly string[],
): Promise<StaticSite> {
  const files = filesIn(folder, connect)
  const server = createServer((request, response) => answer(files, request, response))
  await new Promise<void>((listening, failed) => {
    server.once('error', failed)
    server.listen(port, host, listening)
  })
  return { port: (server.address() as AddressInfo).port, close: () => closed(server) }
}

function filesIn(folder: string, connect: readonly string[]): ReadonlyMap<string, File> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(one => one.isFile())
  if (names.length === 0) throw new Fault(`${folder} holds no files; run: npm run build`)
  const files = new Map<string, File>()
  for (const { parentPath, name } of names) {
    const path = join(parentPath, name)
    const address = path.slice(folder.length).split(sep).join('/')
    const file = { bytes: readFileSync(path), headers: headersOf(address, connect) }
    files.set(address, file)
    if (address === '/index.html') files.set('/', file)
  }
  return files
}

function headersOf(address: string, connect: readonly string[]): Record<string, string> {
  const type = TYPES[extname(address)] ?? 'application/octet-stream'
  return {
    'content-type': type,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': HASHED.test(address) ? 'public, max-age=31536000, immutable' : 'no-cache',
    'content-security-policy': policyOf(connect),
    'permissions-policy': 'camera=(self), geolocation=(), microphone=(), payment=()',
    'x-frame-options': 'DENY',
  }
}

const policyOf = (connect: readonly string[]) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    `connect-src 'self' https: ${connect.join(' ')}`.trim(),
    "manifest-src 'self'",
    "worker-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join('; ')

function answer(files: ReadonlyMap<string, File>, request: IncomingMessage, response: ServerResponse): void {
  const { method, url = '/' } = request
  request.resume()
  const file = files.get(url.split('?', 1)[0] ?? '')
  if (method !== 'GET' && method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end()
  } else if (!file) {
    response.writeHead(404, { 'content-type': 'text/plain;charset=UTF-8', 'x-content-type-options': 'nosniff' })
    response.end('There is nothing at this address.\n')
  } else {
    response.writeHead(200, { ...file.headers, 'content-length': file.bytes.length })
    response.end(method === 'HEAD' ? undefined : file.bytes)
  }
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise(done => server.close(() => done()))
}
