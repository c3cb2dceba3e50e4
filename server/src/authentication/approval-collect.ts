/**
 * A client fetches a result at the token endpoint (CIBA Core section 10.1), each once. Asked at the fourth moment: whoever was locked,
 * disabled or expired since he answered gets nothing (security.md C1). A result that was already made for a callback is handed out
 * as it stands, so that nothing is minted twice (C14); an explicit decision outranks expiry (C6).
 */

import { REPORT } from '#authentication/approval-consequences.ts'
import type { ApprovalNeeds } from '#authentication/approval-needs.ts'
import { levelOf, type Result, type ResultBody, resultOf, tellsStatus } from '#authentication/approval-result.ts'
import { bodyOf, issueObstacle } from '#authentication/approval-view.ts'
import type { KnownClient } from '#authentication/client-book.ts'
import { openSession } from '#authentication/open-session.ts'
import { LostRace, STALE } from '#domain/deciding-unit.ts'
import type { CallbackParcel } from '#domain/parcel.ts'
import type { ApprovalStanding } from '#domain/ports/approval-queries.ts'
import { first, type Query, type Unit } from '#domain/ports/store.ts'
import { Fault, Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

export type Ask =
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'pending'; readonly standing: ApprovalStanding }
  /** It waits in the outbox, made already. */
  | { readonly kind: 'made'; readonly standing: ApprovalStanding }
  | { readonly kind: 'ready'; readonly standing: ApprovalStanding }

/** What may be told now of this approval to this client. `id` and `proof` are those of the auth_req_id. */
export function askOf(
  needs: Pick<ApprovalNeeds, 'handles' | 'clock'>,
  standing: ApprovalStanding | undefined,
  client: KnownClient,
  proof: Uint8Array,
): Ask {
  const refuse = (refusal: Refusal): Ask => ({ kind: 'refused', refusal })
  const known = standing !== undefined && needs.handles.sameProof(standing.proof, proof)
  if (!known || standing.client !== client.clientId) return refuse(new Refusal('invalid_grant', NO_REQUEST))
  const now = needs.clock.now()
  if (standing.state === 'OPEN' && now < standing.expiresAt) return { kind: 'pending', standing }
  if (standing.state !== 'ANSWERED' || now >= standing.collectUntil) return refuse(new Refusal('expired_token'))
  if (standing.collectedAt !== null) return { kind: 'made', standing }
  return { kind: 'ready', standing }
}

const NO_REQUEST = 'The auth_req_id is not known, was used, or is not of this client.'
export const usedRequest = () => new Refusal('invalid_grant', NO_REQUEST)

/** A result for the client; the refusal `access_denied` where the user said no and the client hears it so. */
export async function makeResult(
  needs: ApprovalNeeds,
  tenant: Tenant,
  standing: ApprovalStanding,
  client: KnownClient,
  requestId: string,
): Promise<Result | 'denied'> {
  const policy = tenant.configuration.findPolicy(standing.policy)
  if (!policy) throw new Fault(`the policy ${standing.policy} of an approval is gone`)
  if (standing.positive !== 1 && !tellsStatus(standing)) return 'denied'
  return resultOf(needs, tenant, standing, bodyOf(tenant, standing), client, policy, requestId)
}

/** Lets a result out: marks it collected, writes its session. `more` goes into the same unit; each of it must touch a row. */
export function* letOut(
  needs: ApprovalNeeds,
  tenant: Tenant,
  id: number,
  result: Result | 'denied',
  more: readonly Query[] = [],
): Unit<ResultBody | Refusal | typeof STALE> {
  const { approvals, clock, recorder } = needs
  const standing = yield* first(approvals.standing(tenant.number, id, 0))
  if (!standing) return usedRequest()
  if (standing.version > tenant.version) return STALE
  if (standing.collectedAt !== null) return usedRequest()
  const now = clock.now()
  const obstacle = issueObstacle(needs, tenant, standing)
  const policy = tenant.configuration.findPolicy(standing.policy)
  const denied = obstacle !== undefined || result === 'denied' || policy === undefined || standing.user === null
  const event = recorder.record(tenant.number, {
    action: 'collectAuthenticationResult',
    result: denied ? 'FAILURE' : 'SUCCESS',
    ...(denied ? { reason: obstacle ?? 'denied' } : {}),
    actor: { kind: 'client', id: standing.client },
    ...(standing.user === null ? {} : { user: standing.user }),
    parameters: { ATC: standing.policy, TEXT1: String(id), ...plainNote(needs, tenant, standing) },
  })
  const session =
    denied || result.ready === undefined
      ? []
      : openSession(needs, tenant, {
          user: standing.user,
          client: standing.client,
          policy,
          amr: ['swk'],
          scope: standing.scope,
          device: standing.device,
          event: event.id,
          now_ms: now,
          ready: result.ready,
          level: levelOf(policy, standing),
        }).queries
  const answers = yield [
    approvals.collect(tenant.number, id, now),
    ...event.queries,
    ...session,
    ...(obstacle === undefined ? more : []),
  ]
  if (answers[0]?.length === 0) throw new LostRace('the result was collected by somebody else meanwhile')
  if (obstacle === undefined && more.some((_, n) => answers[answers.length - 1 - n]?.length === 0)) {
    throw new LostRace('the bytes were made by somebody else meanwhile')
  }
  if (!denied) return result.answer
  const reported = obstacle === undefined && standing.answerStatus === REPORT
  return new Refusal('access_denied', reported ? REPORTED : undefined, { reason: obstacle ?? 'denied' })
}

/** A client of the standard hears no status; what it should do now differs all the same. */
const REPORTED = 'The user reported this request.'

/** The audit keeps that a client gets unsigned tokens (security.md C8). */
function plainNote({ book }: ApprovalNeeds, tenant: Tenant, { client, dialect }: ApprovalStanding) {
  const plain = book.find(tenant, client)?.document.callbackPlain === true && dialect === 'reference'
  return plain ? { TEXT2: 'unsigned id_token' } : {}
}

/** The body of a callback that was made and not yet delivered. */
export function madeBody(
  tenant: Tenant,
  row: { readonly id: number; readonly body: Uint8Array },
): ResultBody | undefined {
  const place = { table: 'outbox', column: 'body', row: String(row.id) }
  const parcel = JSON.parse(Buffer.from(tenant.sealer.unseal(place, row.body)).toString('utf8')) as CallbackParcel
  const body = JSON.parse(parcel.body) as Partial<ResultBody>
  return typeof body.id_token === 'string' ? (body as ResultBody) : undefined
}
