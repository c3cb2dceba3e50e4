/** `grant_type=client_credentials`: a client gets its own token. RFC 6749 section 4.4. */
import { Refusal } from '#domain/refusal.ts'
import type { Grant } from '#openid/grants/grant.ts'

export const clientCredentials: Grant = async ({ parameters, proof, tenant, source, correlation }, { clients }) => {
  if (proof.by === 'bearer')
    throw new Refusal('invalid_client', 'Send what the client proves itself with, not a token.')
  const grant = await clients.token(tenant, { ...proof, source, correlation }, parameters.scope)
  return { access_token: grant.token, token_type: 'Bearer', expires_in: grant.expires_in_seconds }
}
