/**
 * Makes a user. One name is enough, it then stands for both; a group is always one, UG_ROOT unless told otherwise.
 */
import { type Administrator, isStale, refusalFor } from '#administration/change.ts'
import type { AdministrationNeeds } from '#administration/needs.ts'
import { type Changed, changedUser, type UserChange } from '#administration/user-change.ts'
import { userEvents } from '#administration/user-events.ts'
import { claimNames, namesOf, nameTaken } from '#administration/user-names.ts'
import { refusalOfPlace } from '#administration/user-place.ts'
import type { UserView } from '#administration/user-view.ts'
import { STALE } from '#domain/deciding-unit.ts'
import type { UserId } from '#domain/ids.ts'
import { together, type Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import type { User } from '#domain/user.ts'

const DEFAULT_GROUP = 'UG_ROOT'
const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map()

/** Pure: the new user, or why there cannot be one. */
export function newUser(id: UserId, wanted: UserChange, now_ms: number): Changed | Refusal {
  const externalIds = (wanted.values.get('EXTERNALID') ?? []).filter(value => value !== null)
  const name = wanted.userName ?? externalIds[0]
  if (name === undefined) return new Refusal('invalid_value', 'A user needs a userName or an externalId.')
  const blank: User = {
    id,
    // Left open where one was given, so that two different ones are noticed.
    externalId: externalIds.length > 0 ? '' : name,
    userName: name,
    group: DEFAULT_GROUP,
    active: true,
    familyName: null,
    givenName: null,
    title: null,
    createdAt_ms: now_ms,
    version: 1,
  }
  return changedUser(blank, NO_ATTRIBUTES, wanted)
}

export function* createUser(
  needs: AdministrationNeeds,
  tenant: Tenant,
  { user, attributes }: Changed,
  roles: readonly string[],
  by: Administrator,
): Unit<UserView | Refusal | typeof STALE> {
  const { users, proofs, recorder, count } = needs
  const names = namesOf(user)
  const [versions, ...owners] = yield* together(
    proofs.tenantVersion(tenant.number),
    ...names.map(name => users.userNamed(tenant.number, name)),
  )
  if (isStale(tenant, versions)) return STALE
  const refusal = refusalOfPlace(tenant, user.group, roles) ?? refusalFor(by, roles)
  if (refusal) return refusal
  if (owners.some(rows => rows.length > 0)) return nameTaken()
  yield* claimNames(users, tenant.number, names, user.id)
  const values = [...attributes].flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]))
  yield [
    ...users.addUser(tenant.number, user),
    ...values.map(([name, value]) => users.setAttribute(tenant.number, user.id, name, value)),
    ...roles.map(role => users.addRole(tenant.number, user.id, role)),
    count(tenant.number, 'user', 1),
    ...userEvents.added(recorder, tenant, user, roles, by),
  ]
  return { ...user, attributes: new Map(values), roles, authenticators: [], devices: [] }
}
