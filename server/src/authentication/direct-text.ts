/** The text of a Direct Client Signature and the approval that it becomes (approve protocol section 8). Pure but for what is sealed. */
import { filledTemplate, LONGEST_TDS } from '@countersign/protocol/approve/request.ts'
import type { AppCaller } from '#authentication/app-caller.ts'
import { sealedBody } from '#authentication/approval-view.ts'
import type { KnownClient } from '#authentication/client-book.ts'
import { notifyTokenOf } from '#authentication/parcels.ts'
import { loadPushModel } from '#authentication/policy-document.ts'
import { type ApprovalBody, COLLECTION_MS, type NewApproval, type Purpose } from '#domain/approval.ts'
import type { Policy } from '#domain/policy.ts'
import type { RegistrationRow } from '#domain/ports/provision-queries.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

export interface DirectRequest {
  readonly purpose: Purpose
  readonly jws: string
  readonly template: string | undefined
  readonly values: Readonly<Record<string, string>>
  readonly client: string | undefined
  readonly issuer: string
  readonly correlation: string
}

/** Found and made before the unit. */
export interface Prepared {
  readonly clientId: string
  readonly provision: RegistrationRow | undefined
  readonly id: number
  readonly handle: string
  readonly proof: Uint8Array
}

export const CHANNEL = 'CH_TDS'
const SCOPE = 'openid hid-tx-sign'

/** The text that was to be signed: of a template never taken from the signature. */
export function directText(
  tenant: Tenant,
  deviceType: string,
  client: KnownClient,
  request: DirectRequest,
): string | Refusal {
  if (client.document.dcs !== true) return new Refusal('not_allowed', 'This client takes no requests of devices.')
  if (request.template !== undefined) {
    const template = loadPushModel(tenant, deviceType).push.templates[request.template]
    const text = template === undefined ? undefined : filledTemplate(template, request.values)
    return text ?? new Refusal('invalid_answer', 'There is no such template, or the values do not fit it.')
  }
  if (client.document.dcsFreeText !== true) return new Refusal('not_allowed', 'This client takes no free text.')
  const signed = /^[^.]*\.([^.]*)\./.exec(request.jws)?.[1] ?? ''
  return freeText(signed) ?? new Refusal('invalid_answer')
}

function freeText(payload: string): string | undefined {
  try {
    const { tds } = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as { readonly tds?: unknown }
    return typeof tds === 'string' && tds.trim() !== '' && tds.length <= LONGEST_TDS ? tds : undefined
  } catch {
    return undefined
  }
}

interface Signed {
  readonly policy: Policy
  readonly tds: string
  readonly nonce: string
  readonly now: number
  readonly statuses: readonly string[]
  readonly client: KnownClient
}

/** Told to the client that provisioned the device, with the token it gave then; any other client polls. */
export function directApproval(
  tenant: Tenant,
  { row }: AppCaller,
  request: DirectRequest,
  { policy, tds, nonce, now, statuses, client }: Signed,
  { id, proof, handle, clientId, provision }: Prepared,
): NewApproval {
  const own = provision?.client === clientId && provision.notifyToken !== null && provision.callbackUrl !== null
  const body: ApprovalBody = {
    tds,
    issuer: request.issuer,
    clientName: client.document.name,
    ...(own
      ? {
          notifyToken: notifyTokenOf(tenant, provision.id, provision.notifyToken),
          callbackUrl: provision.callbackUrl ?? '',
          requestId: handle,
        }
      : {}),
  }
  return {
    id,
    state: 'ANSWERED',
    client: clientId,
    user: row.user,
    device: row.device,
    deviceType: null,
    policy: policy.code,
    purpose: request.purpose,
    channel: CHANNEL,
    scope: SCOPE,
    dialect: 'reference',
    delivery: own ? 'push' : 'poll',
    statuses: statuses.join('|'),
    session: false,
    silent: false,
    proof,
    body: sealedBody(tenant, id, body),
    nonce,
    createdAt: now,
    expiresAt: now,
    collectUntil: now + COLLECTION_MS,
    event: 0,
  }
}
