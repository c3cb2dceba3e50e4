/**
 * What proving somebody asks of the store. `standing` finds a user by a name he signs in with, together with the
 * authenticator of one policy and both counts of attempts; `reserve…` take one attempt before anything is verified
 * (the row lock orders all nodes); `settle…` write what came of it.
 */
import type { DeviceStatus } from '#domain/device.ts'
import type { ChallengeId, CredentialId, DeviceId, TenantNumber, UserId } from '#domain/ids.ts'
import type { Query } from '#domain/ports/store.ts'

/** One row always: with a null user when nobody has the name. */
export interface Standing {
  /** Of the tenant, to be compared with the one that was loaded. */
  readonly version: number
  readonly user: UserId | null
  readonly active: number | null
  readonly status: string | null
  readonly startAt: number | null
  readonly expiryAt: number | null
  readonly started: number | null
  readonly forgiven: number | null
  readonly lastAttemptAt: number | null
  readonly totalSuccess: number | null
  readonly challengeCount: number | null
  /** After a report of its user: until then it approves nothing. */
  readonly blockedUntil: number | null
  /** Failures in a row over all his authenticators. */
  readonly failures: number | null
  /** And of synchronising his devices. */
  readonly synchronisingFailures: number | null
  readonly synchronisedAt: number | null
  readonly userLastAttemptAt: number | null
}

/** A key that may answer: the device, the credential in it and its state. */
export interface Candidate {
  readonly device: DeviceId
  readonly deviceType: string
  readonly deviceExternalId: string
  readonly deviceStatus: DeviceStatus
  readonly deviceStartAt: number
  readonly deviceExpiryAt: number | null
  readonly credential: CredentialId
  readonly credentialType: string
  readonly credentialStatus: DeviceStatus
  readonly credentialStartAt: number
  readonly credentialExpiryAt: number | null
  readonly settings: string
  readonly secret: Uint8Array
  readonly next: number
  readonly drift: number
  /** 1 after a restore put its event counter back: proves nothing until it is synchronised. */
  readonly held: number
  readonly stateVersion: number
}

export interface Reservation {
  readonly user: UserId
  readonly policy: string
  readonly limit: number
  readonly userLimit: number
  readonly at: number
}

/** One attempt that was taken, and how many are forgiven: `started - forgiven - 1` failures stand before it. */
export interface Slot {
  readonly started: number
  readonly forgiven: number
}

export interface OpenChallenge {
  readonly id: ChallengeId
  readonly device: DeviceId
  readonly credential: CredentialId
  readonly question: string
}

export interface Outcome {
  readonly user: UserId
  readonly policy: string
  /** The `started` value this attempt reserved; a success forgives up to it. */
  readonly own: number
  readonly accepted: boolean
  readonly at: number
  readonly channel: string
  readonly device: DeviceId | null
  /** Successful uses the authenticator is good for; -1 no limit. */
  readonly uses: number
}

export interface ProofQueries {
  tenantVersion(tenant: TenantNumber): Query<{ readonly version: number }>
  standing(tenant: TenantNumber, name: string, policy: string): Query<Standing>
  standingOf(tenant: TenantNumber, user: UserId, policy: string): Query<Standing>
  /** No row when `limit` failures of this authenticator stand already, or `userLimit` over all that the user has. */
  reserve(tenant: TenantNumber, attempt: Reservation): Query<Slot>
  /** An attempt that no authenticator accounts for: synchronising a device. */
  reserveUser(tenant: TenantNumber, user: UserId, limit: number, at: number): Query<Slot>
  candidates(tenant: TenantNumber, user: UserId): Query<Candidate>
  candidatesOf(tenant: TenantNumber, user: UserId, device: DeviceId): Query<Candidate>
  openChallenges(tenant: TenantNumber, user: UserId, policy: string, at: number): Query<OpenChallenge>
  passwordOf(
    tenant: TenantNumber,
    user: UserId,
    policy: string,
  ): Query<{ readonly hash: string; readonly changedAt: number; readonly expiredChanges: number }>
  /** No row for a success when the uses are up meanwhile. */
  settle(tenant: TenantNumber, outcome: Outcome): Query<object>
  /** The secret was right and opened nothing: this attempt is no failure, nor are those before it. */
  settleRight(tenant: TenantNumber, user: UserId, policy: string, own: number): Query
  forgiveUser(tenant: TenantNumber, user: UserId, own: number): Query
  /** Releases a key that was held. No row when somebody else moved the state since it was read. */
  advance(
    tenant: TenantNumber,
    credential: CredentialId,
    from: number,
    state: { readonly next: number; readonly drift: number },
    at: number,
  ): Query<object>
  /** No row when it was spent before. */
  spendSignature(tenant: TenantNumber, credential: CredentialId, question: Uint8Array, at: number): Query<object>
  /** No row when it was answered before or has expired. */
  spendChallenge(tenant: TenantNumber, challenge: ChallengeId): Query<object>
  openChallenge(
    tenant: TenantNumber,
    challenge: OpenChallenge & { readonly user: UserId; readonly policy: string; readonly expiresAt: number },
  ): Query
  /** Counts a challenge that was issued; no row at the limit. */
  countChallenge(
    tenant: TenantNumber,
    user: UserId,
    policy: string,
    limit: number,
  ): Query<{ readonly challengeCount: number }>
}
