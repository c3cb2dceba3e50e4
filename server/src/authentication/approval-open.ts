/**
 * Opens an approval: a client asks a user to approve something (CIBA Core section 7; bcauthorize of the reference). The challenge
 * exists before any road to the device is tried (security.md C5). What keeps users from being bombed (C3) is counted in this unit:
 * so many in a minute and an hour, one open per user and purpose, a pause after each "no".
 */
import type { ApprovalNeeds } from '#authentication/approval-needs.ts'
import type { KnownClient } from '#authentication/client-book.ts'
import { approvalObstacle, deviceObstacle } from '#authentication/may-approve.ts'
import type { ReadySession } from '#authentication/open-session.ts'
import {
  type ApprovalBody,
  type ApprovalDialect,
  COLLECTION_MS,
  type Delivery,
  type NewApproval,
} from '#domain/approval.ts'
import { LostRace, STALE } from '#domain/deciding-unit.ts'
import { type DeviceId, happeningFloor, type UserId } from '#domain/ids.ts'
import type { Policy } from '#domain/policy.ts'
import type { ReachableRow } from '#domain/ports/app-queries.ts'
import { first, type Query, together, type Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

export interface Opening {
  readonly client: KnownClient
  /** What the user signs in with. */
  readonly name: string
  readonly device: DeviceId | undefined
  readonly policy: Policy
  readonly channel: string
  readonly scope: string
  readonly session: boolean
  readonly dialect: ApprovalDialect
  readonly delivery: Delivery
  readonly body: ApprovalBody
  readonly life_ms: number
  readonly correlation: string
}

export interface Opened {
  readonly id: number
  readonly device: DeviceId | null
  /** Whether the outbox has something to tell. */
  readonly news: boolean
}

/** For users whose client shows a number; others get half of it (approve protocol, number matching). */
const PER_MINUTE = 24
const PER_HOUR = 120
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000

/** `handle` is the auth_req_id, made before the unit. */
export function* openApproval(
  needs: ApprovalNeeds,
  tenant: Tenant,
  opening: Opening,
  handle: Pick<ReadySession, 'id' | 'proof'>,
): Unit<Opened | Refusal | typeof STALE> {
  const { proofs, apps, approvals, clock } = needs
  const { policy, client } = opening
  const standing = yield* first(proofs.standing(tenant.number, opening.name, policy.code))
  if (standing === undefined || standing.version > tenant.version) return STALE
  const { user } = standing
  if (user === null) return new Refusal('unknown_user_id')
  const now = clock.now()
  const purpose = policy.purpose ?? 'logon'
  const [, rows, pauses, [recent]] = yield* together(
    approvals.holdUser(tenant.number, user),
    apps.reachable(tenant.number, user, purpose),
    approvals.pause(tenant.number, user, client.clientId),
    approvals.recent(tenant.number, user, policy.code, happeningFloor(now - HOUR_MS), happeningFloor(now - MINUTE_MS)),
  )
  const obstacle = approvalObstacle({
    policy,
    standing,
    device: undefined,
    client: knownNow(needs, tenant, client),
    dialect: opening.dialect,
    now_ms: now,
  })
  if (obstacle !== undefined) return yield* refused(needs, tenant, opening, user, obstacle)
  const wait_ms = (pauses[0]?.until ?? 0) - now
  const limit = client.document.numberMatching ? 1 : 0.5
  const many = (recent?.late ?? 0) >= PER_MINUTE * limit || (recent?.total ?? 0) >= PER_HOUR * limit
  if (wait_ms > 0 || many) {
    yield failure(needs, tenant, opening, user, wait_ms > 0 ? 'paused' : 'too_many_requests')
    const retryAfter_seconds = Math.ceil((wait_ms > 0 ? wait_ms : MINUTE_MS) / 1000)
    return new Refusal('too_many_requests', 'This user is asked no more for now.', { retryAfter_seconds })
  }
  const { challengeDisableThreshold: most } = policy
  if (most >= 0 && (recent?.unanswered ?? 0) >= most) {
    return yield* refused(needs, tenant, opening, user, 'too_many_unanswered')
  }
  const device = deviceFor(rows, opening.device, now)
  if (!device) return yield* refused(needs, tenant, opening, user, 'no_device')
  const statuses = statusesOf(tenant, device.credentialType)
  const place = { table: 'approval', column: 'body', row: String(handle.id) }
  return yield* added(needs, tenant, opening, device, {
    id: handle.id,
    state: 'OPEN',
    client: client.clientId,
    user,
    device: device.device,
    deviceType: null,
    policy: policy.code,
    purpose,
    channel: opening.channel,
    scope: opening.scope,
    dialect: opening.dialect,
    delivery: opening.delivery,
    statuses: statuses.join('|'),
    session: opening.session,
    silent: false,
    proof: handle.proof,
    body: tenant.sealer.seal(place, Buffer.from(JSON.stringify(opening.body))),
    nonce: null,
    createdAt: now,
    expiresAt: now + opening.life_ms,
    collectUntil: now + opening.life_ms + COLLECTION_MS,
    event: 0,
  })
}

function* added(
  needs: ApprovalNeeds,
  tenant: Tenant,
  opening: Opening,
  { device, wakes }: ReachableRow,
  approval: NewApproval & { readonly user: UserId },
): Unit<Opened> {
  const { approvals, recorder } = needs
  const event = recorder.record(tenant.number, requestEvent(opening, approval))
  const news = [
    ...(wakes === 1 ? wakeNews(needs, tenant, device, approval) : []),
    ...riskNews(needs, tenant, opening, approval),
  ]
  const answers = yield [
    approvals.supersede(tenant.number, approval.user, approval.purpose),
    approvals.addApproval(tenant.number, { ...approval, event: event.id }),
    ...event.queries,
    ...news,
  ]
  if (answers[1]?.length === 0) throw new LostRace('another request of this user was opened meanwhile')
  return { id: approval.id, device, news: news.length > 0 }
}

/** An app that did not say how it is woken asks by itself, or holds a connection: the outbox would have nothing to send. */
function wakeNews(
  { outbox, happenings }: ApprovalNeeds,
  tenant: Tenant,
  device: DeviceId,
  { id, createdAt, expiresAt }: NewApproval,
): readonly Query[] {
  const times = { dueAt: createdAt, notAfter: expiresAt, createdAt }
  const destination = `device:${device}`
  return [outbox.add(tenant.number, { id: happenings.next(), kind: 'wake', subject: id, destination, ...times })]
}

/** What the client knows of the browser, for a risk service of the operator's; it may come late and decides nothing. */
function riskNews(
  { outbox, happenings, tellsRisk }: ApprovalNeeds,
  tenant: Tenant,
  { body }: Opening,
  { id, createdAt, expiresAt }: NewApproval,
): readonly Query[] {
  if (!tellsRisk || body.risk === undefined) return []
  const times = { dueAt: createdAt, notAfter: expiresAt, createdAt }
  return [
    outbox.add(tenant.number, { id: happenings.next(), kind: 'risk', subject: id, destination: 'risk', ...times }),
  ]
}

/** The one that is named, else the one whose key of this purpose was used last. */
function deviceFor(rows: readonly ReachableRow[], named: DeviceId | undefined, now: number): ReachableRow | undefined {
  const usable = rows.filter(row => deviceObstacle(row, now) === undefined)
  if (named !== undefined) return usable.find(({ device }) => device === named)
  const used = (row: ReachableRow) => row.lastUsedAt ?? row.activatedAt
  return usable.reduce<ReachableRow | undefined>(
    (best, row) => (best && used(best) >= used(row) ? best : row),
    undefined,
  )
}

/** What the holder of a key of this type may answer; none for a type that is not there. */
function statusesOf(tenant: Tenant, credentialType: string): readonly string[] {
  const type = tenant.configuration.findCredentialType(credentialType)
  return type?.factor === 'push' ? type.settings.statuses : []
}

/** The client as this version of the tenant knows it. */
export const knownNow = (
  { book }: Pick<ApprovalNeeds, 'book'>,
  tenant: Tenant,
  client: Pick<KnownClient, 'clientId'>,
) => book.find(tenant, client.clientId)

function* refused(needs: ApprovalNeeds, tenant: Tenant, opening: Opening, user: UserId, reason: string): Unit<Refusal> {
  yield failure(needs, tenant, opening, user, reason)
  return new Refusal('transaction_failed', undefined, { reason })
}

function failure(
  needs: ApprovalNeeds,
  tenant: Tenant,
  opening: Opening,
  user: UserId,
  reason: string,
): readonly Query[] {
  const { client, policy, channel, correlation } = opening
  return needs.recorder.record(tenant.number, {
    action: 'createAuthenticationRequest',
    result: 'FAILURE',
    reason,
    actor: { kind: 'client', id: client.clientId },
    user,
    parameters: { ATC: policy.code, CHC: channel, COI: correlation },
  }).queries
}

/** Who asked what of whom; the text itself stays out, risk values are the person's. */
export function requestEvent(
  {
    client,
    policy,
    channel,
    correlation,
    body,
  }: Pick<Opening, 'client' | 'policy' | 'channel' | 'correlation' | 'body'>,
  { user, device, id }: Pick<NewApproval, 'user' | 'device' | 'id'>,
) {
  return {
    action: 'createAuthenticationRequest',
    result: 'SUCCESS',
    actor: { kind: 'client', id: client.clientId },
    ...(user === null ? {} : { user }),
    parameters: {
      ATC: policy.code,
      CHC: channel,
      COI: correlation,
      TEXT1: String(id),
      TEXT2: body.number === undefined ? 'without number' : 'with number',
      ...(device === null ? {} : { DID: device }),
    },
    ...(body.risk === undefined || user === null ? {} : { personal: body.risk }),
  } as const
}
