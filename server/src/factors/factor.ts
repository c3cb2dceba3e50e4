/**
 * What a factor is: a kind, the shapes of its settings, state and proof, and one pure rule that decides.
 *
 * Pure and synchronous: no clock, no storage, no cryptography of its own. The caller unseals the secret, brings the time
 * and the HMAC, and saves the state of an accepted proof by compare-and-set; a rejected one changes nothing but the
 * attempt that was taken before the factor was asked.
 */
import type { Hmac } from '@countersign/protocol/oath/hmac.ts'
import type { Static, TSchema } from 'typebox'

export interface Situation<Settings = unknown, State = unknown> {
  readonly settings: Settings
  readonly state: State
  readonly secret: Uint8Array
  readonly now_seconds: number
  /** Failures in a row before this attempt, the attempt itself left out. */
  readonly failures: number
  readonly hmac: Hmac
}

/** For the audit only: outside, all of these are one and the same answer. */
export type Rejection = 'wrong' | 'malformed' | 'replayed' | 'expired' | 'mode' | 'no_challenge'

export interface Rejected {
  readonly outcome: 'rejected'
  readonly reason: Rejection
}

export interface Accepted<State = unknown> {
  readonly outcome: 'accepted'
  /** Replaces the credential's state, also where it is equal to the old one. */
  readonly state: State
  /** Authentication methods by the names of RFC 8176. */
  readonly amr: readonly string[]
  /** A text that must never be accepted again for this credential; kept where the state cannot tell. */
  readonly once?: string
}

export type Outcome<State = unknown> = Accepted<State> | Rejected

export interface Factor<Settings extends TSchema, State extends TSchema, Proof extends TSchema> {
  readonly kind: string
  readonly settings: Settings
  readonly state: State
  readonly proof: Proof
  verify(situation: Situation<Static<Settings>, Static<State>>, proof: Static<Proof>): Outcome<Static<State>>
}

export const rejected = (reason: Rejection): Rejected => ({ outcome: 'rejected', reason })

/** Checks a factor's types and hands it back as it is. */
export function defineFactor<Settings extends TSchema, State extends TSchema, Proof extends TSchema>(
  factor: Factor<Settings, State, Proof>,
): Factor<Settings, State, Proof> {
  return factor
}
