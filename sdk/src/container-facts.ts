/** What a container shows of its entry in the vault. */
import type { Container } from './container.ts'
import { renewalDue } from './key-renewal.ts'
import type { Entry, Vault } from './vault/vault.ts'

type Doing =
  | 'refresh'
  | 'inbox'
  | 'retrieve'
  | 'answer'
  | 'scan'
  | 'request'
  | 'otp'
  | 'challenge'
  | 'sign'
  | 'rename'
  | 'setWake'
  | 'renew'
  | 'changePassword'
  | 'remove'
  | 'events'

export type ContainerFacts = { -readonly [Name in Exclude<keyof Container, Doing>]: Container[Name] }

export function factsOf(entry: Entry, keyProtection: Vault['keyProtection'], now_ms: number): ContainerFacts {
  const { id, kind, name, serviceName, user, created_at, history, registration: held } = entry
  return {
    id,
    kind,
    name,
    serviceName,
    user,
    createdAt: created_at,
    history,
    keyProtection,
    colour: held?.policy.service.colour,
    tenant: held?.tenant ?? '',
    service: held?.service ?? '',
    device: held?.device ?? '',
    root: held?.root ?? '',
    policy: held?.policy,
    passwordProtected: held?.keys.lock !== undefined,
    lockedUntil_ms: held?.keys.lock?.locked_until_ms || undefined,
    status: held?.status ?? 'active',
    confirmationCode: held?.status === 'pending' ? held.confirmation : undefined,
    renewalDue: held && renewalDue(held, now_ms),
    codes: entry.codes.list.map(({ use }) => use),
  }
}
