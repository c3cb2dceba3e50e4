/**
 * Where we may be sent by what a client or an app told us: https, and no network of our own but for the ranges that the tenant lists
 * (these also by http). The name is resolved here, every address it has must pass, and the one that is answered is the one to
 * connect to: a name that resolves differently a moment later leads nowhere else. Hosts written as numbers are judged as what they mean.
 */
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { isLoopback, isPublic, rangesOf } from '#delivery/address-ranges.ts'
import type { CallbackRules } from '#domain/callback-rules.ts'

export interface Resolved {
  readonly address: string
  readonly family: number
}

export interface Target {
  readonly url: URL
  /** The only address to connect to. */
  readonly pinned: Resolved
}

export type Resolve = (host: string) => Promise<readonly Resolved[]>
export const resolveHost: Resolve = host => lookup(host, { all: true })

const LONGEST_URL = 2048
/** A URL parser would drop or turn some of these; nobody who means well writes them. */
const STRANGE = /[^\x21-\x7e]|[\\"<>^`{|}]/

/** Undefined: the address is refused. Throws when the name cannot be resolved now. */
export async function findTarget(
  text: string,
  rules: CallbackRules,
  { resolve = resolveHost, loopbackOnly = false }: { resolve?: Resolve; loopbackOnly?: boolean } = {},
): Promise<Target | undefined> {
  const url = readUrl(text)
  if (!url) return undefined
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const version = isIP(host)
  const found = version === 0 ? await resolve(host) : [{ address: host, family: version }]
  const listed = rangesOf(rules.allowedRanges)
  const admitted = ({ address }: Resolved) => listed(address) || (url.protocol === 'https:' && isPublic(address))
  if (!found.every(admitted)) return undefined
  if (loopbackOnly && !found.every(({ address }) => isLoopback(address))) return undefined
  const [pinned] = found
  return pinned && { url, pinned }
}

function readUrl(text: string): URL | undefined {
  if (text.length > LONGEST_URL || STRANGE.test(text) || !URL.canParse(text)) return undefined
  const url = new URL(text)
  const schemes = ['https:', 'http:']
  if (!schemes.includes(url.protocol) || url.hostname === '') return undefined
  return url.username === '' && url.password === '' && url.hash === '' ? url : undefined
}
