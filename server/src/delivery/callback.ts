/** Tells a client about its approval: POST of JSON with the bearer that the client chose (CIBA Core section 10.2, 10.3.1). */
import type { Outcome } from '#delivery/outcome.ts'
import { post, type Road } from '#delivery/post.ts'
import type { CallbackParcel } from '#domain/parcel.ts'

export async function sendCallback({ url, bearer, body, registered }: CallbackParcel, road: Road): Promise<Outcome> {
  if (!registered && !road.rules.unregisteredLoopback) return { name: 'address_refused', status: null }
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${bearer}` }
  return post({ url, headers, body, loopbackOnly: !registered }, road)
}
