/** OpenID clients. A client's roles and its being active belong to the user that stands for it. */
import type { ClientQueries, ClientRegistration, HeldClient } from '#domain/ports/client-queries.ts'
import { sql } from '#storage/sql.ts'

export const clientQueries: ClientQueries = {
  client: (tenant, clientId) => sql<HeldClient>`
    select c.client_id as "clientId", c.user_id as "user", c.status as "status",
           c.secret_proof as "secretProof", c.document as "document", u.active as "userActive",
           (select string_agg(r.role, ' ') from user_role r
            where r.tenant_number = c.tenant_number and r.user_id = c.user_id) as "roles"
    from client c
    join user_account u on u.tenant_number = c.tenant_number and u.id = c.user_id
    where c.tenant_number = ${tenant} and c.client_id = ${clientId}`,

  registration: (tenant, clientId) => sql<ClientRegistration>`
    select user_id as "user", document as "document", created_at as "createdAt"
    from client where tenant_number = ${tenant} and client_id = ${clientId}`,

  addClient: (tenant, c) => sql`
    insert into client (tenant_number, client_id, user_id, status, secret_kind, secret_proof, document, created_at, version)
    values (${tenant}, ${c.clientId}, ${c.user}, ${'ACTIVE'}, ${c.secretKind}, ${c.secretProof}, ${c.document},
            ${c.createdAt}, ${1})`,

  rewriteClient: (tenant, clientId, document) => sql`
    update client set document = ${document}, version = version + 1
    where tenant_number = ${tenant} and client_id = ${clientId}`,

  setSecret: (tenant, clientId, { secretKind, secretProof }) => sql`
    update client set secret_kind = ${secretKind}, secret_proof = ${secretProof}
    where tenant_number = ${tenant} and client_id = ${clientId}`,
}
