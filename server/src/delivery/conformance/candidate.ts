/** A gateway as the conformance suite sees it: what it sends, what the other side makes of it, what must stay between the two. */
import type { Received } from '#delivery/conformance/endpoint.ts'
import type { VapidKeys } from '#delivery/web-push/vapid.ts'
import type { Parcel } from '#domain/parcel.ts'

export interface Candidate {
  readonly name: string
  readonly vapid?: VapidKeys
  /** Whether 404 and 410 mean that nobody is there any more, and another 4xx that no repetition helps. */
  readonly subscribed: boolean
  parcelOf(url: string, text: string): Parcel
  /** The text, by checking and opening what came; throws when anything about it is wrong. */
  open(received: Received, now_ms: number): string
  /** Must be found nowhere but at the other side. */
  readonly secrets: readonly string[]
}
