/** What changing and recovering passwords needs beside what every proof needs, and how it ends. `compose` hands it in. */
import type { MessageNeeds } from '#authentication/messages.ts'
import type { AuthenticationNeeds } from '#authentication/needs.ts'
import type { SprayWatch } from '#authentication/spray-watch.ts'
import type { UserId } from '#domain/ids.ts'
import type { PasswordRule } from '#domain/password-rule.ts'
import type { AuthenticatorQueries } from '#domain/ports/authenticator-queries.ts'
import type { CodeProofs } from '#domain/ports/code-proofs.ts'
import type { RecoveryQueries } from '#domain/ports/recovery-queries.ts'
import type { UserQueries } from '#domain/ports/user-queries.ts'

export interface RecoveryNeeds extends AuthenticationNeeds, Pick<MessageNeeds, 'messages' | 'outbox' | 'nudge'> {
  readonly users: UserQueries
  readonly authenticators: AuthenticatorQueries
  readonly recoveries: RecoveryQueries
  readonly codes: CodeProofs
  readonly watch: SprayWatch
}

/** A reason is for the audit, and tells the caller's own code whether a login is over; no door shows it. */
export type PasswordOutcome =
  | { readonly outcome: 'changed'; readonly user: UserId }
  | { readonly outcome: 'rejected'; readonly reason: string }
  /** The new password does not fit: names of rules, as in `constraints`. Nothing else of the request was wrong. */
  | { readonly outcome: 'broken'; readonly rules: readonly PasswordRule[] }
