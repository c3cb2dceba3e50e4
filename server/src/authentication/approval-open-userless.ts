/**
 * Opens a request that names nobody (`mode` userid_less, scan to approve): it belongs to whoever answers first. It lives 120 seconds.
 * Signing without asking (`cal` = the positive status alone) is for clients registered for it, and never opens a session.
 */
import type { ApprovalNeeds } from '#authentication/approval-needs.ts'
import { knownNow, type Opened, type Opening, requestEvent } from '#authentication/approval-open.ts'
import { pushSettings, sealedBody } from '#authentication/approval-view.ts'
import type { ReadySession } from '#authentication/open-session.ts'
import { COLLECTION_MS } from '#domain/approval.ts'
import { STALE } from '#domain/deciding-unit.ts'
import type { DeviceType } from '#domain/device-type.ts'
import { first, type Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

export interface UserlessOpening extends Omit<Opening, 'name' | 'device'> {
  readonly deviceType: DeviceType
  /** A subset of what the key may say; undefined: all of it. */
  readonly statuses: readonly string[] | undefined
}

export function* openUserless(
  needs: ApprovalNeeds,
  tenant: Tenant,
  opening: UserlessOpening,
  handle: Pick<ReadySession, 'id' | 'proof'>,
): Unit<Opened | Refusal | typeof STALE> {
  const { proofs, approvals, clock, recorder } = needs
  const version = yield* first(proofs.tenantVersion(tenant.number))
  if (version === undefined || version.version > tenant.version) return STALE
  const client = knownNow(needs, tenant, opening.client)
  if (!client || client.obstacle !== undefined || !client.permissions.has('push.validate')) {
    return new Refusal('unauthorized_client')
  }
  const purpose = opening.policy.purpose ?? 'logon'
  const known = pushSettings(tenant, opening.deviceType.push?.keys[purpose] ?? null)?.statuses ?? []
  const statuses = opening.statuses ?? known
  const now = clock.now()
  const event = recorder.record(tenant.number, requestEvent(opening, { user: null, device: null, id: handle.id }))
  const silent = statuses.length === 1 && statuses[0] === known[0]
  yield [
    approvals.addApproval(tenant.number, {
      id: handle.id,
      state: 'OPEN',
      client: opening.client.clientId,
      user: null,
      device: null,
      deviceType: opening.deviceType.code,
      policy: opening.policy.code,
      purpose,
      channel: opening.channel,
      scope: opening.scope,
      dialect: opening.dialect,
      delivery: opening.delivery,
      statuses: statuses.join('|'),
      session: opening.session,
      silent: silent && client.document.userlessSilent === true && !opening.session,
      proof: handle.proof,
      body: sealedBody(tenant, handle.id, opening.body),
      nonce: null,
      createdAt: now,
      expiresAt: now + opening.life_ms,
      collectUntil: now + opening.life_ms + COLLECTION_MS,
      event: event.id,
    }),
    ...event.queries,
  ]
  return { id: handle.id, device: null, news: false }
}
