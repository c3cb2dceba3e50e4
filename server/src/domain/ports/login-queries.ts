/** Logins, the tries that one login bears at each of its steps, what people agreed to share, and workflows that logins still hold on to. */

import type { SessionId, TenantNumber, UserId } from '#domain/ids.ts'
import type { LoginState } from '#domain/login.ts'
import type { Query } from '#domain/ports/store.ts'

export interface NewLogin {
  /** A happening. */
  readonly id: number
  readonly proof: Uint8Array
  readonly client: string
  /** `AuthorizationRequest` as JSON. */
  readonly request: string
  /** SHA-256 of the workflow's text, hexadecimal; empty until it is pinned. */
  readonly workflow: string
  readonly createdAt: number
  readonly expiresAt: number
}

export interface HeldLogin extends NewLogin {
  /** Of the tenant, to be compared with the one that was loaded. */
  readonly version: number
  readonly state: LoginState
  /** Rises when the csrf value changes. */
  readonly csrf: number
  /** SHA-256 of the browser's cookie; null: no browser has come by `login`. */
  readonly browser: Uint8Array | null
  readonly userId: UserId | null
  /** `LoginProgress` as JSON. */
  readonly progress: string
  /** Rises with every change of the row. */
  readonly revision: number
  readonly codeProof: Uint8Array | null
  readonly codeExpiresAt: number | null
  readonly session: SessionId | null
}

/** What a change of a login writes; `from` is the revision that was read. */
export interface LoginChange {
  readonly from: number
  readonly state: LoginState
  readonly csrf: number
  readonly browser: Uint8Array | null
  readonly userId: UserId | null
  readonly progress: string
  readonly workflow: string
  readonly expiresAt: number
}

/** A login with whom a call of it means: null where nobody has the name. */
export interface LoginWithPerson extends HeldLogin {
  readonly person: UserId | null
  readonly personExternalId: string | null
  /** Policies for which he has an enabled authenticator, between blanks; null where he has none. */
  readonly owned: string | null
}

export interface PersonRow {
  readonly user: UserId
  readonly externalId: string
  readonly policy: string | null
}

export interface ConsentRow {
  readonly scope: string
  readonly status: 'accepted' | 'refused'
  /** Milliseconds; null: without end. */
  readonly until: number | null
}

export interface LoginQueries {
  add(tenant: TenantNumber, login: NewLogin): Query
  login(tenant: TenantNumber, id: number): Query<HeldLogin>
  /** With the person who has this name; without a name with the one who proved himself in it. */
  loginWithPerson(tenant: TenantNumber, id: number, name: string | undefined): Query<LoginWithPerson>
  /** No row when the login moved since it was read. */
  change(tenant: TenantNumber, id: number, change: LoginChange): Query<object>
  /** Takes one of `limit` tries at `what`; no row when they are up, when the login is not open, or moved since. */
  takeTry(
    tenant: TenantNumber,
    id: number,
    what: string,
    limit: number,
    revision: number,
  ): Query<{ readonly tries: number }>
  /** Gives back a try that was no wrong answer. */
  giveTry(tenant: TenantNumber, id: number, what: string): Query<object>
  tries(tenant: TenantNumber, id: number): Query<{ readonly what: string; readonly tries: number }>
  /** A code is out: OPEN becomes CODED; no row when somebody else ended it. */
  issueCode(tenant: TenantNumber, id: number, from: number, proof: Uint8Array, expiresAt: number): Query<object>
  /** CODED becomes REDEEMED; no row when it was redeemed before or its time is over. */
  redeem(tenant: TenantNumber, id: number, session: SessionId, at: number): Query<object>
  /** Ends the session that a code became, when the code is shown again (RFC 6749 section 4.1.2). */
  endSession(tenant: TenantNumber, session: SessionId, at: number): Query
  /** Who has this name, a row for each policy for which he has an enabled authenticator, one with null where he has none. */
  person(tenant: TenantNumber, name: string): Query<PersonRow>
  ownedBy(tenant: TenantNumber, user: UserId): Query<{ readonly policy: string }>
  consents(tenant: TenantNumber, user: UserId, client: string): Query<ConsentRow>
  sign(tenant: TenantNumber, user: UserId, client: string, row: ConsentRow, at: number): Query
  pinWorkflow(tenant: TenantNumber, hash: string, document: string, until: number): Query
  pinnedWorkflow(tenant: TenantNumber, hash: string): Query<{ readonly document: string }>
  /** Ended or expired logins older than `floor`, 500 at most, with their tries. */
  dropLogins(tenant: TenantNumber, floor: number, at: number): Query<{ readonly id: number }>
  dropTries(tenant: TenantNumber, floor: number): Query
  dropPins(tenant: TenantNumber, at: number): Query
}
