/**
 * What is kept of a code too short to be hashed alone: a keyed hash, bound to the row it stands in. Whoever reads the database cannot
 * try the hundred million codes there are.
 */
import type { TenantNumber } from '#domain/ids.ts'

export interface CodeProofs {
  /** 32 bytes. */
  codeProof(tenant: TenantNumber, row: number, code: string): Uint8Array
}
