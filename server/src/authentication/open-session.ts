/** The row of a new session, which holds the proof of its access token, written in the unit that decided. RFC 6749 section 5.1. */
import type { AuthenticationNeeds } from '#authentication/needs.ts'
import type { Grant } from '#authentication/proof.ts'
import type { DeviceId, EventId, SessionId, UserId } from '#domain/ids.ts'
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
  /** Made before the unit, where the token must be known earlier. */
  readonly ready?: ReadySession
  /** Instead of the policy's. */
  readonly level?: string
}

export interface ReadySession {
  readonly id: SessionId
  readonly token: string
  readonly proof: Uint8Array
}

export function readySession({
  handles,
  happenings,
}: Pick<AuthenticationNeeds, 'handles' | 'happenings'>): ReadySession {
  const id = happenings.next()
  const { text, proof } = handles.make('access_token', id)
  return { id, token: text, proof }
}

export function openSession(
  needs: Pick<AuthenticationNeeds, 'handles' | 'happenings' | 'sessions'>,
  tenant: Tenant,
  opening: Opening,
): { readonly queries: readonly Query[]; readonly grant: Grant } {
  const { policy, now_ms } = opening
  const { id, token, proof } = opening.ready ?? readySession(needs)
  const expiresAt = now_ms + policy.sessionValid_ms
  const session = needs.sessions.addSession(tenant.number, {
    id,
    user: opening.user,
    client: opening.client,
    policy: policy.code,
    level: opening.level ?? policy.levelOfAssurance,
    amr: opening.amr.join(' '),
    scope: opening.scope,
    device: opening.device,
    proof,
    idle_ms: policy.sessionIdle_ms,
    createdAt: now_ms,
    expiresAt,
    event: opening.event,
  })
  return {
    queries: [session],
    grant: { token, expires_in_seconds: Math.floor(policy.sessionValid_ms / 1000) },
  }
}
