/** The only source of time. Tests and the demo can move it; it never goes below a floor that the store keeps. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z, a whole number. */
  now(): number
}
