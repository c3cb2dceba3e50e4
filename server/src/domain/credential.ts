/** The key inside a device: sealed, wide and stable. What moves with every use stands in its state. */

import type { DeviceStatus } from '#domain/device.ts'
import type { CredentialId, DeviceId } from '#domain/ids.ts'

export interface Credential {
  readonly id: CredentialId
  readonly device: DeviceId
  readonly externalId: string
  readonly type: string
  readonly status: DeviceStatus
  readonly startAt_ms: number
  readonly expiryAt_ms: number | null
  readonly createdAt_ms: number
  readonly version: number
}

/** Settings of this one key that differ from its type's: digits, time step, suite of an imported token. */
export interface CredentialSettings {
  readonly [name: string]: unknown
}

export interface CredentialState {
  /** Smallest event counter or time step that was never used. */
  readonly next: number
  /** The token's clock against ours, in time steps. */
  readonly drift: number
  readonly version: number
}
