/**
 * A new password that somebody else sets for a user: judged by the rules of its policy, compared with former ones, hashed. All of it
 * outside of a unit, because the hashes are slow; the unit that stores it compares the version that was read here.
 * Only names of rules come back to the caller, never the password or what it was compared with.
 */
import { type Administrator, refusalFor } from '#administration/change.ts'
import type { AdministrationNeeds } from '#administration/needs.ts'
import { loadUsers, type UserPart, type UserView } from '#administration/user-view.ts'
import type { UserId } from '#domain/ids.ts'
import { brokenRules, type PasswordRule, type PasswordRules } from '#domain/password-rule.ts'
import type { Policy } from '#domain/policy.ts'
import type { PasswordRow } from '#domain/ports/authenticator-queries.ts'
import type { HashPlace } from '#domain/ports/hasher.ts'
import { first, type Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import { comparedHashes, historyAfter } from '#factors/password/history.ts'

export interface ReadyPassword {
  readonly hash: string
  readonly history: readonly string[]
  /** Of the password it was compared with; 0 when there was none. */
  readonly version: number
}

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
    const text = password.normalize('NFC')
    const history = kept === undefined ? [] : (JSON.parse(kept.history) as readonly string[])
    const broken: readonly PasswordRule[] = brokenRules(text, rules, { userAttributes: wordsOf(view) })
    if (broken.length > 0) throw notAllowed(broken)
    if (await isFormer(place, rules, kept?.hash, history, text)) throw notAllowed(['notOldPassword'])
    return {
      hash: await place.hash(text),
      history: historyAfter(rules, kept?.hash, history),
      version: kept?.version ?? 0,
    }
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

async function isFormer(
  place: HashPlace,
  rules: PasswordRules,
  inForce: string | undefined,
  history: readonly string[],
  text: string,
): Promise<boolean> {
  for (const hash of comparedHashes(rules, inForce, history)) if (await place.verify(hash, text)) return true
  return false
}

function wordsOf({ externalId, userName, familyName, givenName, title, attributes }: UserView): readonly string[] {
  const words = [externalId, userName, familyName, givenName, title, ...attributes.values()]
  return words.filter(word => word !== null && word !== '') as readonly string[]
}

const notAllowed = (rules: readonly PasswordRule[]) =>
  new Refusal('password_not_allowed', `The password does not fit the rules of its policy: ${rules.join(', ')}.`)
