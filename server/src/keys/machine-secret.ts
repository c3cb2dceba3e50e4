/**
 * Secrets that we make for machines (client secrets): 256 random bits as 43 characters of base64url (RFC 4648 section 5). The row
 * keeps their SHA-256: with that much chance in it a slow hash would protect nothing and cost 12 ms a request.
 * Never locked by failures (O5); secrets chosen by people go through `hasher.ts` instead.
 */
import { hash } from 'node:crypto'
import type { Random } from '#domain/ports/random.ts'
import { sameProof } from '#keys/same-proof.ts'

const SECRET_BYTES = 32
/** Longer texts are not hashed: no secret of ours is. */
const LONGEST_TEXT = 256

export const machineSecret = {
  make(random: Random): { readonly text: string; readonly proof: Uint8Array } {
    const text = Buffer.from(random.bytes(SECRET_BYTES)).toString('base64url')
    return { text, proof: proofOf(text) }
  },

  /** `kept` undefined (no such client) does the same work and answers false. */
  matches(kept: Uint8Array | undefined, text: string): boolean {
    const shown = proofOf(text.length <= LONGEST_TEXT ? text : '')
    return sameProof(kept ?? new Uint8Array(shown.length), shown) && kept !== undefined && text.length <= LONGEST_TEXT
  },
}

function proofOf(text: string): Uint8Array {
  return hash('sha256', text, 'buffer')
}
