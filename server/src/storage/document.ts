/** Writes of a tenant's own configuration documents, and what of the tenant depends on them. Their reads stand in `tenant.ts`. */
import type { DocumentQueries } from '#domain/ports/document-queries.ts'
import { sql } from '#storage/sql.ts'

export const documentQueries: DocumentQueries = {
  raiseVersionFrom: (tenant, version) => sql<{ version: number }>`
    update tenant set version = version + 1 where tenant_number = ${tenant} and version = ${version} returning version`,

  addOverride: (tenant, { kind, code, document }) => sql`
    insert into configuration_override (tenant_number, kind, code, document, version)
    values (${tenant}, ${kind}, ${code}, ${document}, ${1})`,

  replaceOverride: (tenant, { kind, code, document }) => sql`
    update configuration_override set document = ${document}, version = version + 1
    where tenant_number = ${tenant} and kind = ${kind} and code = ${code}`,

  removeOverride: (tenant, kind, code) => sql`
    delete from configuration_override where tenant_number = ${tenant} and kind = ${kind} and code = ${code}`,

  deviceOfType: (tenant, type) => sql<{ id: number }>`
    select id from device where tenant_number = ${tenant} and type = ${type} limit 1`,

  credentialOfType: (tenant, type) => sql<{ id: number }>`
    select id from credential where tenant_number = ${tenant} and type = ${type} limit 1`,
}
