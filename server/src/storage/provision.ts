/** Invitations. One open one per device, held by a unique index; counts of typed codes are conditional updates. */
import type { InvitedRow, ProvisionQueries, ProvisionRow, RegistrationRow } from '#domain/ports/provision-queries.ts'
import { nameKey } from '#domain/user.ts'
import { idList } from '#storage/id-list.ts'
import { type Fragment, fragment, joined, sql, touched } from '#storage/sql.ts'

const invitedBy = (where: Fragment) =>
  joined<InvitedRow>(fragment`
    select t.version as "version", p.id as "id", p.status as "status", p.device_id as "device", p.user_id as "user",
           u.external_id as "userExternalId", u.active as "userActive", p.device_type as "deviceType",
           d.status as "deviceStatus", d.version as "deviceVersion", d.external_id as "deviceExternalId",
           d.owner_id as "deviceOwner", d.start_at as "deviceStartAt", d.expiry_at as "deviceExpiryAt",
           d.created_at as "deviceCreatedAt", p.client_id as "client", p.service as "service", p.channel as "channel",
           p.policy as "policy", p.secret as "secret", p.callback_url as "callbackUrl",
           p.typed_attempts as "typedAttempts", p.expires_at as "expiresAt"
    from provision p
    join tenant t on t.tenant_number = p.tenant_number
    join user_account u on u.tenant_number = p.tenant_number and u.id = p.user_id
    join device d on d.tenant_number = p.tenant_number and d.id = p.device_id
    where ${where}`)

export const provisionQueries: ProvisionQueries = {
  provisions: (tenant, ids) =>
    joined<ProvisionRow>(fragment`
    select p.id as "id", p.device_id as "device", p.user_id as "user", p.device_type as "deviceType",
           p.client_id as "client", p.status as "status", p.description as "description", p.service as "service",
           p.channel as "channel", p.policy as "policy", p.created_at as "createdAt", p.expires_at as "expiresAt",
           p.processed_at as "processedAt", p.version as "version", u.external_id as "userExternalId"
    from provision p
    left join user_account u on u.tenant_number = p.tenant_number and u.id = p.user_id
    where p.tenant_number = ${tenant} and p.id in ${idList(ids)} order by p.id`),

  replaceOpen: (tenant, device) => sql`
    update provision set status = 'REPLACED', secret = null, notify_token = null, version = version + 1
    where tenant_number = ${tenant} and device_id = ${device} and status = 'UNPROCESSED'`,

  addProvision: (tenant, p) => sql`
    insert into provision (tenant_number, id, device_id, user_id, device_type, client_id, status, description, service,
                           channel, policy, secret, callback_url, notify_token, typed_attempts, key_thumbprint,
                           created_at, expires_at, processed_at, collected_at, version)
    values (${tenant}, ${p.id}, ${p.device}, ${p.user}, ${p.deviceType}, ${p.client}, ${p.status}, ${p.description},
            ${p.service}, ${p.channel}, ${p.policy}, ${p.secret}, ${p.callbackUrl}, ${p.notifyToken}, 0, null,
            ${p.createdAt_ms}, ${p.expiresAt_ms}, ${p.processedAt_ms}, null, ${p.version})`,

  removeProvision: (tenant, id) => sql<{ id: number }>`
    delete from provision where tenant_number = ${tenant} and id = ${id} returning id as "id"`,

  removeProvisionsOf: (tenant, device) => [
    sql`
    delete from provision_attempt where tenant_number = ${tenant} and provision_id in
      (select id from provision where tenant_number = ${tenant} and device_id = ${device})`,
    sql<{ id: number }>`
    delete from provision where tenant_number = ${tenant} and device_id = ${device} returning id as "id"`,
  ],

  invited: (tenant, id) => invitedBy(fragment`p.tenant_number = ${tenant} and p.id = ${id}`),

  heldInvitation: (tenant, id) =>
    invitedBy(fragment`p.tenant_number = ${tenant} and p.id = ${id} /* for update of p */`),

  invitedByName: (tenant, name) =>
    invitedBy(fragment`
    p.tenant_number = ${tenant} and p.status = 'UNPROCESSED' and p.user_id =
      (select l.user_id from login_name l where l.tenant_number = ${tenant} and l.name_key = ${nameKey(name)})
    order by p.id desc limit 1`),

  countTyped: (tenant, id, limit) => sql<{ typedAttempts: number }>`
    update provision set typed_attempts = typed_attempts + 1
    where tenant_number = ${tenant} and id = ${id} and status = 'UNPROCESSED' and typed_attempts < ${limit}
    returning typed_attempts as "typedAttempts"`,

  countTypedFrom: (tenant, id, source, limit) => sql<{ attempts: number }>`
    insert into provision_attempt (tenant_number, provision_id, source, attempts) values (${tenant}, ${id}, ${source}, 1)
    on conflict (tenant_number, provision_id, source) do update
      set attempts = provision_attempt.attempts + 1 where provision_attempt.attempts < ${limit}
    returning attempts as "attempts"`,

  processed: (tenant, id, keyThumbprint, at) =>
    touched(sql`
    update provision set status = 'PROCESSED', secret = null, key_thumbprint = ${keyThumbprint}, processed_at = ${at},
           version = version + 1
    where tenant_number = ${tenant} and id = ${id} and status = 'UNPROCESSED'`),

  registration: (tenant, id) => sql<RegistrationRow>`
    select p.id as "id", p.status as "status", p.device_id as "device", p.user_id as "user",
           u.external_id as "userExternalId", p.client_id as "client", p.callback_url as "callbackUrl",
           p.notify_token as "notifyToken", p.key_thumbprint as "keyThumbprint", p.expires_at as "expiresAt",
           p.processed_at as "processedAt"
    from provision p
    join user_account u on u.tenant_number = p.tenant_number and u.id = p.user_id
    where p.tenant_number = ${tenant} and p.id = ${id}`,
}
