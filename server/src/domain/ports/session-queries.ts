/**
 * Sessions and the tokens that point to them. Neither is ever cached: ending a session is one row, and holds for every
 * node at once.
 */
import type { DeviceId, EventId, SessionId, TenantNumber, UserId } from '#domain/ids.ts'
import type { Query } from '#domain/ports/store.ts'

export interface NewSession {
  readonly id: SessionId
  readonly user: UserId
  /** The client that holds it; for a client's own session that client. */
  readonly client: string
  readonly policy: string
  readonly level: string
  /** Space-separated RFC 8176 values. */
  readonly amr: string
  readonly scope: string
  readonly device: DeviceId | null
  readonly idle_ms: number
  readonly createdAt: number
  readonly expiresAt: number
  /** The audit event that made it. */
  readonly event: EventId
}

export interface NewToken {
  readonly id: number
  readonly session: SessionId
  readonly kind: string
  readonly proof: Uint8Array
  readonly expiresAt: number
}

/** A token with all that decides whether it still opens something. */
export interface HeldToken {
  readonly proof: Uint8Array
  readonly expiresAt: number
  readonly session: SessionId
  readonly user: UserId
  readonly client: string
  readonly policy: string
  readonly level: string
  readonly scope: string
  readonly idle_ms: number
  readonly createdAt: number
  readonly sessionExpiresAt: number
  readonly lastUsedAt: number
  readonly endedAt: number | null
  readonly userActive: number
  readonly externalId: string
  readonly userName: string
  readonly group: string
  readonly familyName: string | null
  readonly givenName: string | null
  readonly clientUser: UserId | null
  readonly clientStatus: string | null
  readonly clientDocument: string | null
  /** Role codes joined by blanks. */
  readonly roles: string | null
}

export interface SessionQueries {
  addSession(tenant: TenantNumber, session: NewSession): Query
  addToken(tenant: TenantNumber, token: NewToken): Query
  token(tenant: TenantNumber, id: number, kind: string): Query<HeldToken>
  touchSession(tenant: TenantNumber, session: SessionId, at: number): Query
  endSessionsOf(tenant: TenantNumber, user: UserId, at: number): Query
}

/** What happened and is over. Each deletes at most 500 rows of one tenant, oldest first, and answers one row for each. */
export interface ExpiryQueries {
  dropTokens(tenant: TenantNumber, floor: number, at: number): Query<{ readonly id: number }>
  dropSessions(tenant: TenantNumber, floor: number, at: number): Query<{ readonly id: number }>
  dropChallenges(tenant: TenantNumber, floor: number, at: number): Query<{ readonly id: number }>
  /** Periods are counted in minutes since 1970. */
  dropBudgets(tenant: TenantNumber, beforePeriod: number): Query
}
