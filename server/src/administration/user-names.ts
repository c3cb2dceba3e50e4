/**
 * The names a user signs in with: his user name and his external id, in their compared form. A name belongs to one user,
 * whichever of the two it is to him. Who loses a race for one runs again and then sees who was first.
 */
import { LostRace } from '#domain/deciding-unit.ts'
import type { TenantNumber, UserId } from '#domain/ids.ts'
import type { Unit } from '#domain/ports/store.ts'
import type { UserQueries } from '#domain/ports/user-queries.ts'
import { Refusal } from '#domain/refusal.ts'
import { nameKey, type User } from '#domain/user.ts'

/** Each once. */
export const namesOf = ({ externalId, userName }: Pick<User, 'externalId' | 'userName'>): readonly string[] => [
  ...new Set([nameKey(externalId), nameKey(userName)]),
]

export const nameTaken = () => new Refusal('uniqueness', 'A user with this name exists already.')

export function* claimNames(
  users: UserQueries,
  tenant: TenantNumber,
  names: readonly string[],
  user: UserId,
): Unit<void> {
  if (names.length === 0) return
  const claims = yield names.map(name => users.claimName(tenant, name, user))
  if (claims.some(rows => rows.length === 0)) throw new LostRace('somebody else took a name meanwhile')
}

export function* renameUser(
  users: UserQueries,
  tenant: TenantNumber,
  before: User,
  after: User,
): Unit<Refusal | undefined> {
  const old = namesOf(before)
  const wanted = namesOf(after)
  const added = wanted.filter(name => !old.includes(name))
  const dropped = old.filter(name => !wanted.includes(name))
  if (added.length > 0) {
    const owners = yield added.map(name => users.userNamed(tenant, name))
    if (owners.some(rows => rows.length > 0)) return nameTaken()
    yield* claimNames(users, tenant, added, after.id)
  }
  if (dropped.length > 0) yield dropped.map(name => users.releaseName(tenant, name, after.id))
  return undefined
}
