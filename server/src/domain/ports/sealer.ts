/**
 * Secrets at rest: AES-256-GCM under a key of the tenant, bound to the one row and column where they stand.
 * Synchronous, because fast factors unseal inside a unit of work; the tenant's keys are loaded before the unit starts.
 */
export interface Place {
  readonly table: string
  readonly column: string
  /** The row's primary key without the tenant, as text: `96743`, `52276.AT_OTP`. */
  readonly row: string
}

export interface Sealer {
  seal(place: Place, plain: Uint8Array): Uint8Array
  /** Throws a Fault when the bytes were not sealed for this tenant, place and text. */
  unseal(place: Place, sealed: Uint8Array): Uint8Array
}
