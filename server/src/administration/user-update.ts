/**
 * Changes a user by merging. A role that is given is looked at like one that is held: nobody may make somebody mightier than
 * he is himself. Who is made inactive loses his sessions in the same unit. A change that changes nothing writes nothing.
 */
import { type Administrator, isStale, refusalFor } from '#administration/change.ts'
import type { AdministrationNeeds } from '#administration/needs.ts'
import { type Changed, changedUser, type UserChange } from '#administration/user-change.ts'
import { userEvents } from '#administration/user-events.ts'
import { renameUser } from '#administration/user-names.ts'
import { refusalOfPlace } from '#administration/user-place.ts'
import { allParts, loadUsers, type UserView, userOf } from '#administration/user-view.ts'
import { LostRace, STALE } from '#domain/deciding-unit.ts'
import type { UserId } from '#domain/ids.ts'
import { type Query, together, type Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import type { User } from '#domain/user.ts'

/** Which user, and which version of him the caller believes to change. */
export interface Target {
  readonly id: UserId
  readonly version?: number | undefined
}

export function* updateUser(
  needs: AdministrationNeeds,
  tenant: Tenant,
  target: Target,
  wanted: UserChange,
  by: Administrator,
): Unit<UserView | Refusal | typeof STALE> {
  const { users, proofs, recorder } = needs
  const { id } = target
  const [versions, rows, roleRows, attributeRows] = yield* together(
    proofs.tenantVersion(tenant.number),
    users.heldUser(tenant.number, id),
    users.rolesOf(tenant.number, [id]),
    users.attributesOf(tenant.number, [id]),
  )
  if (isStale(tenant, versions)) return STALE
  const [row] = rows
  if (!row) return new Refusal('not_found', 'There is no user with this id.')
  const held = roleRows.map(({ role }) => role)
  const added = (wanted.roles ?? held).filter(role => !held.includes(role))
  const removed = held.filter(role => wanted.roles !== undefined && !wanted.roles.includes(role))
  const refusal =
    (target.version !== undefined && target.version !== row.version ? new Refusal('version_mismatch') : undefined) ??
    // Who sends back what he read gives no roles; only a change needs the permission.
    (added.length + removed.length > 0 && !by.permissions.has('role.assign') ? new Refusal('forbidden') : undefined) ??
    refusalOfPlace(tenant, wanted.group ?? row.group, added) ??
    refusalFor(by, [...held, ...added])
  if (refusal) return refusal

  const before = userOf(row)
  const changed = changedUser(before, new Map(attributeRows.map(({ name, value }) => [name, value])), wanted)
  if (changed instanceof Refusal) return changed
  const taken = yield* renameUser(users, tenant.number, before, changed.user)
  if (taken) return taken
  if (!isSame(before, changed) || added.length + removed.length > 0) {
    yield* write(needs, tenant, row.version, changed, [
      ...added.map(role => users.addRole(tenant.number, id, role)),
      ...removed.map(role => users.removeRole(tenant.number, id, role)),
      ...userEvents.changed(recorder, tenant, before, changed, { added, removed }, by),
    ])
  }
  const [view] = yield* loadUsers(users, tenant.number, [id], allParts)
  return view ?? new Refusal('not_found')
}

function* write(
  { users, sessions, clock }: AdministrationNeeds,
  tenant: Tenant,
  version: number,
  { user, attributes }: Changed,
  more: readonly Query[],
): Unit<void> {
  const [written] = yield [
    users.replaceUser(tenant.number, user, version),
    ...[...attributes].map(([name, value]) =>
      value === null
        ? users.removeAttribute(tenant.number, user.id, name)
        : users.setAttribute(tenant.number, user.id, name, value),
    ),
    ...(user.active ? [] : [sessions.endSessionsOf(tenant.number, user.id, clock.now())]),
    users.noteClientChange(tenant.number, user.id),
    ...more,
  ]
  if (written?.[0] === undefined) throw new LostRace('the user was changed by somebody else meanwhile')
}

const isSame = (before: User, { user, attributes }: Changed) =>
  attributes.size === 0 && (Object.keys(before) as (keyof User)[]).every(key => before[key] === user[key])
