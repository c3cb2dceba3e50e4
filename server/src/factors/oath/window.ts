/**
 * Which counters or time steps may be tried now, and which of them a code belongs to.
 *
 * A step below `next` was used or passed: a code that fits only there is a replay (RFC 6238 section 5.2, security.md O1).
 * The look-ahead of counters shrinks to 3 after two failures (O6), because each counter in it is a code that a guesser
 * may hit. A code that is refused always costs the whole window, whichever reason it is refused for (O4).
 */
import type { OathState } from '#factors/oath/settings.ts'

const FAILURES_BEFORE_SHRINKING = 2
const SHRUNK_LOOK_AHEAD = 3
/** Used counters that are tried to tell the audit a replay from a wrong code. */
const LOOK_BACK = 3

export type Found = { readonly at: number } | 'replayed' | 'wrong'

export type Fits = (counter: number) => boolean

export function lookAhead(window: number, failures: number): number {
  return failures >= FAILURES_BEFORE_SHRINKING ? Math.min(window, SHRUNK_LOOK_AHEAD) : window
}

export function findCounter(state: OathState, window: number, failures: number, fits: Fits): Found {
  const last = state.next + lookAhead(window, failures)
  for (let counter = state.next; counter <= last; counter++) {
    if (fits(counter)) return { at: counter }
  }
  let used = false
  for (let counter = Math.max(0, state.next - LOOK_BACK); counter < state.next; counter++) {
    if (fits(counter)) used = true
  }
  return used ? 'replayed' : 'wrong'
}

/** `expected` is the step of our clock corrected by the token's drift; the nearest step that fits is taken. */
export function findStep(state: OathState, window: number, expected: number, fits: Fits): Found {
  let used = false
  for (let distance = 0; distance <= window; distance++) {
    const steps = distance === 0 ? [expected] : [expected - distance, expected + distance]
    for (const step of steps) {
      if (step < 0 || !fits(step)) continue
      if (step >= state.next) return { at: step }
      used = true
    }
  }
  return used ? 'replayed' : 'wrong'
}

/**
 * The drift after a code of this step. It follows by one step at a time: a slow typist looks like a slow clock, and must
 * not push his own next prompt code out of the window. Never beyond what resynchronisation may set.
 */
export function driftAfter(state: OathState, expected: number, step: number, most: number): number {
  const followed = state.drift + Math.sign(step - expected)
  return Math.min(most, Math.max(-most, followed))
}
