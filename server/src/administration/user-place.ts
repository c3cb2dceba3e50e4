/** Whether the group and the roles that somebody wants to give a user are there. */
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

export function refusalOfPlace(tenant: Tenant, group: string, roles: readonly string[]): Refusal | undefined {
  if (!tenant.configuration.findGroup(group)) return new Refusal('invalid_value', 'There is no group with this code.')
  return roles.every(role => tenant.configuration.findRole(role)) ? undefined : new Refusal('unknown_role')
}
