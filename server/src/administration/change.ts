/**
 * Runs a unit that changes something for an administrator (see `domain/deciding-unit.ts`). A refusal that the unit returns
 * is thrown here: what it had written by then stays (an audit event, say).
 */
import { type DecidingNeeds, decide, type STALE } from '#domain/deciding-unit.ts'
import type { Actor } from '#domain/event.ts'
import { mayChangeHolderOf, type Permission } from '#domain/permission.ts'
import type { Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

/** Who asks for a change, and in which request. */
export interface Administrator {
  readonly actor: Actor
  readonly permissions: ReadonlySet<string>
  readonly correlation: string
}

export async function change<T>(
  needs: DecidingNeeds,
  tenant: Tenant,
  unit: (tenant: Tenant) => Unit<T | Refusal | typeof STALE>,
): Promise<T> {
  const answer = await decide<T | Refusal>(needs, tenant, unit)
  if (answer instanceof Refusal) throw answer
  return answer
}

/** Whether the rows of `tenantVersion` say that this tenant was loaded before its last change, or is gone. */
export function isStale(tenant: Tenant, versions: readonly { readonly version: number }[]): boolean {
  return versions[0] === undefined || versions[0].version > tenant.version
}

/** A help desk may not take over an administrator by way of his password or token. */
export function refusalFor(by: Administrator, rolesOfTarget: readonly string[]): Refusal | undefined {
  if (mayChangeHolderOf(by.permissions, rolesOfTarget)) return undefined
  return new Refusal('forbidden', 'The caller may not change a user who may do more than he.')
}

/** For what a part of a request needs beyond the permission of its endpoint. */
export function assertMay(by: Administrator, permission: Permission): void {
  if (!by.permissions.has(permission)) throw new Refusal('forbidden')
}
