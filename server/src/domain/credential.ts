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
