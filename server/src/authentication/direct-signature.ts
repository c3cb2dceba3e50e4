/**
 * Direct Client Signature: the app starts, signs and sends; the server checks, then makes the request that was signed, audits it and
 * tells the client (approve protocol section 8). Only for clients registered for it. It never opens a session and never answers a
 * request that waits. A nonce works once per device.
 */
import { type AppCaller, staleCounter } from '#authentication/app-caller.ts'
import { type VerifiedJws, verifyJws } from '#authentication/approval-answer.ts'
import type { ApprovalNeeds } from '#authentication/approval-needs.ts'
import { pushSettings, sealedAnswer } from '#authentication/approval-view.ts'
import { planAttempt } from '#authentication/attempt.ts'
import type { KnownClient } from '#authentication/client-book.ts'
import { CHANNEL, type DirectRequest, directApproval, directText, type Prepared } from '#authentication/direct-text.ts'
import { approvalObstacle } from '#authentication/may-approve.ts'
import type { NewApproval } from '#domain/approval.ts'
import type { PushSettings } from '#domain/credential-type.ts'
import { decide, LostRace, STALE } from '#domain/deciding-unit.ts'
import { happeningFloor } from '#domain/ids.ts'
import type { Policy } from '#domain/policy.ts'
import type { CallingRow, ReachableRow } from '#domain/ports/app-queries.ts'
import type { Standing } from '#domain/ports/proof-queries.ts'
import { first, together, type Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import { type Decided, decideApproval } from '#factors/push/approval.ts'

export interface DirectReply {
  readonly status: string
  readonly auth_req_id: string
}

/** All that the unit found out before it took an attempt. */
interface Found {
  readonly user: number
  readonly policy: Policy
  readonly client: KnownClient
  readonly standing: Standing
  readonly key: ReachableRow
  readonly settings: PushSettings
  readonly calling: CallingRow
  readonly tds: string
  readonly now: number
}

const POLICIES = { logon: 'AT_PASA', action: 'AT_TDS' } as const
const PER_MINUTE = 12
const SHORTEST_NONCE = 16

export async function signDirectly(
  needs: ApprovalNeeds,
  tenant: Tenant,
  caller: AppCaller,
  request: DirectRequest,
): Promise<DirectReply> {
  const { store, provisions, happenings, handles, book } = needs
  const provision = await store.read(tenant.number, () =>
    first(provisions.registration(tenant.number, caller.row.provision)),
  )
  const clientId = request.client ?? provision?.client
  if (!clientId) throw new Refusal('not_allowed', 'The device names no client, and none provisioned it.')
  const id = happenings.next()
  const { text: handle, proof } = handles.make('auth_req_id', id)
  const prepared = { clientId, provision, id, handle, proof }
  const status = await decide<string | Refusal>(
    needs,
    tenant,
    current => unit(needs, current, caller, request, prepared),
    current => book.load(current, clientId),
  )
  if (status instanceof Refusal) throw status
  needs.nudge()
  return { status, auth_req_id: handle }
}

function* unit(
  needs: ApprovalNeeds,
  tenant: Tenant,
  caller: AppCaller,
  request: DirectRequest,
  prepared: Prepared,
): Unit<string | Refusal | typeof STALE> {
  const { proofs, apps } = needs
  const found = yield* find(needs, tenant, caller, request, prepared)
  if (found === STALE || found instanceof Refusal) return found
  const { user, policy, standing, now, settings, key, calling, tds } = found
  const raised = yield* first(apps.raiseCall(tenant.number, caller.row.device, caller.counter, now))
  if (!raised) return staleCounter(calling.callCounter)
  const slot = yield* first(
    proofs.reserve(tenant.number, { ...planAttempt(policy, standing, now), user, policy: policy.code, at: now }),
  )
  if (!slot) return new Refusal('not_allowed', undefined, { reason: 'locked' })
  const verified = verifyJws(needs, tenant, key, settings, request.jws)
  const nonce = verified.read?.header.transaction ?? ''
  const asked = {
    purpose: 'dcs',
    kind: request.purpose,
    algorithm: settings.algorithm,
    tenant: tenant.name,
    transaction: nonce,
    device: String(caller.row.device),
    tds,
    statuses: settings.statuses.slice(0, 1),
    number: undefined,
  } as const
  const decided = decideApproval(asked, { ...verified, counter: calling.txCounter, known: settings.statuses })
  const row = directApproval(tenant, caller, request, { ...found, nonce, statuses: settings.statuses }, prepared)
  const reason = yield* written(needs, tenant, row, found, verified, decided, request.jws)
  const failed = reason !== undefined || decided.outcome === 'rejected'
  const end = { user, policy: policy.code, own: slot.started, accepted: !failed, at: now, channel: CHANNEL }
  const [counters] = yield [
    proofs.settle(tenant.number, { ...end, device: caller.row.device, uses: policy.defaultExpiryThreshold }),
    ...event(needs, tenant, caller, found, prepared, request.correlation, reason),
  ]
  if (failed) return refusalOf(reason ?? 'wrong')
  if (counters?.length === 0) throw new LostRace('the last use of the authenticator was taken meanwhile')
  return decided.status
}

function* find(
  needs: ApprovalNeeds,
  tenant: Tenant,
  { row: { device, user, deviceType } }: AppCaller,
  request: DirectRequest,
  { clientId }: Prepared,
): Unit<Found | Refusal | typeof STALE> {
  const { proofs, apps, approvals, clock, book } = needs
  const policy = tenant.configuration.findPolicy(POLICIES[request.purpose])
  if (!policy || user === null) return new Refusal('not_allowed')
  const now = clock.now()
  const [standings, keys, recents, callings] = yield* together(
    proofs.standingOf(tenant.number, user, policy.code),
    apps.reachable(tenant.number, user, request.purpose),
    approvals.recent(tenant.number, user, policy.code, happeningFloor(now - 60_000), happeningFloor(now)),
    apps.calling(tenant.number, device),
  )
  const [standing] = standings
  const [calling] = callings
  if (!standing || standing.version > tenant.version) return STALE
  const key = keys.find(row => row.device === device)
  const settings = pushSettings(tenant, key?.credentialType ?? null)
  const client = book.find(tenant, clientId)
  const obstacle = key
    ? approvalObstacle({ policy, standing, device: key, client, dialect: 'reference', now_ms: now })
    : 'no_device'
  if (obstacle !== undefined || !key || !settings || !client || !calling) {
    return new Refusal('not_allowed', undefined, { reason: obstacle ?? 'no_client' })
  }
  const tds = directText(tenant, deviceType, client, request)
  if (tds instanceof Refusal) return tds
  if ((recents[0]?.total ?? 0) >= PER_MINUTE) {
    return new Refusal('too_many_requests', undefined, { retryAfter_seconds: 60 })
  }
  return { user, policy, client, standing, key, settings, calling, tds, now }
}

/** Writes the approval that was signed; answers why it does not stand. */
function* written(
  needs: ApprovalNeeds,
  tenant: Tenant,
  row: NewApproval,
  { key, user, now }: Found,
  { puk }: VerifiedJws,
  decided: Decided | { readonly outcome: 'rejected'; readonly reason: string },
  jws: string,
): Unit<string | undefined> {
  if (decided.outcome === 'rejected') return decided.reason
  // A number that nobody asked for makes it a "no", and a device does not start that.
  if (!decided.positive) return 'malformed'
  if ((row.nonce ?? '').length < SHORTEST_NONCE) return 'malformed'
  const { apps, approvals, outbox, happenings } = needs
  const { device, credential } = key
  const answer = sealedAnswer(tenant, row.id, { jws, puk })
  const answered = { status: decided.status, positive: true, user, device, credential, answer, at: now }
  if (!(yield* first(approvals.addAnswered(tenant.number, row, answered)))) return 'replayed'
  const [raised] = yield [
    apps.raiseTx(tenant.number, device, decided.counter),
    approvals.noteUse(tenant.number, credential, now),
    ...(row.delivery === 'poll'
      ? []
      : [
          outbox.add(tenant.number, {
            id: happenings.next(),
            kind: 'result',
            subject: row.id,
            destination: `client:${row.client}`,
            dueAt: now,
            notAfter: row.collectUntil,
            createdAt: now,
          }),
        ]),
  ]
  if (raised?.length === 0) throw new LostRace('the device signed something else meanwhile')
  return undefined
}

const refusalOf = (reason: string) =>
  reason === 'replayed'
    ? new Refusal('already_answered', 'This was signed before.', { reason })
    : new Refusal('invalid_answer', undefined, { reason })

function event(
  { recorder }: ApprovalNeeds,
  tenant: Tenant,
  { row }: AppCaller,
  { policy, user }: Found,
  { id, clientId }: Prepared,
  correlation: string,
  reason: string | undefined,
) {
  const { device: DID, deviceType: DTC } = row
  return recorder.record(tenant.number, {
    action: 'directClientSignature',
    result: reason === undefined ? 'SUCCESS' : 'FAILURE',
    ...(reason === undefined ? {} : { reason }),
    actor: { kind: 'user', id: user },
    user,
    parameters: { ATC: policy.code, CHC: CHANNEL, DID, DTC, COI: correlation, TEXT1: String(id), TEXT2: clientId },
  }).queries
}
