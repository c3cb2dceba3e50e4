/**
 * Which makers' keys a tenant trusts: one document per tenant. Status reports come from the FIDO metadata (FIDO Metadata Service 3.1,
 * section 3.1.4); its list of statuses grows, so refused ones are named and all others pass. A report of a compromise hides no
 * model whose maker repaired it, once a tenant takes the status from its list.
 */
import type { StatusReport } from '#domain/ports/fido-metadata.ts'

export interface FidoPolicy {
  readonly code: 'FIDO'
  /** Counts the changes of a document of the tenant's own; a stock document has none. */
  readonly version?: number
  /** A model with one of these reports is refused, whatever else is said of it. */
  readonly refusedStatuses: readonly string[]
  /** Beside those of the FIDO metadata. */
  readonly anchors: readonly FidoAnchor[]
  /** Whether `attestation: direct` without a list of models takes keys that nobody vouches for. */
  readonly allowUntrustedDirect: boolean
}

export interface FidoAnchor {
  /** A certificate of a maker, PEM. */
  readonly pem: string
  /** The models that it vouches for, lower case. */
  readonly aaguids: readonly string[]
}

export const STOCK_FIDO_POLICY: FidoPolicy = {
  code: 'FIDO',
  refusedStatuses: [
    'REVOKED',
    'USER_VERIFICATION_BYPASS',
    'ATTESTATION_KEY_COMPROMISE',
    'USER_KEY_REMOTE_COMPROMISE',
    'USER_KEY_PHYSICAL_COMPROMISE',
  ],
  anchors: [],
  allowUntrustedDirect: false,
}

/** A report of the future says nothing yet; one without a date always holds. */
export function isRefused({ refusedStatuses }: FidoPolicy, report: StatusReport, now_ms: number): boolean {
  const from = report.effectiveDate === undefined ? Number.NaN : Date.parse(report.effectiveDate)
  return refusedStatuses.includes(report.status) && (Number.isNaN(from) || from <= now_ms)
}
