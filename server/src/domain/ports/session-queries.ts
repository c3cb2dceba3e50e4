/**
 * Sessions, each with the proof of its one access token: the token's row id is the session's. Never cached: ending a
 * session is one row, ending all of a user is one, and both hold for every node at once.
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
  /** Of its access token. */
  readonly proof: Uint8Array
  readonly idle_ms: number
  readonly createdAt: number
  readonly expiresAt: number
  /** The audit event that made it. */
  readonly event: EventId
}

/** A session with all that decides whether its token still opens something. */
export interface HeldSession {
  /** Of the tenant, to be compared with the one that was loaded. */
  readonly version: number
  readonly proof: Uint8Array
  readonly session: SessionId
  readonly user: UserId
  readonly client: string
  readonly policy: string
  readonly level: string
  /** Space-separated RFC 8176 values. */
  readonly amr: string
  readonly scope: string
  /** The device with which it was proved. */
  readonly device: DeviceId | null
  readonly idle_ms: number
  readonly createdAt: number
  readonly expiresAt: number
  readonly lastUsedAt: number
  readonly endedAt: number | null
  readonly userActive: number
  /** Sessions opened until then are over. */
  readonly sessionsFrom: number
}

/** Who holds a session, as answers show it. */
export interface SessionHolder {
  readonly externalId: string
  readonly userName: string
  readonly group: string
  readonly familyName: string | null
  readonly givenName: string | null
  /** ATR_EMAIL and ATR_MOBILE. */
  readonly email: string | null
  readonly mobile: string | null
}

export interface SessionQueries {
  addSession(tenant: TenantNumber, session: NewSession): Query
  session(tenant: TenantNumber, id: SessionId): Query<HeldSession>
  holder(tenant: TenantNumber, user: UserId): Query<SessionHolder>
  rolesOf(tenant: TenantNumber, user: UserId): Query<{ readonly role: string }>
  touchSession(tenant: TenantNumber, session: SessionId, at: number): Query
  endSession(tenant: TenantNumber, session: SessionId, at: number): Query
  endSessionsOf(tenant: TenantNumber, user: UserId, at: number): Query
}

/** What happened and is over. Each deletes at most 500 rows of one tenant, oldest first, and answers one row for each. */
export interface ExpiryQueries {
  dropSessions(tenant: TenantNumber, floor: number, at: number): Query<{ readonly id: number }>
  dropChallenges(tenant: TenantNumber, floor: number, at: number): Query<{ readonly id: number }>
  dropRecoveries(tenant: TenantNumber, at: number): Query<{ readonly id: number }>
  dropAssertions(tenant: TenantNumber, at: number): Query<{ readonly id: number }>
  /** Periods are counted in minutes since 1970. */
  dropBudgets(tenant: TenantNumber, beforePeriod: number): Query
}
