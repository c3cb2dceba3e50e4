/** What cards compute with, beside signatures (`verifier.ts`). */
export interface CardCryptography {
  sha256(bytes: Uint8Array): Uint8Array
  /** AES-CMAC under a key of 16 bytes: NIST SP 800-38B, RFC 4493. */
  cmac(key: Uint8Array, message: Uint8Array): Uint8Array
}
