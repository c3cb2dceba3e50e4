/**
 * A proof as every door hands it in, and the verdict that comes back. A rejected verdict is an ordinary answer; its
 * reason is for the audit, never for the caller.
 */
import type { Actor } from '#domain/event.ts'
import type { DeviceId, UserId } from '#domain/ids.ts'
import type { Policy } from '#domain/policy.ts'
import type { Query } from '#domain/ports/store.ts'

export type Mode = 'SYNCHRONOUS' | 'ASYNCHRONOUS' | 'SIGNING'

/** One value of a transaction. `forAudit` false keeps the value out of the audit, not the event. */
export interface SignedValue {
  readonly name: string
  readonly value: string
  readonly forAudit: boolean
}

/**
 * What goes on in the same units as a proof: the login of which it is a step. `reserve` stands beside the reservation of the
 * attempt: it answers a row, or nothing is verified (`login_over`). What `settle` makes stands beside the settlement; each
 * answers a row, or the unit runs again.
 */
export interface Alongside {
  readonly reserve: Query<{ readonly tries: number }>
  settle(accepted: Accepted | undefined, tries: number): readonly Query<object>[]
}

export interface Accepted {
  readonly user: UserId
  readonly amr: readonly string[]
  readonly device: DeviceId | undefined
  /** Of a card: the policy of its application, whichever the factor names. */
  readonly policy?: string
  readonly identifiesOnly?: true
}

export interface Proof {
  readonly name: string
  readonly secret: string
  readonly policy: Policy
  readonly mode: Mode
  readonly device: DeviceId | undefined
  readonly channel: string
  readonly values: readonly SignedValue[]
  /** With a code for a transaction: of which delivery it is (`txID`, `correlationId`). */
  readonly transaction?: { readonly id: string; readonly correlation?: string }
  readonly scope: string
  /** Whether a success opens a session and makes a token. */
  readonly session: boolean
  readonly client: string
  readonly actor: Actor
  readonly correlation: string
  readonly alongside?: Alongside
}

export interface Grant {
  readonly token: string
  readonly expires_in_seconds: number
}

/** The one reason a door may tell: it is given only to somebody who knew the password, and who may change it. */
export const PASSWORD_EXPIRED = 'password_expired'

export type Verdict =
  | {
      readonly outcome: 'accepted'
      readonly user: UserId
      readonly levelOfAssurance: string
      readonly grant: Grant | undefined
      /** When the authenticator expires; null: never. Left out where no authenticator was asked. */
      readonly expiresAt_ms?: number | null
    }
  | { readonly outcome: 'rejected'; readonly reason: string }
