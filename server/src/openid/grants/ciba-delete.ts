/** `grant_type=ciba_delete`: a client takes back a push request that nobody has answered; the token in the answer is none, as with `noToken`. */
import { Refusal } from '#domain/refusal.ts'
import { authenticateClient } from '#openid/client-proof/authenticate.ts'
import type { Grant } from '#openid/grants/grant.ts'

const NO_TOKEN = 'IA=='

export const cibaDelete: Grant = async (call, needs) => {
  const { client } = await authenticateClient(call, needs)
  const { auth_req_id: handle } = call.parameters
  if (!handle) throw new Refusal('invalid_request', 'auth_req_id is needed.')
  await needs.approvals.remove(call.tenant, client, handle)
  return { access_token: NO_TOKEN, token_type: 'Bearer' }
}
