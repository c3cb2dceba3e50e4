/**
 * What the FIDO metadata says of models of authenticators (FIDO Metadata Service 3.1, section 3.1): the part that decides whom to trust,
 * and the name that people know. Kept once for the whole store, one row per model, replaced as a whole by a newer blob.
 */
import type { Query } from '#domain/ports/store.ts'

export interface FidoModel {
  /** Lower case with dashes. */
  readonly aaguid: string
  readonly description: string
  /** Certificates, DER as base64. */
  readonly anchors: readonly string[]
  readonly reports: readonly StatusReport[]
}

export interface StatusReport {
  readonly status: string
  /** `2026-01-31`; a report of the future says nothing yet. */
  readonly effectiveDate?: string
  /** The one attestation certificate that it concerns, DER as base64; without it the whole model. */
  readonly certificate?: string
}

export interface FidoMetadataQueries {
  model(aaguid: string): Query<{ readonly document: string }>
  removeAll(): Query
  /** Many rows in few statements. */
  addAll(rows: readonly { readonly aaguid: string; readonly document: string }[]): readonly Query[]
}

/** What registrations ask. */
export interface FidoModels {
  find(aaguid: string): Promise<FidoModel | undefined>
}
