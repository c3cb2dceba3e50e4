/**
 * One POST to a guarded target: a connection of its own, to the pinned address and no other, ten seconds in all from the look-up
 * to the answer, small headers, no redirect, no proxy. Of the answer only the status and `Retry-After` are looked at; of its body
 * 4 kB are let pass for a second, so that a well-behaved server can finish, and nothing is kept.
 */
import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { LookupFunction } from 'node:net'
import { findTarget, type Resolve, type Resolved, type Target } from '#delivery/address-guard.ts'
import { type Outcome, outcomeOf } from '#delivery/outcome.ts'
import { retryAfter } from '#delivery/retry-after.ts'
import type { CallbackRules } from '#domain/callback-rules.ts'
import type { Clock } from '#domain/ports/clock.ts'

export interface Letter {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
  /** The address is not one that was registered: it must be on loopback. */
  readonly loopbackOnly?: boolean
}

export interface Road {
  readonly clock: Clock
  readonly rules: CallbackRules
  /** The system's resolver when nothing is said. */
  readonly resolve?: Resolve
}

export const ATTEMPT_MS = 10_000
const LONGEST_BODY = 4096
const MOST_HEADER_BYTES = 8192
const BODY_MS = 1000

export async function post(letter: Letter, { clock, rules, resolve }: Road): Promise<Outcome> {
  const signal = AbortSignal.timeout(ATTEMPT_MS)
  const { url, loopbackOnly = false } = letter
  try {
    const target = await until(signal, findTarget(url, rules, { loopbackOnly, ...(resolve ? { resolve } : {}) }))
    return target ? await exchange(letter, target, clock, signal) : { name: 'address_refused', status: null }
  } catch (error) {
    if (signal.aborted) return { name: 'timeout', status: null }
    const { code } = error as { code?: unknown }
    if (typeof code !== 'string') throw error
    return { name: code.startsWith('HPE_') ? 'failed' : 'unreachable', status: null }
  }
}

/** A look-up cannot be stopped; it is only not waited for. */
export function until<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  return Promise.race([promise, late])
}

function exchange({ headers, body }: Letter, { url, pinned }: Target, clock: Clock, signal: AbortSignal) {
  const open = url.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise<Outcome>((answered, failed) => {
    const request = open(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      agent: false,
      lookup: alwaysAt(pinned),
      maxHeaderSize: MOST_HEADER_BYTES,
      rejectUnauthorized: true,
      signal,
    })
    request.on('response', response => {
      answered(outcomeOf(response.statusCode ?? 0, retryAfter(response.headers['retry-after'], clock.now())))
      letPass(request, response)
    })
    request.on('error', failed)
    // Also after an answer that changes the protocol, which nobody asked for.
    request.on('close', () => failed(Object.assign(new Error('closed'), { code: 'ECONNRESET' })))
    request.end(body)
  })
}

export function alwaysAt({ address, family }: Resolved): LookupFunction {
  return (_host, { all }, found) => (all ? found(null, [{ address, family }]) : found(null, address, family))
}

function letPass(request: ClientRequest, response: IncomingMessage): void {
  let length = 0
  const timer = setTimeout(() => request.destroy(), BODY_MS).unref()
  response.on('data', (part: Uint8Array) => {
    length += part.length
    if (length > LONGEST_BODY) request.destroy()
  })
  response.on('error', () => {})
  response.on('close', () => clearTimeout(timer))
}
