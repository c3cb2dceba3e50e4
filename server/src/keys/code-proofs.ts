/** Keyed hashes of short codes (HMAC-SHA256, RFC 2104): see `domain/ports/code-proofs.ts`. */
import { createHmac } from 'node:crypto'
import type { CodeProofs } from '#domain/ports/code-proofs.ts'
import { lengthPrefixed } from '#keys/length-prefixed.ts'

/** `key`: 32 bytes of the store's own. */
export const openCodeProofs = (key: Uint8Array): CodeProofs => ({
  codeProof: (tenant, row, code) =>
    createHmac('sha256', key)
      .update(lengthPrefixed('reset-code', tenant, row, code))
      .digest(),
})
