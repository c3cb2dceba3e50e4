/**
 * Codes by mail and SMS. An authenticator is registered once (what kind of device and code, perhaps an activation code) and has at
 * most one open code, whatever asked for it: a new one takes the place of the older.
 */
import type { ChallengeId, TenantNumber, UserId } from '#domain/ids.ts'
import type { MessageMethod } from '#domain/parcel.ts'
import type { Query } from '#domain/ports/store.ts'

export interface OobRegistration {
  readonly deviceType: string
  readonly credentialType: string
  /** Sealed at ('oob', 'activation', user.policy); null: none is asked for. */
  readonly activation: Uint8Array | null
}

export interface OobCode {
  readonly id: ChallengeId
  readonly method: MessageMethod | 'caller'
  /** `{code, correlation}` as JSON, sealed at ('oob_code', 'body', id). */
  readonly body: Uint8Array
  /** None left: dead. */
  readonly triesLeft: number
  readonly createdAt: number
  readonly expiresAt: number
}

export interface OobQueries {
  registration(tenant: TenantNumber, user: UserId, policy: string): Query<OobRegistration>
  /** In the place of one that is there. */
  register(tenant: TenantNumber, user: UserId, policy: string, row: OobRegistration, at: number): Query
  unregister(tenant: TenantNumber, user: UserId, policy: string): Query<object>
  /** As it stands, also when it is dead or over. */
  code(tenant: TenantNumber, user: UserId, policy: string): Query<Pick<OobCode, 'method' | 'triesLeft' | 'createdAt'>>
  /**
   * Opens a code in the place of the older, by two statements of one flush. The second answers no row when nobody is registered, or
   * when one that goes the same way was opened after `recent` and still lives: then that one is meant.
   */
  open(
    tenant: TenantNumber,
    user: UserId,
    policy: string,
    code: OobCode,
    recent: number,
  ): readonly [Query, Query<{ readonly id: ChallengeId }>]
  /** Takes one try before anything is compared; no row when there is no code, or a dead one. */
  takeTry(tenant: TenantNumber, user: UserId, policy: string): Query<OobCode>
  /** No row when it was used, or replaced, meanwhile. */
  spend(tenant: TenantNumber, user: UserId, policy: string, id: ChallengeId): Query<object>
  kill(tenant: TenantNumber, user: UserId, policy: string): Query
  /** An attempt of this unit was no failure, and no success either. */
  giveBack(tenant: TenantNumber, user: UserId, policy: string): Query
  /** Codes that were over before `at`, 500 at most. */
  dropCodes(tenant: TenantNumber, at: number): Query<{ readonly id: number }>
}
