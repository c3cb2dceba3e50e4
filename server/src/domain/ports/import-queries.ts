/**
 * The queries of an import. Each is one step of "all or nothing": nothing of a file is visible before `flip`, and `settle`
 * lets only one of two finishers win. An import's row keeps its report as JSON text, without any value of the file.
 */
import type { DeviceStatus } from '#domain/device.ts'
import type { CredentialId, DeviceId, TenantNumber } from '#domain/ids.ts'
import type { Query } from '#domain/ports/store.ts'

export type ImportStatus = 'PENDING' | 'SUCCESS' | 'FAILED'

export interface ImportRow {
  readonly id: number
  readonly status: ImportStatus
  readonly fileName: string
  /** Devices that were made. */
  readonly deviceCount: number
  /** `{"problems": [...], "problemCount": n}` */
  readonly report: string
  readonly createdAt: number
  readonly finishedAt: number | null
}

/** One row per credential; those of one device repeat the device's members. */
export interface StagedCredential {
  readonly deviceId: DeviceId
  readonly credentialId: CredentialId
  readonly externalId: string
  readonly deviceType: string
  readonly friendlyName: string | null
  readonly status: DeviceStatus
  readonly startAt: number
  readonly expiryAt: number | null
  readonly credentialType: string
  /** JSON of what differs from the credential type's settings. */
  readonly settings: string
  /** Sealed for table `credential`, column `secret`, row = credentialId. */
  readonly secret: Uint8Array
  /** SHA-256 of the secret: by it a key that was removed before is known again. */
  readonly fingerprint: Uint8Array
  readonly next: number
  readonly drift: number
}

export interface ImportQueries {
  /** Inserts the import's row, PENDING. */
  begin(tenant: TenantNumber, row: ImportRow): Query
  findImport(tenant: TenantNumber, importId: number): Query<ImportRow>
  /** PENDING imports made before a time: what a process that ended left behind. At most 100. */
  pending(tenant: TenantNumber, before: number): Query<ImportRow>
  /** Which of these external ids (at most 60) devices of that type already have, in any case of letters. */
  existing(
    tenant: TenantNumber,
    deviceType: string,
    externalIds: readonly string[],
  ): Query<{ readonly externalId: string }>
  /** At most 60 rows; at most 150 queries. */
  stage(tenant: TenantNumber, importId: number, rows: readonly StagedCredential[]): readonly Query[]
  /**
   * How many staged devices of this import have the external id and type of a device that exists. Holds up whoever else
   * makes devices until the unit ends.
   */
  collisions(tenant: TenantNumber, importId: number): Query<{ readonly total: number }>
  /** Staging to device, credential and credential_state, and the kept counter of devices; then the staging rows go. */
  flip(tenant: TenantNumber, importId: number, deviceCount: number, now: number): readonly Query[]
  discard(tenant: TenantNumber, importId: number): readonly Query[]
  /**
   * Ends an import that is still PENDING: status, deviceCount, report, finishedAt. Answers a row only then, and for a
   * SUCCESS only while none of its devices exists.
   */
  settle(tenant: TenantNumber, row: ImportRow): Query<{ readonly id: number }>
}
