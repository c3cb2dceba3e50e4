/**
 * Where clients of a tenant may be called back (security.md C2): to registered addresses; and never into the networks of the
 * server itself (private, link-local, loopback …) but for the ranges that the tenant lists. One document per tenant.
 */
export interface CallbackRules {
  readonly code: 'CALLBACKS'
  /** Counts the changes of a document of the tenant's own; a stock document has none. */
  readonly version?: number
  /** CIDR ranges that may be called although they are not public: `127.0.0.0/8`. */
  readonly allowedRanges: readonly string[]
  /** A `cb_url` on a loopback host needs no registration: for a demo. */
  readonly unregisteredLoopback: boolean
}

export const NO_CALLBACK_RULES: CallbackRules = { code: 'CALLBACKS', allowedRanges: [], unregisteredLoopback: false }
