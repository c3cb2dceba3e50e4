/**
 * An authentication policy (`AT_*`): a named rule for proving a user, and how long that proof holds.
 * On the wire it is the AuthenticatorPolicy resource of the configuration API, where every number is a string.
 * The surprise: an `oath` policy holds no secret itself; its secrets are the credentials of the user's devices.
 */
import type { MessageMethod } from '#domain/parcel.ts'
import type { PasswordRules } from '#domain/password-rule.ts'

export interface Policy {
  readonly code: string
  readonly name: string
  readonly notes?: string
  /** A stock document: it can be copied, never changed. */
  readonly readOnly: boolean
  /** Counts the changes of a document of the tenant's own; a stock document has none. */
  readonly version?: number
  /**
   * The engine behind it. `transport` and `invite` belong to the approve app and authenticate nobody to an application; `assertion`
   * is the signed assertion of a client, which holds no authenticator; behind `pki` there is no engine here, and it proves nobody;
   * `fido` is a passkey, which no guessing finds: failures are counted and lock nobody out; `card` is a contactless card.
   */
  readonly factor: 'password' | 'oath' | 'push' | 'oob' | 'transport' | 'invite' | 'assertion' | 'pki' | 'fido' | 'card'
  /** With `push`: what a user approves under it, and so by which of his keys. With `oob`: what its codes confirm. */
  readonly purpose?: 'logon' | 'action'
  /** With `oob`: the ways by which codes go out, the usual one first. */
  readonly methods?: readonly MessageMethod[]
  /** 1 (low) to 4 (high). */
  readonly level: number
  /** `urn:hidaaas:policy:at_stdpwd`. */
  readonly levelOfAssurance: string
  /** Consecutive failures that disable; -1 never. */
  readonly disableThreshold: number
  /** The first block lifts itself after this time; 0: somebody must lift it. */
  readonly disabledTimeReset_seconds: number
  /** Challenges without a valid answer before no more are given; -1 no limit. */
  readonly challengeDisableThreshold: number
  /** Life of a challenge; -1 no limit. */
  readonly challengeTimeout_seconds: number
  /** Successful uses an authenticator is good for; -1 no limit. */
  readonly defaultExpiryThreshold: number
  /** Days of validity after creation; -1 never expires. */
  readonly validDaysAdd: number
  /** Days of validity after a change; -1 never expires. */
  readonly validDaysEdit: number
  /** How often an expired secret may still be changed by its owner; 0 not at all. */
  readonly allowExpiredReset: number
  /** A session unused for this long ends. */
  readonly sessionIdle_ms: number
  /** A session ends after this time, however busy. */
  readonly sessionValid_ms: number
  /** Codes of the channels on which it may be used. */
  readonly validChannels: readonly string[]
  /** Codes of mail and SMS gateways in the order in which they are tried; absent: all, by their own priority. */
  readonly deliveryGateways?: readonly string[]
  /** Rules for the secret; present exactly when the factor is `password`. */
  readonly password?: PasswordRules
}
