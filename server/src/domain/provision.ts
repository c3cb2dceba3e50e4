/**
 * An invitation to enrol an approve app (Device/Provision): made for one pending device of one user, used once. The server keeps
 * what it needs to check the invite code, never the code.
 */
import type { DeviceId, ProvisionId, UserId } from '#domain/ids.ts'

/** REPLACED by a newer invitation for the same device. One that expired unused stays UNPROCESSED; see its dates. */
export type ProvisionStatus = 'UNPROCESSED' | 'PROCESSED' | 'FAILED' | 'REPLACED'

export interface Provision {
  readonly id: ProvisionId
  readonly device: DeviceId
  readonly user: UserId
  readonly deviceType: string
  /** The client that asked for it: only it may poll the result. */
  readonly client: string | null
  readonly status: ProvisionStatus
  /** As it was sent, without `cb_notif_token` and `sec`. */
  readonly description: string
  /** `url` of the description: what the app is told to call. */
  readonly service: string
  readonly channel: string
  readonly policy: string
  readonly createdAt_ms: number
  readonly expiresAt_ms: number
  readonly processedAt_ms: number | null
  readonly version: number
}

/** Wrong codes typed by hand: from one source, and in all; the QR code of the invitation works on. */
export const TYPED_PER_SOURCE = 5
export const TYPED_IN_ALL = 20
