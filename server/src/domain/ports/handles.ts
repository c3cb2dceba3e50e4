/**
 * Opaque handles: what a client carries for a row of ours. On the wire 40 base64 characters (30 bytes) that hold a masked
 * row id, or `urn:hid:` and a UUID where the API wants that form. The row keeps only the proof, a hash of the handle's
 * random part: whoever reads the database cannot make a handle. A handle of one kind never serves as another.
 * Synchronous; `read` costs microseconds and never throws, whatever text a stranger sends.
 */
export type HandleKind = 'access_token' | 'refresh' | 'code' | 'request_uri' | 'auth_req_id' | 'reset'

export interface Handles {
  /** `rowId`: a whole number of 0 to 2^53 − 1. `proof`: 32 bytes for the row. */
  make(kind: HandleKind, rowId: number): { readonly text: string; readonly proof: Uint8Array }
  /**
   * Where to look, and what must stand there. Undefined: the text is no handle of this kind. An answer is no success yet: a
   * guess may well lead to a row, and only `sameProof` says whether it was made for it.
   */
  read(kind: HandleKind, text: string): { readonly rowId: number; readonly proof: Uint8Array } | undefined
  /** Compares a row's proof with a handle's, in constant time. */
  sameProof(kept: Uint8Array, shown: Uint8Array): boolean
}
