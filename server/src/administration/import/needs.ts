/**
 * What an import needs from the world. The queries stand in storage; their meaning is fixed here, because each of them is
 * one step of "all or nothing": nothing of a file is visible before `flip`, and `settle` lets only one of two finishers win.
 */

import type { Problem } from '#administration/import/token-record.ts'
import type { DeviceStatus } from '#domain/device.ts'
import type { DeviceId, TenantNumber } from '#domain/ids.ts'
import type { Clock } from '#domain/ports/clock.ts'
import type { Recorder } from '#domain/ports/recorder.ts'
import type { Query, Store } from '#domain/ports/store.ts'

export const importStatuses = ['PENDING', 'SUCCESS', 'FAILED'] as const
export type ImportStatus = (typeof importStatuses)[number]

/** One import as its row tells it: the job that a caller polls. */
export interface ImportJob {
  readonly id: number
  readonly status: ImportStatus
  readonly fileName: string
  /** Devices that were made. */
  readonly deviceCount: number
  /** At most MAX_KEPT_PROBLEMS of them; `problemCount` tells how many there were. */
  readonly problems: readonly Problem[]
  readonly problemCount: number
  readonly createdAt_ms: number
  readonly finishedAt_ms: number | null
}

/** One row per credential; those of one device repeat the device's members. */
export interface StagedCredential {
  readonly deviceId: DeviceId
  readonly credentialId: number
  readonly externalId: string
  readonly deviceType: string
  readonly friendlyName: string | null
  readonly status: DeviceStatus
  readonly startAt_ms: number
  readonly expiryAt_ms: number | null
  readonly credentialType: string
  /** JSON of what differs from the credential type's settings. */
  readonly settings: string
  /** Sealed for table `credential`, column `secret`, row = credentialId. */
  readonly secret: Uint8Array
  readonly next: number
  readonly drift: number
}

export interface ImportQueries {
  /** Inserts the import's row, PENDING. */
  begin(tenant: TenantNumber, job: ImportJob): Query
  findJob(tenant: TenantNumber, importId: number): Query<ImportJob>
  /** PENDING imports made before a time: what a process that ended left behind. At most 100. */
  findPending(tenant: TenantNumber, before_ms: number): Query<{ id: number }>
  /** Which of these external ids (at most 60) devices of that type already have, in any case of letters. */
  existing(tenant: TenantNumber, deviceType: string, externalIds: readonly string[]): Query<{ externalId: string }>
  /** At most 60 rows; at most 150 queries. */
  stage(tenant: TenantNumber, importId: number, rows: readonly StagedCredential[]): readonly Query[]
  /** How many staged devices of this import have the external id and type of a device that exists. */
  collisions(tenant: TenantNumber, importId: number): Query<{ total: number }>
  /** Staging to device, credential, credential_state, and the kept counter of devices; then the staging rows are deleted. */
  flip(tenant: TenantNumber, importId: number, deviceCount: number, now_ms: number): readonly Query[]
  discard(tenant: TenantNumber, importId: number): readonly Query[]
  /** Ends an import that is still PENDING; answers its row only then. */
  settle(tenant: TenantNumber, job: ImportJob): Query<{ id: number }>
}

export interface ImportNeeds {
  readonly store: Store
  readonly clock: Clock
  readonly recorder: Recorder
  readonly queries: ImportQueries
  /** The next numbers of the tenant's sequence of named things, rising. */
  takeIds(tenant: TenantNumber, count: number): Promise<readonly number[]>
  /** For an import that runs after its answer: what went wrong there has no caller to tell. */
  tellFault(error: unknown): void
}
