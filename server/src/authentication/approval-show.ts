/** What a device sees: its open requests, and one of them, its own or one that it scanned (approve protocol sections 6 and 7). */
import type { RequestAnswer } from '@countersign/protocol/approve/request.ts'
import type { AppCaller } from '#authentication/app-caller.ts'
import type { ApprovalNeeds } from '#authentication/approval-needs.ts'
import { bodyOf, obstacleNow, statusesIn } from '#authentication/approval-view.ts'
import { UnknownClient } from '#authentication/client-book.ts'
import { STALE } from '#domain/deciding-unit.ts'
import type { ApprovalStanding } from '#domain/ports/approval-queries.ts'
import { first, type Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

/** `scanned`: the device saw the request's QR code, which is what lets it ask for a request that names no device. */
export function* showApproval(
  needs: ApprovalNeeds,
  tenant: Tenant,
  caller: AppCaller,
  id: number,
  scanned: boolean,
): Unit<RequestAnswer | Refusal | UnknownClient | typeof STALE> {
  const standing = yield* first(needs.approvals.standing(tenant.number, id, caller.row.device))
  if (!standing) return new Refusal('not_found')
  if (standing.version > tenant.version) return STALE
  if (needs.book.find(tenant, standing.client) === undefined) return new UnknownClient(standing.client)
  const now = needs.clock.now()
  const refusal = refusalOfRequest(standing, caller.row.device, scanned, now)
  if (refusal) return refusal
  const obstacle = obstacleNow(needs, tenant, standing)
  if (obstacle !== undefined) return new Refusal('not_allowed', undefined, { reason: obstacle })
  const body = bodyOf(tenant, standing)
  return {
    id: String(id),
    purpose: standing.purpose,
    tds: body.tds,
    statuses: [...statusesIn(standing)],
    created_at: seconds(standing.createdAt),
    expires_at: seconds(standing.expiresAt),
    server_time: seconds(now),
    tx_floor: standing.txCounter ?? 0,
    number: body.number !== undefined,
    silent: standing.silent === 1 && body.number === undefined,
    ...(scanned ? { scanned } : {}),
    client: { name: body.clientName },
    asked_from: {
      ...(body.clientOrigin === undefined ? {} : { origin: body.clientOrigin }),
      ...(body.address === undefined ? {} : { address: body.address }),
    },
  }
}

/** Why this device cannot have this request, whatever its standing. */
export function refusalOfRequest(
  standing: ApprovalStanding,
  device: number,
  scanned: boolean,
  now: number,
): Refusal | undefined {
  const own = standing.forDevice === device
  const open = standing.forDevice === null && scanned && standing.forDeviceType === standing.deviceType
  // A request that named nobody belongs, once answered, to the one who answered.
  const lost = standing.forDeviceType !== null && standing.forDevice !== null && !own
  if (lost) return new Refusal('already_answered')
  if (!own && !open) return new Refusal('not_found')
  if (standing.state === 'ANSWERED') return new Refusal('already_answered')
  if (standing.state !== 'OPEN' || now >= standing.expiresAt) return new Refusal('request_expired')
  return undefined
}

const seconds = (ms: number) => Math.floor(ms / 1000)
