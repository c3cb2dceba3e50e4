/**
 * Removes a user with his authenticators, attempts, attributes, roles and names; if he stands for a client, the client too.
 * His sessions end, his passkeys go with him, his other devices become nobody's. What the audit says of him stays (`erase-person.ts` takes the personal part).
 */
import { type Administrator, isStale, refusalFor } from '#administration/change.ts'
import type { AdministrationNeeds } from '#administration/needs.ts'
import { userEvents } from '#administration/user-events.ts'
import { namesOf } from '#administration/user-names.ts'
import type { Target } from '#administration/user-update.ts'
import { userOf } from '#administration/user-view.ts'
import { LostRace, STALE } from '#domain/deciding-unit.ts'
import { together, type Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

export function* removeUser(
  { users, authenticators, passkeyRows, proofs, recorder, count }: AdministrationNeeds,
  tenant: Tenant,
  { id, version }: Target,
  by: Administrator,
): Unit<true | Refusal | typeof STALE> {
  const [versions, rows, roleRows] = yield* together(
    proofs.tenantVersion(tenant.number),
    users.heldUser(tenant.number, id),
    users.rolesOf(tenant.number, [id]),
  )
  if (isStale(tenant, versions)) return STALE
  const [row] = rows
  if (!row) return new Refusal('not_found', 'There is no user with this id.')
  if (version !== undefined && version !== row.version) return new Refusal('version_mismatch')
  const refusal = refusalFor(
    by,
    roleRows.map(({ role }) => role),
  )
  if (refusal) return refusal

  // A passkey is worth nothing to anybody else; tokens and phones stay, and are nobody's.
  const [devices = [], keys = []] = yield passkeyRows.removePasskeysOf(tenant.number, id)
  const [enrolments = []] = yield [
    ...authenticators.removeAuthenticatorsOf(tenant.number, id),
    users.noteClientChange(tenant.number, id),
    ...namesOf(row).map(name => users.releaseName(tenant.number, name, id)),
    count(tenant.number, 'user', -1),
  ]
  const [removed] = yield [
    ...users.removeUser(tenant.number, id, row.version),
    ...(enrolments.length === 0 ? [] : [count(tenant.number, 'authenticator', -enrolments.length)]),
    ...(devices.length === 0 ? [] : [count(tenant.number, 'device', -devices.length)]),
    ...(keys.length === 0 ? [] : [count(tenant.number, 'credential', -keys.length)]),
    ...userEvents.removed(recorder, tenant, userOf(row), by),
  ]
  if (removed?.[0] === undefined) throw new LostRace('the user was changed by somebody else meanwhile')
  return true
}
