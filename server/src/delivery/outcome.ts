/** How one attempt at a row ended, in words of the trace. Nothing of what was sent or answered is in it, but for the status. */
import type { OutboxState } from '#domain/ports/outbox-queries.ts'

export type OutcomeName =
  | 'delivered'
  /** 3xx; redirects are not followed. */
  | 'redirected'
  /** 4xx. */
  | 'refused'
  /** 429. */
  | 'throttled'
  /** 5xx, or an answer that is not HTTP. */
  | 'failed'
  | 'timeout'
  | 'unreachable'
  /** It went out, and nobody knows whether it was taken: a second one would perhaps be a second message. */
  | 'uncertain'
  /** The address must not be called: it leads into a network of our own, or is none. */
  | 'address_refused'
  /** The push service does not know the subscription any more. */
  | 'gone'
  /** The other side will not take it, ever: a subscription whose keys are none, a mailbox that is not there. */
  | 'unusable'
  /** The owner of the row found that there is nothing to send. */
  | 'not_needed'
  /** The tenant has no road for it. */
  | 'no_gateway'
  /** Its time was over. */
  | 'expired'
  /** It could not be made ready: a fault of ours, told to the log. */
  | 'not_prepared'

export interface Outcome {
  readonly name: OutcomeName
  /** HTTP status when there was an answer. */
  readonly status: number | null
  /** What a `Retry-After` asked for. */
  readonly retryAfter_ms?: number
}

/** What became of the row by it. */
export interface Settled extends Outcome {
  readonly state: OutboxState
}

/** Another attempt would end in the same way. */
const FINAL: ReadonlySet<OutcomeName> = new Set(['address_refused', 'gone', 'unusable', 'uncertain'])
const UNSENT: ReadonlySet<OutcomeName> = new Set(['not_needed', 'no_gateway', 'expired'])

/** Undefined where it may be tried again. `tried`: an earlier attempt had something to send. */
export function endOf({ name }: Outcome, tried: boolean): Exclude<OutboxState, 'WAITING'> | undefined {
  if (name === 'delivered') return 'DONE'
  if (name === 'expired' && tried) return 'GAVE_UP'
  if (UNSENT.has(name)) return 'DROPPED'
  return FINAL.has(name) ? 'GAVE_UP' : undefined
}

/** What an HTTP status says. */
export function outcomeOf(status: number, retryAfter_ms?: number): Outcome {
  if (status >= 200 && status < 300) return { name: 'delivered', status }
  if (status >= 300 && status < 400) return { name: 'redirected', status }
  const asked = retryAfter_ms === undefined ? {} : { retryAfter_ms }
  if (status === 429) return { name: 'throttled', status, ...asked }
  if (status >= 400 && status < 500) return { name: 'refused', status }
  return { name: 'failed', status, ...asked }
}
