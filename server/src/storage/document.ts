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
    select id from device where tenant_number = ${tenant} and type = ${type}
    union all select user_id as id from oob where tenant_number = ${tenant} and device_type = ${type} limit 1`,

  credentialOfType: (tenant, type) => sql<{ id: number }>`
    select id from credential where tenant_number = ${tenant} and type = ${type}
    union all select user_id as id from oob where tenant_number = ${tenant} and credential_type = ${type} limit 1`,

  useOfPolicy: (tenant, policy) => sql<{ id: number }>`
    select user_id as id from authenticator where tenant_number = ${tenant} and policy = ${policy}
    union all
    select user_id as id from client
    where tenant_number = ${tenant}
      and (replace(document, ${named('ownPolicy', policy)}, '') <> document
        or replace(document, ${named('userPolicy', policy)}, '') <> document
        or replace(document, ${named('hid_client_pki_policy', policy)}, '') <> document)
    limit 1`,

  useOfCards: (tenant, policy, deviceType) => sql<{ id: number }>`
    select id from device where tenant_number = ${tenant} and type = ${deviceType}
    union all select user_id as id from authenticator where tenant_number = ${tenant} and policy = ${policy}
    union all
    select user_id as id from client
    where tenant_number = ${tenant} and replace(document, ${named('userPolicy', policy)}, '') <> document
    limit 1`,

  clientOfWorkflow: (tenant, code) => sql<{ id: number }>`
    select user_id as id from client
    where tenant_number = ${tenant}
      and (replace(document, ${named('workflowId', code)}, '') <> document
        or replace(document, ${named('workflow_id', code)}, '') <> document)
    limit 1`,

  clientOfTheme: (tenant, code) => sql<{ id: number }>`
    select user_id as id from client
    where tenant_number = ${tenant}
      and (replace(document, ${named('themeId', code)}, '') <> document
        or replace(document, ${named('theme_id', code)}, '') <> document)
    limit 1`,
}

/** A member as it stands in a document: quotes inside texts are escaped there, so it is found as a member only. */
const named = (member: string, code: string) => `${JSON.stringify(member)}:${JSON.stringify(code)}`
