/** What commands may do with the store, as `compose` gives it: to the server for its socket, or to a command alone. */
import type { ClientRegistry } from '#administration/clients.ts'
import type { TenantDirectory } from '#administration/tenant-directory.ts'
import type { Tenants } from '#administration/tenants.ts'
import type { Tenant } from '#domain/tenant.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Arguments } from '#cli/command.ts'

export interface Office {
  readonly tenants: Tenants
  readonly directory: TenantDirectory
  readonly clients: ClientRegistry
}

/** The tenant that --tenant names. */
export async function tenantOf({ flags }: Arguments, { directory }: Pick<Office, 'directory'>): Promise<Tenant> {
  const name = typeof flags.tenant === 'string' ? flags.tenant : ''
  const tenant = await directory.find(name)
  if (!tenant) throw new Refusal('not_found', `There is no tenant "${name}". See: countersign tenant list`)
  return tenant
}

export const TENANT_FLAG = { name: 'tenant', value: 'NAME', sentence: 'The tenant.', needed: true } as const
