/**
 * How a client came: with its secret (Basic or body), with an assertion, with the token it holds, or with its bare id, which
 * is a proof only of a client registered with the method `none`. RFC 6749 section 2.3: one way in one request.
 */
import type { ShownProof } from '#authentication/clients.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import type { Situation } from '#http/endpoint.ts'
import { type AssertionParameters, readClientAssertion } from '#openid/client-proof/assertion.ts'
import { readClientSecret } from '#openid/client-proof/secret.ts'
import { issuerOf } from '#openid/issuer.ts'

export type ClientProof =
  | (ShownProof & { readonly clientId: string })
  | { readonly by: 'bearer'; readonly token: string }

/** Members of a body by which a client may prove itself. */
export interface ClientParameters extends AssertionParameters {
  readonly client_secret?: string | undefined
}

/** A call by a client: what it showed, and where. */
export interface ClientCall {
  readonly proof: ClientProof
  readonly tenant: Tenant
  readonly source: string
  readonly correlation: string
}

/** `endpoint` is the name of the endpoint below the issuer: `token`. An assertion may be meant for it. */
export function clientCall(situation: Situation<Tenant>, body: ClientParameters, endpoint: string): ClientCall {
  const { tenant, source, correlation, origin, headers } = situation
  const issuer = issuerOf(origin, tenant)
  const audiences = [...new Set([issuer, `${issuer}/token`, `${issuer}/${endpoint}`])]
  return { proof: readClientProof(headers.authorization, body, audiences), tenant, source, correlation }
}

function readClientProof(
  authorization: string | undefined,
  body: ClientParameters,
  audiences: readonly string[],
): ClientProof {
  const secret = readClientSecret(authorization, body)
  const bearer = /^bearer +(\S{1,512}) *$/i.exec(authorization ?? '')
  const assertion = readClientAssertion(body)
  if (assertion) {
    if (secret || bearer || body.client_secret !== undefined)
      throw new Refusal('invalid_request', 'A client_assertion stands beside another proof; send one.')
    return { ...assertion, audiences }
  }
  if (secret) return secret
  if (bearer) return { by: 'bearer', token: bearer[1] as string }
  if (body.client_id !== undefined) return { by: 'none', clientId: body.client_id }
  throw new Refusal('invalid_client', 'The client did not prove itself.')
}
