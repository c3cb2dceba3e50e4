/**
 * What `grant_type=password` means under a policy of codes by mail and SMS. The word `null` as password has a code sent; with
 * `noToken=1` an activation code has, too, and the code itself is validated; without, the code signs in. Whoever is named, the answer
 * to a request for a code is the same (security.md E1): `context.AUTHENTICATION_OOB_SENT` (tolerance G7).
 */
import type { KnownClient } from '#authentication/client-book.ts'
import type { Proof, Verdict } from '#authentication/proof.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import type { GrantNeeds } from '#openid/grants/grant.ts'
import { readSigningContext } from '#openid/signing-context.ts'

/** A verdict, or that a code is on its way, perhaps. */
export async function sendOrProve(
  tenant: Tenant,
  client: KnownClient,
  proof: Proof,
  needs: GrantNeeds,
): Promise<Verdict | 'sent'> {
  const { policy, secret } = proof
  const none = secret === '' || secret === 'null'
  if (policy.purpose === 'action') {
    if (none) throw new Refusal('invalid_request', 'A code for a transaction is sent by DELIVER-CHALLENGE.')
    return needs.authentication.prove(tenant, proof)
  }
  if (!none && proof.session) return needs.authentication.prove(tenant, proof)
  const answer = await needs.outOfBand.sendOrProve(tenant, {
    name: proof.name,
    policy,
    activationCode: none ? undefined : secret,
    skipActivation: false,
    method: undefined,
    templates: undefined,
    application: client.document.name,
    channel: proof.channel,
    client: client.clientId,
    actor: proof.actor,
    correlation: proof.correlation,
    orCode: proof,
  })
  return answer.outcome === 'sent' ? 'sent' : answer
}

/** `txID:<id>:false correlationId:<text>:false`; txID is needed. */
export function transactionIn(context: string | undefined): Pick<Proof, 'values' | 'transaction'> {
  const values = readSigningContext(context ?? '')
  const id = values.find(({ name }) => name === 'txID')?.value
  if (id === undefined) throw new Refusal('invalid_request', 'context must hold txID, the id of the challenge.')
  const correlation = values.find(({ name }) => name === 'correlationId')?.value
  return { values, transaction: { id, ...(correlation === undefined ? {} : { correlation }) } }
}
