/**
 * A question that a person answers on a device (bcauthorize, `tds`): from a client, to a device, answered once. Two clocks
 * (security.md C6): until `expiresAt` it can be answered, until `collectUntil` the client can fetch what was answered.
 */
import type { ClientId } from '#domain/client.ts'
import type { CredentialId, DeviceId, UserId } from '#domain/ids.ts'

export type ApprovalId = number
export type Purpose = 'logon' | 'action'
/** DELETED by its client, SUPERSEDED by a newer request; a request nobody answered in time stays OPEN. */
export type ApprovalState = 'OPEN' | 'ANSWERED' | 'SUPERSEDED' | 'DELETED'
/**
 * How the client came: with its bearer token as the reference has it, or by authenticating as CIBA Core has it; `portal`: a login of ours
 * asks, and the client needs no permission to ask anybody.
 */
export type ApprovalDialect = 'reference' | 'standard' | 'portal'
export type Delivery = 'poll' | 'ping' | 'push'

/** What is known from the start and kept sealed. */
export interface ApprovalBody {
  readonly tds: string
  /** Two digits that the asking page shows. */
  readonly number?: string
  /** `client_notification_token`, and the auth_req_id to be told with it: the row keeps only its proof. */
  readonly notifyToken?: string
  readonly requestId?: string
  /** Of a Direct Client Signature: where the registration was told. */
  readonly callbackUrl?: string
  /** Of tokens about it. */
  readonly issuer: string
  readonly clientName: string
  /** Of the pages that the client registered: where the question comes from, as the user knows it. */
  readonly clientOrigin?: string
  /** Where the client said that the user sits: `RMSInfo.TM_CLIENT_IP`. */
  readonly address?: string
  /** CIBA Core section 7.1: echoed in nothing, shown in nothing; kept for the risk hook. */
  readonly risk?: Readonly<Record<string, string>>
}

/** The answer, kept sealed. */
export interface ApprovalAnswer {
  readonly jws: string
  /** base64 of the SubjectPublicKeyInfo that verifies it. */
  readonly puk: string
}

export interface NewApproval {
  readonly id: ApprovalId
  readonly state: 'OPEN' | 'ANSWERED'
  readonly client: ClientId
  /** Null while a user-less request has no answer. */
  readonly user: UserId | null
  readonly device: DeviceId | null
  /** Of a user-less request: which devices may take it. */
  readonly deviceType: string | null
  readonly policy: string
  readonly purpose: Purpose
  readonly channel: string
  readonly scope: string
  readonly dialect: ApprovalDialect
  readonly delivery: Delivery
  /** Joined by `|`; the first one is positive when it is the credential type's first. */
  readonly statuses: string
  readonly session: boolean
  readonly silent: boolean
  readonly proof: Uint8Array
  readonly body: Uint8Array
  /** Of a Direct Client Signature: never used again by its device. */
  readonly nonce: string | null
  readonly createdAt: number
  readonly expiresAt: number
  readonly collectUntil: number
  readonly event: number
}

/** How long after the last moment to answer the client may still fetch the result. */
export const COLLECTION_MS = 300_000

export interface Answered {
  readonly status: string
  readonly positive: boolean
  readonly user: UserId
  readonly device: DeviceId
  readonly credential: CredentialId
  readonly answer: Uint8Array
  readonly at: number
}
