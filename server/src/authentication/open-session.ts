/** The rows of a new session and its access token, written in the unit that decided. RFC 6749 section 5.1. */
import type { AuthenticationNeeds } from '#authentication/needs.ts'
import type { Grant } from '#authentication/proof.ts'
import type { DeviceId, EventId, UserId } from '#domain/ids.ts'
import type { Policy } from '#domain/policy.ts'
import type { Query } from '#domain/ports/store.ts'
import type { Tenant } from '#domain/tenant.ts'

export interface Opening {
  readonly user: UserId
  readonly client: string
  readonly policy: Policy
  readonly amr: readonly string[]
  readonly scope: string
  readonly device: DeviceId | null
  readonly event: EventId
  readonly now_ms: number
}

export function openSession(
  needs: Pick<AuthenticationNeeds, 'handles' | 'happenings' | 'sessions'>,
  tenant: Tenant,
  opening: Opening,
): { readonly queries: readonly [Query, Query]; readonly grant: Grant } {
  const { policy, now_ms } = opening
  const id = needs.happenings.next()
  const tokenId = needs.happenings.next()
  const handle = needs.handles.make('access_token', tokenId)
  const expiresAt = now_ms + policy.sessionValid_ms
  const session = needs.sessions.addSession(tenant.number, {
    id,
    user: opening.user,
    client: opening.client,
    policy: policy.code,
    level: policy.levelOfAssurance,
    amr: opening.amr.join(' '),
    scope: opening.scope,
    device: opening.device,
    idle_ms: policy.sessionIdle_ms,
    createdAt: now_ms,
    expiresAt,
    event: opening.event,
  })
  const token = needs.sessions.addToken(tenant.number, {
    id: tokenId,
    session: id,
    kind: 'access_token',
    proof: handle.proof,
    expiresAt,
  })
  return {
    queries: [session, token],
    grant: { token: handle.text, expires_in_seconds: Math.floor(policy.sessionValid_ms / 1000) },
  }
}
