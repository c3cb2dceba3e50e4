/**
 * What follows from an answer, written in its unit: the audit event, the news for the client, and what a "no" does to whoever asked:
 * a pause that grows, and after a report a block of the authenticator and an alert (approve protocol, Transaction).
 */
import type { ApprovalNeeds } from '#authentication/approval-needs.ts'
import type { ApprovalBody } from '#domain/approval.ts'
import type { Policy } from '#domain/policy.ts'
import type { ApprovalStanding } from '#domain/ports/approval-queries.ts'
import type { Query } from '#domain/ports/store.ts'
import type { Tenant } from '#domain/tenant.ts'
import type { Decided } from '#factors/push/approval.ts'

export const REPORT = 'report'
const FIRST_PAUSE_MS = 15_000
const LONGEST_PAUSE_MS = 3_600_000
const COOL_DOWN_SECONDS = 900

export function consequencesOf(
  needs: ApprovalNeeds,
  tenant: Tenant,
  standing: ApprovalStanding,
  policy: Policy,
  body: ApprovalBody,
  decided: Decided,
  now: number,
): readonly Query[] {
  return [
    ...eventOf(needs, tenant, standing, decided),
    ...pauses(needs, tenant, standing, policy, decided, now),
    ...news(needs, tenant, standing, body, now),
  ]
}

/** A client that is called back is told by the outbox; one that polls finds it. */
export const tellsClient = ({ delivery }: Pick<ApprovalStanding, 'delivery'>, { notifyToken }: ApprovalBody): boolean =>
  delivery !== 'poll' && notifyToken !== undefined

function news(
  { outbox, happenings }: ApprovalNeeds,
  tenant: Tenant,
  standing: ApprovalStanding,
  body: ApprovalBody,
  now: number,
): readonly Query[] {
  if (!tellsClient(standing, body)) return []
  const { approval, delivery, client, collectUntil } = standing
  return [
    outbox.add(tenant.number, {
      id: happenings.next(),
      kind: delivery === 'ping' ? 'ping' : 'result',
      subject: approval,
      destination: `client:${client}`,
      dueAt: now,
      notAfter: collectUntil,
      createdAt: now,
    }),
  ]
}

function pauses(
  { approvals }: ApprovalNeeds,
  tenant: Tenant,
  standing: ApprovalStanding,
  policy: Policy,
  { positive, status }: Decided,
  now: number,
): readonly Query[] {
  const { user, client } = standing
  if (user === null) return []
  if (positive) return standing.denials === null ? [] : [approvals.clearPause(tenant.number, user, client)]
  if (status === REPORT) {
    const until = now + (policy.disabledTimeReset_seconds || COOL_DOWN_SECONDS) * 1000
    return [
      approvals.block(tenant.number, user, policy.code, until),
      approvals.setPause(tenant.number, user, client, { denials: 3, until }),
    ]
  }
  return [approvals.setPause(tenant.number, user, client, nextPause(standing, now))]
}

/** 15 s, then four times as long each time the user says no again. */
function nextPause({ denials }: ApprovalStanding, now: number) {
  const count = (denials ?? 0) + 1
  return { denials: count, until: now + Math.min(FIRST_PAUSE_MS * 4 ** (count - 1), LONGEST_PAUSE_MS) }
}

function eventOf(
  { recorder }: ApprovalNeeds,
  tenant: Tenant,
  standing: ApprovalStanding,
  { status, counter, wrongNumber }: Decided,
): readonly Query[] {
  const { user, device, deviceType, deviceExternalId } = standing
  return recorder.record(tenant.number, {
    action: 'validateAuthenticationRequest',
    result: 'SUCCESS',
    ...(status === REPORT ? { severity: 'Alert' } : {}),
    ...(wrongNumber ? { reason: 'wrong_number' } : {}),
    actor: user === null ? { kind: 'anonymous' } : { kind: 'user', id: user },
    ...(user === null ? {} : { user }),
    parameters: {
      ATC: standing.policy,
      CHC: standing.channel,
      TEXT1: String(standing.approval),
      TEXT2: status,
      TEXT3: standing.keyProtection ?? '',
      TEXT4: counter,
      ...(device === null ? {} : { DID: device, DTC: deviceType ?? '', DSN: deviceExternalId ?? '' }),
      ...(standing.credential === null ? {} : { CID: standing.credential }),
    },
  }).queries
}
