/**
 * Wakes an app through its push service (RFC 8030 section 5): urgent, kept for `ttl_seconds`, under no topic. 404 and 410 say that the
 * subscription is gone, another 4xx but 429 that no repetition will help. A retry encrypts the same message anew.
 */
import type { Outcome } from '#delivery/outcome.ts'
import { post, type Road } from '#delivery/post.ts'
import { encryptMessage, newSender } from '#delivery/web-push/encrypt.ts'
import { type VapidKeys, vapid } from '#delivery/web-push/vapid.ts'
import type { WebPushParcel } from '#domain/parcel.ts'
import type { Random } from '#domain/ports/random.ts'

export interface PushNeeds extends Road {
  readonly random: Random
  readonly keys: VapidKeys
}

const GONE = [404, 410]

export async function sendPush(parcel: WebPushParcel, { random, keys, ...road }: PushNeeds): Promise<Outcome> {
  const { endpoint, message, ttl_seconds } = parcel
  if (!URL.canParse(endpoint)) return { name: 'address_refused', status: null }
  const body = encryptMessage(Buffer.from(message), parcel, { sender: newSender(), salt: random.bytes(16) })
  if (!body) return { name: 'unusable', status: null }
  const headers = {
    'content-type': 'application/octet-stream',
    'content-encoding': 'aes128gcm',
    ttl: String(ttl_seconds),
    urgency: 'high',
    authorization: vapid(keys, endpoint, road.clock.now()),
  }
  const outcome = await post({ url: endpoint, headers, body }, road)
  if (outcome.status !== null && GONE.includes(outcome.status)) return { name: 'gone', status: outcome.status }
  return outcome.name === 'refused' ? { name: 'unusable', status: outcome.status } : outcome
}
