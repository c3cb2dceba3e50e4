/**
 * Runs a unit that changes something. The unit compares the tenant's version in its first flush and answers STALE when the
 * configuration it was given is older; one that lost a compare-and-set throws LostRace, leaves nothing and runs again.
 * A refusal that the unit returns is thrown here: what it had written by then stays (an audit event, say).
 */
import type { AdministrationNeeds } from '#administration/needs.ts'
import type { Actor } from '#domain/event.ts'
import { mayChangeHolderOf, type Permission } from '#domain/permission.ts'
import type { Unit } from '#domain/ports/store.ts'
import { Fault, Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

export const STALE = Symbol('the tenant has changed since it was loaded')

/** Somebody else moved what this unit had read; nothing of it was written. */
export class LostRace extends Fault {}

/** Who asks for a change, and in which request. */
export interface Administrator {
  readonly actor: Actor
  readonly permissions: ReadonlySet<string>
  readonly correlation: string
}

const TRIES = 5

export async function change<T>(
  needs: Pick<AdministrationNeeds, 'store' | 'reload'>,
  tenant: Tenant,
  unit: (tenant: Tenant) => Unit<T | Refusal | typeof STALE>,
): Promise<T> {
  let current = tenant
  for (let tries = 1; ; tries++) {
    try {
      const answer = await needs.store.write(current.number, () => unit(current))
      if (answer instanceof Refusal) throw answer
      if (answer !== STALE) return answer
      current = await needs.reload(current)
    } catch (error) {
      if (!(error instanceof LostRace) || tries === TRIES) throw error
    }
    if (tries === TRIES) throw new Fault('the tenant changed faster than it could be loaded')
  }
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
