/**
 * What the verifier reads: a running store, a backup copy or an exported file, whoever implements this. Records come in
 * the order named, so that a log of any length is verified with little memory.
 */
import type { TenantNumber } from '#domain/ids.ts'
import type { AuditHead, AuditPersonal, AuditRun, NumberedEvent, SealedEvent } from '#domain/ports/audit-log.ts'

export type SealedRecord = SealedEvent & { readonly personal: readonly AuditPersonal[] }

export interface AuditReader {
  /** Every tenant with a head or a seal, by number. */
  tenants(): AsyncIterable<TenantNumber>
  head(tenant: TenantNumber): Promise<AuditHead | undefined>
  /** By sequence. A seal whose event is gone comes with nulls. */
  sealed(tenant: TenantNumber): AsyncIterable<SealedRecord>
  /** Compact JWS of each checkpoint kept beside the events, by number. */
  checkpoints(): AsyncIterable<string>
  /** Absent in an export, which holds one tenant: whether every number is accounted for is then unknown. */
  readonly runs?: {
    /** Every run that has a row or an event, by number; without its row only `run` is known. */
    all(): AsyncIterable<AuditRun | { readonly run: number }>
    /** Its events by number, sealed or not. */
    numbers(run: number): AsyncIterable<NumberedEvent>
  }
}
