/**
 * `grant_type=urn:openid:params:grant-type:ciba`: the result of a push request, or of a registration when `auth_req_id` is the id of a
 * provision. CIBA Core section 10.1. Surprise: a "no" is a result for clients of the reference that asked for `hid-tx-sign`.
 */
import { idOf } from '#domain/ids.ts'
import { Refusal } from '#domain/refusal.ts'
import { authenticateClient } from '#openid/client-proof/authenticate.ts'
import type { Grant } from '#openid/grants/grant.ts'

export const CIBA_GRANT = 'urn:openid:params:grant-type:ciba'

export const ciba: Grant = async (call, needs) => {
  const { client, by } = await authenticateClient(call, needs)
  const { auth_req_id: handle } = call.parameters
  if (!handle) throw new Refusal('invalid_request', 'auth_req_id is needed.')
  // Clients of the reference register no grant for it: what counts there is the permission.
  const registered = by === 'bearer' || client.document.grantTypes.includes(CIBA_GRANT)
  if (!registered || !client.permissions.has('push.validate')) throw new Refusal('unauthorized_client')
  const provision = idOf(handle)
  if (provision !== undefined) return needs.collectRegistration(call.tenant, client, provision, call.issuer)
  return needs.approvals.collect(call.tenant, client, handle)
}
