/**
 * What the audit keeps of a happening. `parameters` are codes and ids and stay for ever; `personal` values are kept in a
 * row of their own that can be erased with the person, while the event's leaf in the tree stays.
 * Parameter names are the reference's codes: ATC policy, CHC channel, DID device, DSN serial, DTC device type,
 * CID credential, ROC role, GRC group, COI correlation id, USN user name, TEXT1 … TEXT10.
 */
import type { UserId } from '#domain/ids.ts'

export type Actor =
  | { readonly kind: 'client'; readonly id: string }
  | { readonly kind: 'user'; readonly id: UserId }
  | { readonly kind: 'operator' | 'system' | 'anonymous' }

export interface AuditEvent {
  /** The API's method name: primaryAuthenticateUP, addDevice, assignDeviceToUser … */
  readonly action: string
  readonly result: 'SUCCESS' | 'FAILURE'
  readonly severity?: 'Info' | 'Alert'
  /** Private cause of a failure, a code of ours: `replayed`, `locked` … */
  readonly reason?: string
  readonly actor: Actor
  /** Whom it concerns. */
  readonly user?: UserId
  readonly parameters?: Readonly<Record<string, string | number>>
  readonly personal?: Readonly<Record<string, string>>
}
