/**
 * Which client calls, proved by what it showed. For endpoints that then do something for it; the grant `client_credentials`
 * proves the client and opens its session in one unit instead. What the client may do is for the endpoint to ask.
 */
import type { Callers } from '#authentication/callers.ts'
import type { KnownClient } from '#authentication/client-book.ts'
import type { Clients } from '#authentication/clients.ts'
import { Refusal } from '#domain/refusal.ts'
import type { ClientCall, ClientProof } from '#openid/client-proof/proof.ts'

export interface AuthenticatedClient {
  readonly client: KnownClient
  readonly by: ClientProof['by']
}

/** Refuses with `invalid_client`; with `unauthorized` when a bearer token is not the own token of a client. */
export async function authenticateClient(
  { proof, tenant, source, correlation }: ClientCall,
  { clients, callers }: { readonly clients: Clients; readonly callers: Callers },
): Promise<AuthenticatedClient> {
  if (proof.by !== 'bearer') {
    return { client: await clients.prove(tenant, { ...proof, source, correlation }), by: proof.by }
  }
  const client = await callers.findClient(tenant, proof.token)
  if (!client) throw new Refusal('unauthorized')
  return { client, by: 'bearer' }
}
