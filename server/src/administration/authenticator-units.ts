/**
 * The deciding units behind `authenticators.ts`. Each holds the owner's row first: it orders changes of one user's
 * authenticators, and his roles decide who may change them.
 */

import { changedDates, newDates, type Wanted } from '#administration/authenticator-dates.ts'
import { authenticatorEvent } from '#administration/authenticator-events.ts'
import { type AuthenticatorView, authenticatorOf, viewOf } from '#administration/authenticator-view.ts'
import { type Administrator, isStale, refusalFor } from '#administration/change.ts'
import { isSameLasting } from '#administration/lasting.ts'
import type { AdministrationNeeds } from '#administration/needs.ts'
import type { Authenticator } from '#domain/authenticator.ts'
import { LostRace, STALE } from '#domain/deciding-unit.ts'
import type { UserId } from '#domain/ids.ts'
import type { ReadyPassword } from '#domain/new-password.ts'
import type { Policy } from '#domain/policy.ts'
import type { AuthenticatorRow } from '#domain/ports/authenticator-queries.ts'
import { first, type Query, together, type Unit } from '#domain/ports/store.ts'
import type { UserRow } from '#domain/ports/user-queries.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

/** Which authenticator, and which version of it the caller believes to change. */
export interface Target {
  readonly user: UserId
  readonly policy: string
  readonly version?: number | undefined
}

export const noAuthenticator = () => new Refusal('not_found', 'The user has no authenticator of this policy.')
export const noOwner = () => new Refusal('invalid_value', 'There is no such user to own the authenticator.')

type Outcome<T> = Unit<T | Refusal | typeof STALE>

export interface NewAuthenticator {
  readonly user: UserId
  readonly policy: Policy
  readonly wanted: Wanted
  readonly password: ReadyPassword | undefined
  /** Written in the same unit: the registration for codes by mail or SMS. */
  readonly more?: (tenant: Tenant) => readonly Query[]
}

export function* createAuthenticator(
  needs: AdministrationNeeds,
  tenant: Tenant,
  { user, policy, wanted, password, more }: NewAuthenticator,
  by: Administrator,
): Outcome<AuthenticatorView> {
  const { users, authenticators, proofs, clock, recorder, count } = needs
  const [versions, owners, roles] = yield* together(
    proofs.tenantVersion(tenant.number),
    users.heldUser(tenant.number, user),
    users.rolesOf(tenant.number, [user]),
  )
  if (isStale(tenant, versions)) return STALE
  const [owner] = owners
  if (!owner) return noOwner()
  const forbidden = refusalFor(
    by,
    roles.map(({ role }) => role),
  )
  if (forbidden) return forbidden
  const now = clock.now()
  const dates = newDates(wanted, policy.validDaysAdd, now)
  if (dates instanceof Refusal) return dates
  const one: Authenticator = {
    user,
    policy: policy.code,
    status: wanted.status ?? 'ENABLED',
    ...dates,
    createdAt_ms: now,
    version: 1,
  }
  if (!(yield* first(authenticators.addAuthenticator(tenant.number, one)))) {
    return new Refusal('uniqueness', 'The user has an authenticator of this policy already.')
  }
  yield [
    authenticators.addState(tenant.number, user, policy.code),
    ...passwordQuery(needs, tenant, one, password, now),
    ...(more?.(tenant) ?? []),
    count(tenant.number, 'authenticator', 1),
    ...authenticatorEvent(recorder, tenant, 'addAuthenticator', aboutOf(one, owner, one), by),
  ]
  return yield* load(needs, tenant, one)
}

export interface AuthenticatorChange {
  readonly wanted: Wanted
  readonly password: ReadyPassword | undefined
}

export function* updateAuthenticator(
  needs: AdministrationNeeds,
  tenant: Tenant,
  target: Target,
  { wanted, password }: AuthenticatorChange,
  by: Administrator,
): Outcome<AuthenticatorView> {
  const { authenticators, clock, recorder } = needs
  const found = yield* hold(needs, tenant, target, by)
  if (found === STALE || found instanceof Refusal) return found
  const { owner, row } = found
  const now = clock.now()
  const before = authenticatorOf(row)
  const policy = tenant.configuration.findPolicy(target.policy)
  const renewedFor = password && (policy?.validDaysEdit ?? -1)
  const dates = changedDates(before, wanted, renewedFor, now)
  if (dates instanceof Refusal) return dates
  const after: Authenticator = { ...before, status: wanted.status ?? before.status, ...dates }
  if (password) {
    const [stored] = yield passwordQuery(needs, tenant, before, password, now)
    if (stored?.[0] === undefined) return new Refusal('version_mismatch', 'The password was changed meanwhile.')
    yield [
      // A new secret starts without the failures of the old one.
      authenticators.forgive(tenant.number, target.user, target.policy),
      authenticators.forgiveUser(tenant.number, target.user),
      // And where it is good for so many uses, with all of them: a temporary password can be given again.
      ...((policy?.defaultExpiryThreshold ?? -1) < 0
        ? []
        : [authenticators.startUses(tenant.number, target.user, target.policy)]),
      ...authenticatorEvent(recorder, tenant, 'changeUserPassword', aboutOf(before, owner), by),
    ]
  }
  if (password || !isSameLasting(before, after)) {
    const events = isSameLasting(before, after)
      ? []
      : authenticatorEvent(recorder, tenant, 'updateAuthenticatorStatus', aboutOf(before, owner, after), by)
    yield* replace(needs, tenant, after, row.version, events)
  }
  return yield* load(needs, tenant, before)
}

