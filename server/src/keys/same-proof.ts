/** Compares two proofs (hashes of secrets) in a time that tells nothing of where they differ. */
import { timingSafeEqual } from 'node:crypto'

export function sameProof(kept: Uint8Array, shown: Uint8Array): boolean {
  return kept.length === shown.length && timingSafeEqual(kept, shown)
}
