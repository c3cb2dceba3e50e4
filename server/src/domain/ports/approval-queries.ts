/**
 * Approvals: opened, shown, answered once, collected once. `standing` reads in one row all that decides whether an approval may go
 * on: the user, his authenticator, the device, its key, at that very moment (security.md C1).
 */
import type {
  Answered,
  ApprovalDialect,
  ApprovalId,
  ApprovalState,
  Delivery,
  NewApproval,
  Purpose,
} from '#domain/approval.ts'
import type { DeviceStatus } from '#domain/device.ts'
import type { CredentialId, DeviceId, TenantNumber, UserId } from '#domain/ids.ts'
import type { Standing } from '#domain/ports/proof-queries.ts'
import type { Query } from '#domain/ports/store.ts'

/** Of a user-less request without an answer, user and authenticator are those of the device that asks. */
export interface ApprovalStanding extends Standing {
  readonly approval: ApprovalId
  readonly state: ApprovalState
  readonly client: string
  readonly forUser: UserId | null
  readonly forDevice: DeviceId | null
  readonly forDeviceType: string | null
  readonly policy: string
  readonly purpose: Purpose
  readonly channel: string
  readonly scope: string
  readonly dialect: ApprovalDialect
  readonly delivery: Delivery
  readonly statuses: string
  readonly session: number
  readonly silent: number
  readonly proof: Uint8Array
  readonly body: Uint8Array
  readonly nonce: string | null
  readonly createdAt: number
  readonly expiresAt: number
  readonly collectUntil: number
  readonly answeredAt: number | null
  readonly answerStatus: string | null
  readonly positive: number | null
  readonly answer: Uint8Array | null
  readonly collectedAt: number | null
  readonly userExternalId: string | null
  readonly device: DeviceId | null
  readonly deviceType: string | null
  readonly deviceExternalId: string | null
  readonly deviceStatus: DeviceStatus | null
  readonly deviceStartAt: number | null
  readonly deviceExpiryAt: number | null
  readonly confirmCode: Uint8Array | null
  readonly keyProtection: string | null
  readonly credential: CredentialId | null
  readonly credentialType: string | null
  readonly credentialStatus: DeviceStatus | null
  readonly credentialStartAt: number | null
  readonly credentialExpiryAt: number | null
  readonly credentialSecret: Uint8Array | null
  /** How often in a row this user said no to this client. */
  readonly denials: number | null
  readonly callCounter: number | null
  readonly txCounter: number | null
}

export interface InboxRow {
  readonly id: ApprovalId
  readonly purpose: Purpose
  readonly createdAt: number
  readonly expiresAt: number
}

/** What keeps a client from asking a user again. */
export interface PauseRow {
  readonly denials: number
  readonly until: number
}

export interface ApprovalQueries {
  /** Holds a user: what is counted of his requests stays true until the unit ends. */
  holdUser(tenant: TenantNumber, user: UserId): Query<{ readonly id: UserId }>
  /** Ends what is open for the same user and purpose. */
  supersede(tenant: TenantNumber, user: UserId, purpose: Purpose): Query
  /** No row when the nonce was used, or another request of the user's is open. */
  addApproval(tenant: TenantNumber, approval: NewApproval): Query<{ readonly id: ApprovalId }>
  addAnswered(tenant: TenantNumber, approval: NewApproval, answered: Answered): Query<{ readonly id: ApprovalId }>
  /** With `device` as the one that asks, for a request that names none; 0 asks for nobody. */
  standing(tenant: TenantNumber, id: ApprovalId, device: DeviceId): Query<ApprovalStanding>
  inbox(tenant: TenantNumber, device: DeviceId, now: number): Query<InboxRow>
  /**
   * How many requests a user got since `floor`, a happening, and how many of them since `lateFloor`; `unanswered` counts those of one
   * policy that nobody answered.
   */
  recent(
    tenant: TenantNumber,
    user: UserId,
    policy: string,
    floor: number,
    lateFloor: number,
  ): Query<{ readonly total: number; readonly late: number; readonly unanswered: number }>
  /** What a client's user has as ATR_CIBACB. */
  callbackAttribute(tenant: TenantNumber, clientUser: UserId): Query<{ readonly value: string }>
  /** No row when somebody answered before. */
  answer(tenant: TenantNumber, id: ApprovalId, answered: Answered): Query<object>
  /** No row when it was collected before. */
  collect(tenant: TenantNumber, id: ApprovalId, at: number): Query<object>
  /** No row when it is not open. */
  remove(tenant: TenantNumber, id: ApprovalId): Query<object>
  pause(tenant: TenantNumber, user: UserId, client: string): Query<PauseRow>
  setPause(tenant: TenantNumber, user: UserId, client: string, pause: PauseRow): Query
  clearPause(tenant: TenantNumber, user: UserId, client: string): Query
  /** Nothing more is asked of this authenticator until then. */
  block(tenant: TenantNumber, user: UserId, policy: string, until: number): Query
  noteUse(tenant: TenantNumber, credential: CredentialId, at: number): Query
  /** Closes what is open for a device that is removed. */
  dropOf(tenant: TenantNumber, device: DeviceId): Query
  /** Waiting for these devices since `after`, for live connections. */
  since(tenant: TenantNumber, after: ApprovalId): Query<{ readonly id: ApprovalId; readonly device: DeviceId | null }>
  /** Over and collectable no more: 500 at most. */
  dropOver(tenant: TenantNumber, floor: number, now: number): Query<{ readonly id: ApprovalId }>
}
