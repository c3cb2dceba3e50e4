/** The text of a QR code for a request that names nobody: a JWS by the tenant's working key (approve protocol, Scan). */
import { SCAN_TYPE, type ScanPayload, scanPayload } from '@countersign/protocol/approve/request.ts'
import Value from 'typebox/value'
import type { ApprovalNeeds } from '#authentication/approval-needs.ts'
import { statusesIn } from '#authentication/approval-view.ts'
import type { ApprovalBody } from '#domain/approval.ts'
import { idOf } from '#domain/ids.ts'
import type { ApprovalStanding } from '#domain/ports/approval-queries.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

export function scanText(
  { signer, clock }: Pick<ApprovalNeeds, 'signer' | 'clock'>,
  tenant: Tenant,
  standing: ApprovalStanding,
  body: ApprovalBody,
): Promise<string> {
  const payload: ScanPayload = {
    jti: String(standing.approval),
    tenant: tenant.name,
    service: `${new URL(body.issuer).host}/${tenant.name}`,
    channel: standing.channel,
    policy: standing.policy,
    type: standing.forDeviceType ?? '',
    cal: [...statusesIn(standing)],
    client: body.clientName,
    iat: Math.floor(clock.now() / 1000),
    exp: Math.floor(standing.expiresAt / 1000),
  }
  return signer.sign(tenant.number, SCAN_TYPE, payload)
}

/** The id of the request in a QR text of ours; throws `not_found` for any other text. */
export async function scannedRequest(
  { signer, clock }: Pick<ApprovalNeeds, 'signer' | 'clock'>,
  tenant: Tenant,
  jwt: string,
): Promise<number> {
  const payload = await signer.open(tenant.number, SCAN_TYPE, jwt)
  if (!Value.Check(scanPayload, payload) || payload.tenant !== tenant.name) throw new Refusal('not_found')
  const id = idOf(payload.jti)
  if (id === undefined) throw new Refusal('not_found')
  if (payload.exp <= Math.floor(clock.now() / 1000)) throw new Refusal('request_expired')
  return id
}
