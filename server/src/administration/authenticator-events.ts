/**
 * What the audit keeps of changes to authenticators: policy and owner, the status they were given, never a secret. The owner's
 * name stands among the personal values.
 */
import type { Administrator } from '#administration/change.ts'
import type { Authenticator } from '#domain/authenticator.ts'
import type { UserId } from '#domain/ids.ts'
import type { Recorder } from '#domain/ports/recorder.ts'
import type { Query } from '#domain/ports/store.ts'
import type { Tenant } from '#domain/tenant.ts'

export type AuthenticatorAction =
  | 'addAuthenticator'
  | 'updateAuthenticatorStatus'
  | 'changeUserPassword'
  | 'resetAuthenticator'
  | 'deleteAuthenticator'
  | 'registerOOB'
  | 'unregisterOOB'

interface About {
  readonly user: UserId
  readonly userName: string
  readonly policy: string
  /** As it stands after the change. */
  readonly after?: Pick<Authenticator, 'status' | 'startAt_ms' | 'expiryAt_ms'>
}

export function authenticatorEvent(
  recorder: Recorder,
  tenant: Tenant,
  action: AuthenticatorAction,
  { user, userName, policy, after }: About,
  by: Administrator,
): readonly Query[] {
  return recorder.record(tenant.number, {
    action,
    result: 'SUCCESS',
    actor: by.actor,
    user,
    parameters: {
      ATC: policy,
      COI: by.correlation,
      ...(after === undefined ? {} : { TEXT1: after.status, DSD: after.startAt_ms, EXD: after.expiryAt_ms ?? 'never' }),
    },
    personal: { USN: userName },
  }).queries
}
