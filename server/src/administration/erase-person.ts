/**
 * Takes the personal values out of what the audit keeps of a user, also of one who is gone. The events and their leaves in
 * the tree stay, so that the audit still proves what happened, though no longer to whom by name. That it was done is an
 * event of its own, without personal values.
 */
import { type Administrator, change, isStale } from '#administration/change.ts'
import type { AdministrationNeeds } from '#administration/needs.ts'
import { STALE } from '#domain/deciding-unit.ts'
import type { TenantNumber, UserId } from '#domain/ids.ts'
import { first, type Query, type Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

interface Needs extends AdministrationNeeds {
  erasePersonal(tenant: TenantNumber, user: UserId): Query
}

export async function erasePerson(needs: Needs, tenant: Tenant, user: UserId, by: Administrator): Promise<void> {
  await change<true>(needs, tenant, function* (current): Unit<true | Refusal | typeof STALE> {
    const { users, proofs, recorder, erasePersonal } = needs
    const version = yield* first(proofs.tenantVersion(current.number))
    if (isStale(current, version ? [version] : [])) return STALE
    // Names of somebody who is still here would be written again with the next event.
    const [present] = yield [users.users(current.number, [user])]
    if (present?.[0] !== undefined) return new Refusal('action_not_possible', 'Delete the user first.')
    const event = recorder.record(current.number, {
      action: 'erasePerson',
      result: 'SUCCESS',
      actor: by.actor,
      user,
      parameters: { COI: by.correlation },
    })
    yield [erasePersonal(current.number, user), ...event.queries]
    return true
  })
}
