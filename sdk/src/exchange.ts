/**
 * One request over HTTP: bounded in time and size, redirects not followed, nothing of a browser's cookies sent. What the server
 * refuses comes out as an SdkError with the server's code; what does not come at all as `unreachable`.
 */
import { fits, type Shape, type Shaped } from '@countersign/protocol/approve/fits.ts'
import { SdkError } from './sdk-error.ts'

export const TIMEOUT_MS = 30_000
const LONGEST_ANSWER = 256 * 1024

export interface Outgoing {
  readonly method: string
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | undefined
}

/** The parsed body; undefined when there is none. */
export async function exchange(fetch: typeof globalThis.fetch, outgoing: Outgoing): Promise<unknown> {
  const { method, url, headers, body } = outgoing
  let response: Response
  let text: string
  try {
    response = await fetch(url, {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
      redirect: 'error',
      cache: 'no-store',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    text = await boundedText(response)
  } catch (cause) {
    throw new SdkError('unreachable', undefined, { cause })
  }
  const parsed = parse(text)
  if (!response.ok) throw refusalOf(response, parsed)
  return parsed
}

/** As `exchange`; an answer of another shape is none. */
export async function ask<T extends Shape>(
  fetch: typeof globalThis.fetch,
  outgoing: Outgoing,
  shape: T,
): Promise<Shaped<T>> {
  return shaped(shape, await exchange(fetch, outgoing))
}

export function shaped<T extends Shape>(shape: T, value: unknown): Shaped<T> {
  if (fits(shape, value)) return value
  throw new SdkError('unreachable', 'The service answered in a way this app does not understand.')
}

export function refusalOf(response: Response, parsed: unknown): SdkError {
  const said = (typeof parsed === 'object' && parsed !== null ? parsed : {}) as Record<string, unknown>
  if (typeof said.error !== 'string' || response.status >= 500)
    return new SdkError('unreachable', `The service answered ${response.status}.`)
  const retry = Number(response.headers.get('retry-after') ?? Number.NaN)
  return new SdkError(said.error, typeof said.error_description === 'string' ? said.error_description : undefined, {
    ...(isWhole(said.server_time) ? { server_time: said.server_time } : {}),
    ...(isWhole(said.counter_floor) ? { counter_floor: said.counter_floor } : {}),
    ...(isWhole(retry) ? { retry_after_seconds: retry } : {}),
  })
}

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

export async function boundedText(response: Response): Promise<string> {
  if (!response.body) return ''
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  const reader = response.body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    size += value.length
    if (size > LONGEST_ANSWER) {
      await reader.cancel()
      throw new RangeError(`an answer is longer than ${LONGEST_ANSWER} bytes`)
    }
    text += decoder.decode(value, { stream: true })
  }
}

export function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
