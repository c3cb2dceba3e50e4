/** The directory of tenants. Their numbers are never used again, not even after a tenant was erased. */
import type { OverrideRow, TenantQueries, TenantRow } from '#domain/ports/tenant-queries.ts'
import { sql } from '#storage/sql.ts'

export const tenantQueries: TenantQueries = {
  tenantByName: name => sql<TenantRow>`
    select tenant_number as "number", name as "name", status as "status", version as "version", created_at as "createdAt"
    from tenant where name = ${name}`,

  tenantOf: tenant => sql<TenantRow>`
    select tenant_number as "number", name as "name", status as "status", version as "version", created_at as "createdAt"
    from tenant where tenant_number = ${tenant}`,

  tenantsAfter: (after, count) => sql<TenantRow>`
    select tenant_number as "number", name as "name", status as "status", version as "version", created_at as "createdAt"
    from tenant where tenant_number > ${after} order by tenant_number limit ${count}`,

  highestTenant: () => sql<{ number: number | null }>`select max(tenant_number) as "number" from tenant`,

  addTenant: (t, firstId) => sql<{ number: number }>`
    insert into tenant (tenant_number, name, status, version, next_id, created_at)
    values (${t.number}, ${t.name}, ${t.status}, ${t.version}, ${firstId}, ${t.createdAt})
    on conflict do nothing returning tenant_number as "number"`,

  raiseTenantVersion: tenant => sql<{ version: number }>`
    update tenant set version = version + 1 where tenant_number = ${tenant} returning version`,

  setTenantStatus: (tenant, status) => sql<{ version: number }>`
    update tenant set status = ${status}, version = version + 1 where tenant_number = ${tenant} returning version`,

  overrides: tenant => sql<OverrideRow>`
    select kind as "kind", code as "code", document as "document"
    from configuration_override where tenant_number = ${tenant} order by kind, code`,
}
