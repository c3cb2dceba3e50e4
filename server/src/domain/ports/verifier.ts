/** Checks signatures of devices under keys that we registered; the algorithm is ours, never the one a stranger names. */
export interface Verifier {
  /** `spki` is DER. ES256 signatures are r ‖ s (RFC 7518 section 3.4). False for anything that cannot be checked. */
  verify(algorithm: 'RS512' | 'ES256', spki: Uint8Array, signed: Uint8Array, signature: Uint8Array): boolean
}
