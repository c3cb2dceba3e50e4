/**
 * The live connection (approve protocol, section 6, `GET /approve/v1/events`): server-sent events over fetch, since a browser's EventSource
 * cannot sign. It reconnects with growing pauses; a stream without a sign of life for a minute counts as broken.
 */
import type { ContainerEvent } from './container.ts'
import { boundedText, parse, refusalOf } from './exchange.ts'
import { afterGone, noteTime } from './registration.ts'
import { SdkError } from './sdk-error.ts'
import { signed } from './signed-call.ts'
import type { Around } from './surroundings.ts'

const SILENCE_MS = 60_000
const FIRST_PAUSE_MS = 1000
const LONGEST_PAUSE_MS = 60_000
const LONGEST_EVENT = 64 * 1024

type Listener = (event: ContainerEvent) => void

export async function followEvents(around: Around, id: string, listener: Listener, signal: AbortSignal): Promise<void> {
  let pause_ms = FIRST_PAUSE_MS
  while (!signal.aborted) {
    try {
      await once(
        around,
        id,
        event => {
          pause_ms = FIRST_PAUSE_MS
          listener(event)
        },
        signal,
      )
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof SdkError && error.code === 'device_gone') {
        await afterGone(around, id)
        throw error
      }
      if (error instanceof SdkError && error.code === 'clock_skew') await noteTime(around, id, error.facts.server_time)
    }
    listener({ kind: 'disconnected' })
    await paused(pause_ms, signal)
    pause_ms = Math.min(pause_ms * 2, LONGEST_PAUSE_MS)
  }
}

async function once(around: Around, id: string, listener: Listener, signal: AbortSignal): Promise<void> {
  const { url, headers } = await signed(around, id, { method: 'GET', path: '/approve/v1/events', changes: false })
  const silence = new AbortController()
  const alive = () => setTimeout(() => silence.abort(), SILENCE_MS)
  let timer = alive()
  try {
    const response = await around.fetch(url, {
      headers: { ...headers, accept: 'text/event-stream' },
      redirect: 'error',
      cache: 'no-store',
      credentials: 'omit',
      signal: AbortSignal.any([signal, silence.signal]),
    })
    if (!response.ok) throw refusalOf(response, parse(await boundedText(response)))
    if (!response.body) return
    listener({ kind: 'connected' })
    const read = eventReader(listener)
    const decoder = new TextDecoder()
    const reader = response.body.getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      clearTimeout(timer)
      timer = alive()
      read(decoder.decode(value, { stream: true }))
    }
  } finally {
    clearTimeout(timer)
  }
}

/** Takes the stream in pieces as they come; hands on whole events. */
export function eventReader(listener: Listener): (piece: string) => void {
  let held = ''
  return piece => {
    held += piece
    if (held.length > LONGEST_EVENT) throw new SdkError('unreachable', 'The stream of events makes no sense.')
    const blocks = held.split(/\r?\n\r?\n/)
    held = blocks.pop() ?? ''
    for (const block of blocks) {
      const event = readEvent(block)
      if (event) listener(event)
    }
  }
}

function readEvent(block: string): ContainerEvent | undefined {
  const fields = block.split(/\r?\n/).map(line => /^(event|data): ?(.*)$/.exec(line))
  const of = (name: string) => fields.flatMap(field => (field?.[1] === name ? [field[2] as string] : [])).join('\n')
  const kind = of('event')
  if (kind === 'notice' || kind === 'policy') return { kind }
  const id = (parse(of('data')) as { id?: unknown } | undefined)?.id
  return kind === 'request' && typeof id === 'string' ? { kind, id } : undefined
}

function paused(pause_ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, pause_ms)
    signal.addEventListener('abort', done)
    if (signal.aborted) done()
  })
}
