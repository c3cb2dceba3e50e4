/**
 * Whose a device is and whose it becomes. Both owners' rows are held before the device's, so that two assignments to one user
 * meet, and neither may be somebody who may do more than the caller: a token of his could otherwise be taken or given.
 */
import { type Administrator, refusalFor } from '#administration/change.ts'
import type { DeviceNeeds } from '#administration/device-needs.ts'
import { LostRace } from '#domain/deciding-unit.ts'
import type { UserId } from '#domain/ids.ts'
import { first, type Unit } from '#domain/ports/store.ts'
import type { UserRoleRow, UserRow } from '#domain/ports/user-queries.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

export type OwnerChange =
  | { readonly by: 'id'; readonly id: UserId }
  /** External id or user name, in any case of letters. */
  | { readonly by: 'name'; readonly name: string }
  | { readonly by: 'none' }

/** Null: nobody's. Whether a user given by id is there is found when his row is held. */
export function* findOwner(
  { users }: Pick<DeviceNeeds, 'users'>,
  tenant: Tenant,
  wanted: OwnerChange,
): Unit<UserId | null | Refusal> {
  if (wanted.by === 'none') return null
  if (wanted.by === 'id') return wanted.id
  return (yield* first(users.userNamed(tenant.number, wanted.name)))?.user ?? noOwner()
}

const noOwner = () => new Refusal('invalid_value', 'There is no such user to own the device.')

/** `before` is the owner that was read without holding anything, `after` the one that is wanted. */
export function* holdOwners(
  { users }: Pick<DeviceNeeds, 'users'>,
  tenant: Tenant,
  before: UserId | null,
  after: UserId | null,
  by: Administrator,
): Unit<Refusal | undefined> {
  // In one order for everybody, or two exchanges of two tokens would wait for each other.
  const ids = [...new Set([before, after])].filter(id => id !== null).sort((one, other) => one - other)
  if (ids.length === 0) return undefined
  const answers = yield [...ids.map(id => users.heldUser(tenant.number, id)), users.rolesOf(tenant.number, ids)]
  const held = (answers.slice(0, ids.length).flat() as readonly UserRow[]).map(({ id }) => id)
  const roles = answers[ids.length] as readonly UserRoleRow[]
  if (after !== null && !held.includes(after) && after !== before) return noOwner()
  if (held.length < ids.length) throw new LostRace('an owner was removed by somebody else meanwhile')
  for (const id of ids) {
    const own = roles.filter(({ user }) => user === id).map(({ role }) => role)
    const refusal = refusalFor(by, own)
    if (refusal) return refusal
  }
  return undefined
}
