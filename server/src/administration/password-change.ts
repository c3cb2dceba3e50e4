/**
 * A new password that somebody else sets for a user, see `domain/new-password.ts`. All of it outside of a unit, because the hashes are
 * slow; the unit that stores it compares the version that was read here.
 */
import { type Administrator, refusalFor } from '#administration/change.ts'
import type { AdministrationNeeds } from '#administration/needs.ts'
import { loadUsers, type UserPart, type UserView } from '#administration/user-view.ts'
import type { UserId } from '#domain/ids.ts'
import { judgeNewPassword, type ReadyPassword, wordsOf } from '#domain/new-password.ts'
import type { PasswordRule } from '#domain/password-rule.ts'
import type { Policy } from '#domain/policy.ts'
import type { PasswordRow } from '#domain/ports/authenticator-queries.ts'
import { first, type Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

const PARTS: ReadonlySet<UserPart> = new Set(['attributes', 'roles'])

interface Wanted {
  readonly user: UserId
  readonly policy: Policy
  readonly password: string
}

/** `absent` is refused with when there is no such user. */
export async function readyPassword(
  needs: AdministrationNeeds,
  tenant: Tenant,
  { user, policy, password }: Wanted,
  by: Administrator,
  absent: Refusal,
): Promise<ReadyPassword> {
  const rules = policy.password
  if (rules === undefined) throw new Refusal('invalid_value', `${policy.code} holds no password.`)
  const place = needs.hasher.admit()
  try {
    const [view, kept] = await needs.store.read(tenant.number, () => facts(needs, tenant, user, policy.code))
    if (view === undefined) throw absent
    const forbidden = refusalFor(by, view.roles)
    if (forbidden) throw forbidden
    const words = wordsOf(view, view.attributes.values())
    const judged = await judgeNewPassword(place, { rules, kept, words }, password)
    if ('broken' in judged) throw notAllowed(judged.broken)
    return judged
  } finally {
    place.leave()
  }
}

function* facts(
  { users, authenticators }: AdministrationNeeds,
  tenant: Tenant,
  user: UserId,
  policy: string,
): Unit<readonly [UserView | undefined, PasswordRow | undefined]> {
  const [view] = yield* loadUsers(users, tenant.number, [user], PARTS)
  return [view, yield* first(authenticators.password(tenant.number, user, policy))]
}

const notAllowed = (rules: readonly PasswordRule[]) =>
  new Refusal('password_not_allowed', `The password does not fit the rules of its policy: ${rules.join(', ')}.`)
