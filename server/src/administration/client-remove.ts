/** Removes a client with the user that stands for it: its sessions end, and so do those of users who came through it. RFC 7592 section 2.3. */
import type { Administrator } from '#administration/change.ts'
import type { ClientsNeeds } from '#administration/client-needs.ts'
import { removeUser } from '#administration/user-remove.ts'
import type { STALE } from '#domain/deciding-unit.ts'
import { first, type Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

export function* removeClient(
  needs: ClientsNeeds,
  tenant: Tenant,
  clientId: string,
  by: Administrator,
): Unit<true | Refusal | typeof STALE> {
  const row = yield* first(needs.clients.registration(tenant.number, clientId))
  if (!row) return new Refusal('not_found', 'There is no client with this id.')
  const removed = yield* removeUser(needs, tenant, { id: row.user, version: undefined }, by)
  if (removed !== true) return removed
  yield needs.recorder.record(tenant.number, {
    action: 'deleteClient',
    result: 'SUCCESS',
    actor: by.actor,
    user: row.user,
    parameters: { COI: by.correlation, TEXT1: clientId },
  }).queries
  return true
}
