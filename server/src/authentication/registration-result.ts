/**
 * What a client is told of a registration: by its `cb_url` with `cb_notif_token`, or by the CIBA grant with the provision's id as
 * `auth_req_id`, which only the client that provisioned may use. The body is ours; the seed names the call and not its content.
 */
import type { ApprovalNeeds } from '#authentication/approval-needs.ts'
import { plainToken } from '#authentication/approval-result.ts'
import type { KnownClient } from '#authentication/client-book.ts'
import type { PollPace } from '#authentication/poll-pace.ts'
import type { RegistrationRow } from '#domain/ports/provision-queries.ts'
import { first } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

export interface RegistrationBody {
  readonly auth_req_id: string
  readonly access_token: ''
  readonly token_type: 'Bearer'
  readonly id_token: string
  readonly deviceid: string
  readonly usercode: string
  readonly response: 'success'
  /** Of the key that signs actions: whoever keeps it sees a device exchanged. */
  readonly key_thumbprint: string
}

export async function registrationBody(
  { tokens, clock }: Pick<ApprovalNeeds, 'tokens' | 'clock'>,
  tenant: Tenant,
  row: RegistrationRow,
  client: KnownClient,
  issuer: string,
): Promise<RegistrationBody> {
  const shared = {
    deviceid: String(row.device),
    usercode: row.userExternalId,
    response: 'success',
    key_thumbprint: row.keyThumbprint ?? '',
  } as const
  const now = Math.floor(clock.now() / 1000)
  const id_token =
    client.document.callbackPlain === true
      ? plainToken({ domain: tenant.name, ...shared })
      : await tokens.sign(
          tenant.number,
          { iss: issuer, sub: row.userExternalId, aud: client.clientId, iat: now, exp: now + 3600, ...shared },
          { algorithm: client.document.idTokenAlgorithm ?? 'RS256' },
        )
  return { auth_req_id: String(row.id), access_token: '', token_type: 'Bearer', id_token, ...shared }
}

/** By poll; throws what CIBA Core section 11 names. */
export async function collectRegistration(
  needs: ApprovalNeeds & { readonly pace: PollPace },
  tenant: Tenant,
  client: KnownClient,
  id: number,
  issuer: string,
): Promise<RegistrationBody> {
  const { store, provisions, clock, pace } = needs
  const row = await store.read(tenant.number, () => first(provisions.registration(tenant.number, id)))
  if (!row || row.client !== client.clientId) {
    throw new Refusal('invalid_grant', 'The auth_req_id is not known, or is not of this client.')
  }
  if (row.status === 'PROCESSED') return registrationBody(needs, tenant, row, client, issuer)
  const now = clock.now()
  if (row.status !== 'UNPROCESSED' || now >= row.expiresAt) throw new Refusal('expired_token')
  throw new Refusal(pace.asked(`${tenant.number} ${id}`, now) ? 'authorization_pending' : 'slow_down')
}