/** Lifts a block: no failure counts any more, for this authenticator and over all factors, and it is enabled. */
export function* resetAuthenticator(
  needs: AdministrationNeeds,
  tenant: Tenant,
  target: Target,
  by: Administrator,
): Outcome<AuthenticatorView> {
  const { authenticators, recorder } = needs
  const found = yield* hold(needs, tenant, target, by)
  if (found === STALE || found instanceof Refusal) return found
  const before = authenticatorOf(found.row)
  const after: Authenticator = { ...before, status: 'ENABLED' }
  yield* replace(needs, tenant, after, before.version, [
    authenticators.forgive(tenant.number, target.user, target.policy),
    authenticators.forgiveUser(tenant.number, target.user),
    ...authenticatorEvent(recorder, tenant, 'resetAuthenticator', aboutOf(before, found.owner, after), by),
  ])
  return yield* load(needs, tenant, before)
}

export function* removeAuthenticator(
  needs: AdministrationNeeds,
  tenant: Tenant,
  target: Target,
  by: Administrator,
): Outcome<true> {
  const { authenticators, recorder, count } = needs
  const found = yield* hold(needs, tenant, target, by)
  if (found === STALE || found instanceof Refusal) return found
  const { owner, row } = found
  const [removed] = yield [
    ...authenticators.removeAuthenticator(tenant.number, target.user, target.policy, row.version),
    count(tenant.number, 'authenticator', -1),
    ...authenticatorEvent(recorder, tenant, 'deleteAuthenticator', aboutOf(row, owner), by),
  ]
  if (removed?.[0] === undefined) throw changedMeanwhile()
  return true
}

interface Found {
  readonly owner: UserRow
  readonly row: AuthenticatorRow
}

export function* hold(
  { users, authenticators, proofs }: AdministrationNeeds,
  tenant: Tenant,
  { user, policy, version }: Target,
  by: Administrator,
): Outcome<Found> {
  const [versions, owners, roles] = yield* together(
    proofs.tenantVersion(tenant.number),
    users.heldUser(tenant.number, user),
    users.rolesOf(tenant.number, [user]),
  )
  if (isStale(tenant, versions)) return STALE
  const row = yield* first(authenticators.authenticator(tenant.number, user, policy))
  const [owner] = owners
  if (!owner || !row) return noAuthenticator()
  if (version !== undefined && version !== row.version) return new Refusal('version_mismatch')
  return (
    refusalFor(
      by,
      roles.map(({ role }) => role),
    ) ?? { owner, row }
  )
}

function* replace(
  { authenticators }: AdministrationNeeds,
  tenant: Tenant,
  after: Authenticator,
  version: number,
  more: readonly Query[],
): Unit<void> {
  const [written] = yield [authenticators.replaceAuthenticator(tenant.number, after, version), ...more]
  if (written?.[0] === undefined) throw changedMeanwhile()
}

function* load(
  { authenticators, clock }: AdministrationNeeds,
  tenant: Tenant,
  { user, policy }: Pick<Authenticator, 'user' | 'policy'>,
): Unit<AuthenticatorView | Refusal> {
  const row = yield* first(authenticators.authenticator(tenant.number, user, policy))
  return row === undefined ? noAuthenticator() : viewOf(row, tenant.configuration, clock.now())
}

function passwordQuery(
  { authenticators }: AdministrationNeeds,
  tenant: Tenant,
  { user, policy }: Authenticator,
  password: ReadyPassword | undefined,
  changedAt_ms: number,
): readonly Query[] {
  if (!password) return []
  return [
    authenticators.setPassword(
      tenant.number,
      user,
      policy,
      { ...password, changedAt_ms, expiredChanges: 0 },
      password.version,
    ),
  ]
}

export const aboutOf = (
  { user, policy }: { readonly user: UserId; readonly policy: string },
  owner: UserRow,
  after?: Authenticator,
) => ({ user, policy, userName: owner.userName, ...(after === undefined ? {} : { after }) })

const changedMeanwhile = () => new LostRace('the authenticator was changed by somebody else meanwhile')
