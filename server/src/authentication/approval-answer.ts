/**
 * A device answers: reserve, verify, decide, settle in one unit. One attempt of the authenticator is taken before the signature is
 * looked at; the counters of the device rise; the approval changes only from open. What follows (session, callback) is not done
 * here but put into the outbox, or left for the client to fetch.
 */
import { isApprovalAlgorithm, type ReadApproval, readApproval } from '@countersign/protocol/approve/approval.ts'
import { type AppCaller, staleCounter } from '#authentication/app-caller.ts'
import { consequencesOf, tellsClient } from '#authentication/approval-consequences.ts'
import type { ApprovalNeeds } from '#authentication/approval-needs.ts'
import { refusalOfRequest } from '#authentication/approval-show.ts'
import { bodyOf, obstacleNow, pushSettings, sealedAnswer, statusesIn } from '#authentication/approval-view.ts'
import { planAttempt } from '#authentication/attempt.ts'
import { UnknownClient } from '#authentication/client-book.ts'
import type { ApprovalBody } from '#domain/approval.ts'
import type { PushSettings } from '#domain/credential-type.ts'
import { LostRace, STALE } from '#domain/deciding-unit.ts'
import type { Policy } from '#domain/policy.ts'
import type { ApprovalStanding } from '#domain/ports/approval-queries.ts'
import { first, type Query, type Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import { type Decided, decideApproval } from '#factors/push/approval.ts'

export interface Reply {
  readonly status: string
  /** Whether the outbox has something to tell. */
  readonly news: boolean
}

export function* answerApproval(
  needs: ApprovalNeeds,
  tenant: Tenant,
  caller: AppCaller,
  id: number,
  jws: string,
  scanned: boolean,
): Unit<Reply | Refusal | UnknownClient | typeof STALE> {
  const { approvals, proofs, apps, clock, book } = needs
  const { device } = caller.row
  const standing = yield* first(approvals.standing(tenant.number, id, device))
  if (!standing) return new Refusal('not_found')
  if (standing.version > tenant.version) return STALE
  if (book.find(tenant, standing.client) === undefined) return new UnknownClient(standing.client)
  const now = clock.now()
  const early = refusalOfRequest(standing, device, scanned, now)
  if (early) return early
  const policy = tenant.configuration.findPolicy(standing.policy)
  const settings = pushSettings(tenant, standing.credentialType)
  const obstacle = obstacleNow(needs, tenant, standing)
  if (obstacle !== undefined || !policy || !settings || standing.user === null) {
    yield failure(needs, tenant, standing, obstacle ?? 'no_policy')
    return new Refusal('not_allowed', undefined, { reason: obstacle ?? 'no_policy' })
  }

  const attempt = planAttempt(policy, standing, now)
  // First, so that a call which is sent again takes no attempt.
  const raised = yield* first(apps.raiseCall(tenant.number, device, caller.counter, now))
  if (!raised) return staleCounter(standing.callCounter ?? 0)
  const slot = yield* first(
    proofs.reserve(tenant.number, { ...attempt, user: standing.user, policy: policy.code, at: now }),
  )
  if (!slot) return new Refusal('not_allowed', undefined, { reason: 'locked' })

  const body = bodyOf(tenant, standing)
  const verified = verifyJws(needs, tenant, standing, settings, jws)
  const decided = decideApproval(askedOf(tenant, standing, settings, body), {
    ...verified,
    counter: standing.txCounter ?? 0,
    known: settings.statuses,
  })
  if (decided.outcome === 'rejected') {
    yield [
      proofs.settle(tenant.number, outcome(standing, policy, slot.started, now, false)),
      ...failure(needs, tenant, standing, decided.reason),
    ]
    return new Refusal('invalid_answer', undefined, { reason: decided.reason })
  }
  const end = { jws, puk: verified.puk, decided, own: slot.started, now }
  return yield* settle(needs, tenant, standing, policy, body, end)
}

interface End {
  readonly jws: string
  readonly puk: string
  readonly decided: Decided
  readonly own: number
  readonly now: number
}

function* settle(
  needs: ApprovalNeeds,
  tenant: Tenant,
  standing: ApprovalStanding,
  policy: Policy,
  body: ApprovalBody,
  { jws, puk, decided, own, now }: End,
): Unit<Reply> {
  const { approvals, proofs, apps } = needs
  const {
    approval: id,
    user,
    device,
    credential,
  } = standing as Required<ApprovalStanding> & { user: number; device: number; credential: number }
  const answered = {
    status: decided.status,
    positive: decided.positive,
    user,
    device,
    credential,
    answer: sealedAnswer(tenant, id, { jws, puk }),
    at: now,
  }
  const answers = yield [
    proofs.settle(tenant.number, outcome(standing, policy, own, now, true)),
    apps.raiseTx(tenant.number, device, decided.counter),
    approvals.answer(tenant.number, id, answered),
    approvals.noteUse(tenant.number, credential, now),
    ...consequencesOf(needs, tenant, standing, policy, body, decided, now),
  ]
  if (answers[0]?.length === 0) throw new LostRace('the last use of the authenticator was taken meanwhile')
  if (answers[1]?.length === 0) throw new LostRace('the device signed something else meanwhile')
  if (answers[2]?.length === 0) throw new LostRace('the request was answered by somebody else meanwhile')
  return { status: decided.status, news: tellsClient(standing, body) }
}

function askedOf(tenant: Tenant, standing: ApprovalStanding, settings: PushSettings, body: ApprovalBody) {
  return {
    purpose: standing.purpose,
    algorithm: settings.algorithm,
    tenant: tenant.name,
    transaction: String(standing.approval),
    device: String(standing.device),
    tds: body.tds,
    statuses: statusesIn(standing),
    number: body.number,
  }
}

export interface VerifiedJws {
  readonly signatureFits: boolean
  readonly read: ReadApproval | undefined
  /** base64 of the SubjectPublicKeyInfo. */
  readonly puk: string
}

/** The key and its algorithm are those that were registered. */
export function verifyJws(
  { verifier, publicKeys }: Pick<ApprovalNeeds, 'verifier' | 'publicKeys'>,
  tenant: Tenant,
  { credential, credentialSecret }: Pick<ApprovalStanding, 'credential' | 'credentialSecret'>,
  { algorithm }: PushSettings,
  jws: string,
): VerifiedJws {
  const [head = '', payload = '', signature = '', ...more] = jws.split('.')
  if (credential === null || credentialSecret === null || more.length > 0 || !isApprovalAlgorithm(algorithm)) {
    return { signatureFits: false, read: undefined, puk: '' }
  }
  const spki = publicKeys.load(tenant, credential, credentialSecret)
  const signed = Buffer.from(`${head}.${payload}`)
  return {
    signatureFits: verifier.verify(algorithm, spki, signed, Buffer.from(signature, 'base64url')),
    read: readApproval(text(head), text(payload)),
    puk: Buffer.from(spki).toString('base64'),
  }
}

const text = (part: string) => Buffer.from(part, 'base64url').toString('utf8')

const outcome = (standing: ApprovalStanding, policy: Policy, own: number, at: number, accepted: boolean) => ({
  user: standing.user ?? 0,
  policy: policy.code,
  own,
  accepted,
  at,
  channel: standing.channel,
  device: standing.device,
  uses: policy.defaultExpiryThreshold,
})

function failure(needs: ApprovalNeeds, tenant: Tenant, standing: ApprovalStanding, reason: string): readonly Query[] {
  return needs.recorder.record(tenant.number, {
    action: 'validateAuthenticationRequest',
    result: 'FAILURE',
    reason,
    actor: standing.user === null ? { kind: 'anonymous' } : { kind: 'user', id: standing.user },
    ...(standing.user === null ? {} : { user: standing.user }),
    parameters: {
      ATC: standing.policy,
      CHC: standing.channel,
      TEXT1: String(standing.approval),
      ...(standing.device === null ? {} : { DID: standing.device }),
    },
  }).queries
}
