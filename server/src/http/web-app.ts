/**
 * A browser app of ours on the server's own origin: its page, and the files that the page names. All are read at start; of a request
 * only a name is looked for among them, so nothing of it ever names a path on the disk.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Answer } from '#http/endpoint.ts'

export interface WebFile {
  readonly bytes: Uint8Array
  /** The same, smaller (gzip); files hold nothing secret that could be guessed from a length. */
  readonly packed: Uint8Array
  readonly headers: Readonly<Record<string, string>>
}

export interface WebApp {
  /** Where `data-origin=""` is to be filled in: the public origin. */
  readonly page: string
  readonly files: ReadonlyMap<string, WebFile>
}

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript;charset=UTF-8',
  '.css': 'text/css;charset=UTF-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}
// A name with a hash in it never holds anything else.
const HASHED = /-[A-Za-z0-9_-]{8}\.[a-z0-9]+$/
const FOR_EVER = 'public, max-age=31536000, immutable'

/** Undefined when the app is not built: nothing but its page is missing then. */
export function readWebApp(folder: string): WebApp | undefined {
  if (!existsSync(join(folder, 'index.html'))) return undefined
  return { page: readFileSync(join(folder, 'index.html'), 'utf8'), files: readWebFiles(folder) }
}

/** What pages of ours name, by its name; empty when nothing is built. */
export function readWebFiles(folder: string): ReadonlyMap<string, WebFile> {
  const files = new Map<string, WebFile>()
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const type = TYPES[extname(name)]
    if (type === undefined) continue
    const cache = HASHED.test(name) ? FOR_EVER : 'no-cache'
    const headers = { 'content-type': type, 'cache-control': cache, 'cross-origin-resource-policy': 'same-origin' }
    const bytes = readFileSync(join(folder, name))
    files.set(name, { bytes, packed: gzipSync(bytes, { level: 9 }), headers })
  }
  return files
}

/** A file, packed for whoever takes it so (RFC 9110 section 12.5.3). */
export function fileAnswer({ bytes, packed, headers }: WebFile, accepted: string | undefined): Answer<Uint8Array> {
  const takes = /(?:^|[\s,])gzip(?!\s*;\s*q=0(?:\.0*)?(?:\s*,|\s*$))/.test(accepted ?? '')
  if (!takes) return { body: bytes, headers: { ...headers, vary: 'accept-encoding' } }
  return { body: packed, headers: { ...headers, vary: 'accept-encoding', 'content-encoding': 'gzip' } }
}

/** The page for a server whose public origin this is; an origin holds nothing that would need to be escaped. */
export const pageAt = ({ page }: WebApp, origin: string): string =>
  page.replace('data-origin=""', `data-origin="${new URL(origin).origin}"`)
