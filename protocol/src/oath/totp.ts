/**
 * The time step of a moment: T of RFC 6238 section 4.2 with T0 = 0, and of timed OCRA suites (RFC 6287 section 6.3).
 * A time-based code is `hotp` at this step; there is no second arithmetic.
 */
export function timeStep(time_seconds: number, step_seconds: number): number {
  return Math.floor(time_seconds / step_seconds)
}
