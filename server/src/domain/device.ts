/** The thing held: one per key slot of a hardware token (`0973494699-1`). Its secrets stand in its credentials. */
import type { DeviceId, UserId } from '#domain/ids.ts'

export const deviceStatuses = ['PENDING', 'ACTIVE', 'SUSPENDED', 'REVOKED', 'TERMINATED'] as const
export type DeviceStatus = (typeof deviceStatuses)[number]

/** Which status may follow which. A status may always be set to what it is. */
export const deviceStatusFollows: Readonly<Record<DeviceStatus, readonly DeviceStatus[]>> = {
  PENDING: ['ACTIVE', 'REVOKED', 'TERMINATED'],
  ACTIVE: ['SUSPENDED', 'REVOKED', 'TERMINATED'],
  SUSPENDED: ['ACTIVE', 'REVOKED', 'TERMINATED'],
  REVOKED: ['TERMINATED'],
  TERMINATED: [],
}

export interface Device {
  readonly id: DeviceId
  readonly externalId: string
  readonly type: string
  readonly owner: UserId | null
  readonly friendlyName: string | null
  readonly status: DeviceStatus
  readonly startAt_ms: number
  readonly expiryAt_ms: number | null
  readonly createdAt_ms: number
  readonly version: number
}
