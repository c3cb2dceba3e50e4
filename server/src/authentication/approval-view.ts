/**
 * A stored approval opened: what was sealed is readable again, and what its keys and client may do now is known. Shared by those
 * who show it, take its answer or tell its result.
 */
import type { ApprovalNeeds } from '#authentication/approval-needs.ts'
import { approvalObstacle } from '#authentication/may-approve.ts'
import type { ApprovalAnswer, ApprovalBody } from '#domain/approval.ts'
import type { PushSettings } from '#domain/credential-type.ts'
import type { ApprovalStanding } from '#domain/ports/approval-queries.ts'
import type { Tenant } from '#domain/tenant.ts'

export function bodyOf(tenant: Tenant, { approval, body }: Pick<ApprovalStanding, 'approval' | 'body'>): ApprovalBody {
  return opened<ApprovalBody>(tenant, 'body', approval, body)
}

export function answerOf(tenant: Tenant, { approval, answer }: ApprovalStanding): ApprovalAnswer | undefined {
  return answer === null ? undefined : opened<ApprovalAnswer>(tenant, 'answer', approval, answer)
}

export const sealedAnswer = (tenant: Tenant, approval: number, answer: ApprovalAnswer): Uint8Array =>
  tenant.sealer.seal(placeOf('answer', approval), Buffer.from(JSON.stringify(answer)))

export const sealedBody = (tenant: Tenant, approval: number, body: ApprovalBody): Uint8Array =>
  tenant.sealer.seal(placeOf('body', approval), Buffer.from(JSON.stringify(body)))

/** Asked when it is delivered, when it is answered and when tokens are issued. */
export function obstacleNow(
  needs: Pick<ApprovalNeeds, 'book' | 'clock'>,
  tenant: Tenant,
  standing: ApprovalStanding,
): string | undefined {
  return approvalObstacle({
    policy: tenant.configuration.findPolicy(standing.policy),
    standing,
    device: standing,
    client: needs.book.find(tenant, standing.client),
    dialect: standing.dialect,
    now_ms: needs.clock.now(),
  })
}

/** When a result is let out: a "no" gives nothing away, so only the client's own standing keeps it from being told. */
export function issueObstacle(
  needs: Pick<ApprovalNeeds, 'book' | 'clock'>,
  tenant: Tenant,
  standing: ApprovalStanding,
): string | undefined {
  if (standing.positive === 1) return obstacleNow(needs, tenant, standing)
  const client = needs.book.find(tenant, standing.client)
  return client ? client.obstacle : 'no_client'
}

/** The settings of the key that signs it, with all statuses that its type knows. */
export function pushSettings(tenant: Tenant, credentialType: string | null): PushSettings | undefined {
  const type = tenant.configuration.findCredentialType(credentialType ?? '')
  return type?.factor === 'push' ? type.settings : undefined
}

export const statusesIn = ({ statuses }: Pick<ApprovalStanding, 'statuses'>): readonly string[] =>
  statuses === '' ? [] : statuses.split('|')

const placeOf = (column: 'body' | 'answer', approval: number) => ({ table: 'approval', column, row: String(approval) })

function opened<T>(tenant: Tenant, column: 'body' | 'answer', approval: number, sealed: Uint8Array): T {
  return JSON.parse(Buffer.from(tenant.sealer.unseal(placeOf(column, approval), sealed)).toString('utf8')) as T
}
