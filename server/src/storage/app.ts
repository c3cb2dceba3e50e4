/** The approve app behind a device. Its counters stand in a narrow row of their own that changes with every call. */
import type { AppQueries, CallingRow, NoticeRow, ReachableRow, WakeRow } from '#domain/ports/app-queries.ts'
import { nameKey } from '#domain/user.ts'
import { sql, touched } from '#storage/sql.ts'

export const appQueries: AppQueries = {
  addApp: (tenant, app) => [
    sql`
    insert into app (tenant_number, device_id, transport_id, logon_id, action_id, key_protection, platform, provision_id,
                     evidence, wake, confirm_code, activated_at, renewed_at)
    values (${tenant}, ${app.device}, ${app.transport}, ${app.logon}, ${app.action}, ${app.keyProtection},
            ${app.platform}, ${app.provision}, ${app.evidence}, null, ${app.confirmCode}, ${app.at}, ${app.at})`,
    sql`
    insert into app_state (tenant_number, device_id, call_counter, tx_counter, last_seen_at)
    values (${tenant}, ${app.device}, 0, 0, ${app.at})`,
  ],

  addCredential: (tenant, c) => [
    sql`
    insert into credential (tenant_number, id, device_id, external_id, external_id_key, type, status, start_at, expiry_at,
                            settings, secret, fingerprint, created_at, version)
    values (${tenant}, ${c.id}, ${c.device}, ${c.externalId}, ${nameKey(c.externalId)}, ${c.type}, 'ACTIVE', ${c.startAt},
            ${c.expiryAt}, '{}', ${c.secret}, null, ${c.startAt}, 1)`,
    sql`
    insert into credential_state (tenant_number, id, next, drift, version, last_used_at)
    values (${tenant}, ${c.id}, 0, 0, 1, null)`,
  ],

  replaceKeys: (tenant, { device, transport, logon, action, evidence, at }) => sql`
    update app set transport_id = ${transport}, logon_id = ${logon}, action_id = ${action}, evidence = ${evidence},
           renewed_at = ${at}
    where tenant_number = ${tenant} and device_id = ${device}`,

  calling: (tenant, device) => sql<CallingRow>`
    select t.version as "version", d.id as "device", d.type as "deviceType", d.external_id as "deviceExternalId",
           d.friendly_name as "friendlyName", d.status as "deviceStatus", d.start_at as "deviceStartAt",
           d.expiry_at as "deviceExpiryAt", d.owner_id as "user", u.external_id as "userExternalId",
           u.active as "userActive", a.transport_id as "transport", a.logon_id as "logon", a.action_id as "action",
           c.secret as "transportKeys", c.status as "transportStatus", c.expiry_at as "transportExpiryAt",
           a.renewed_at as "renewedAt", a.confirm_code as "confirmCode", a.provision_id as "provision",
           a.key_protection as "keyProtection", s.call_counter as "callCounter", s.tx_counter as "txCounter",
           s.last_seen_at as "lastSeenAt"
    from device d
    join tenant t on t.tenant_number = d.tenant_number
    join app a on a.tenant_number = d.tenant_number and a.device_id = d.id
    join app_state s on s.tenant_number = d.tenant_number and s.device_id = d.id
    join credential c on c.tenant_number = a.tenant_number and c.id = a.transport_id
    left join user_account u on u.tenant_number = d.tenant_number and u.id = d.owner_id
    where d.tenant_number = ${tenant} and d.id = ${device}`,

  raiseCall: (tenant, device, counter, at) => sql<{ callCounter: number }>`
    update app_state set call_counter = ${counter}, last_seen_at = ${at}
    where tenant_number = ${tenant} and device_id = ${device} and call_counter < ${counter}
    returning call_counter as "callCounter"`,

  raiseTx: (tenant, device, counter) =>
    touched(sql`
    update app_state set tx_counter = ${counter}
    where tenant_number = ${tenant} and device_id = ${device} and tx_counter < ${counter}`),

  noteSeen: (tenant, device, at) => sql`
    update app_state set last_seen_at = ${at} where tenant_number = ${tenant} and device_id = ${device}`,

  reachable: (tenant, user, purpose) => sql<ReachableRow>`
    select d.id as "device", d.type as "deviceType", d.status as "deviceStatus", d.start_at as "deviceStartAt",
           d.expiry_at as "deviceExpiryAt", c.id as "credential", c.secret as "credentialSecret",
           c.type as "credentialType", c.status as "credentialStatus",
           c.start_at as "credentialStartAt", c.expiry_at as "credentialExpiryAt", s.last_used_at as "lastUsedAt",
           a.activated_at as "activatedAt", a.confirm_code as "confirmCode",
           case when a.wake is null then 0 else 1 end as "wakes"
    from device d
    join app a on a.tenant_number = d.tenant_number and a.device_id = d.id
    join credential c on c.tenant_number = a.tenant_number
      and c.id = case when ${purpose} = 'logon' then a.logon_id else a.action_id end
    join credential_state s on s.tenant_number = c.tenant_number and s.id = c.id
    where d.tenant_number = ${tenant} and d.owner_id = ${user}
    order by d.id limit 33`,

  waking: (tenant, device) => sql<WakeRow>`
    select d.id as "device", a.wake as "wake", a.transport_id as "transport", c.secret as "transportKeys",
           d.status as "deviceStatus"
    from device d
    join app a on a.tenant_number = d.tenant_number and a.device_id = d.id
    join credential c on c.tenant_number = a.tenant_number and c.id = a.transport_id
    where d.tenant_number = ${tenant} and d.id = ${device}`,

  setWake: (tenant, device, wake) => sql`
    update app set wake = ${wake} where tenant_number = ${tenant} and device_id = ${device}`,

  rename: (tenant, device, name) => sql`
    update device set friendly_name = ${name}, version = version + 1 where tenant_number = ${tenant} and id = ${device}`,

  confirm: (tenant, device) =>
    touched(sql`
    update app set confirm_code = null
    where tenant_number = ${tenant} and device_id = ${device} and confirm_code is not null`),

  removeApp: (tenant, device) => [
    sql`delete from app_notice where tenant_number = ${tenant} and device_id = ${device}`,
    sql`delete from app_state where tenant_number = ${tenant} and device_id = ${device}`,
    sql`delete from app where tenant_number = ${tenant} and device_id = ${device}`,
  ],

  removeKeys: (tenant, device) => [
    sql`
    delete from spent_signature where tenant_number = ${tenant} and credential_id in
      (select id from credential where tenant_number = ${tenant} and device_id = ${device})`,
    sql`
    delete from credential_state where tenant_number = ${tenant} and id in
      (select id from credential where tenant_number = ${tenant} and device_id = ${device})`,
    sql`delete from credential where tenant_number = ${tenant} and device_id = ${device}`,
  ],

  countKeys: (tenant, device) => sql<{ total: number }>`
    select count(*) as "total" from credential where tenant_number = ${tenant} and device_id = ${device}`,

  removeDevice: (tenant, device) => sql`delete from device where tenant_number = ${tenant} and id = ${device}`,

  otherDevices: (tenant, user, except) => sql<{ device: number }>`
    select d.id as "device" from device d
    join app a on a.tenant_number = d.tenant_number and a.device_id = d.id
    where d.tenant_number = ${tenant} and d.owner_id = ${user} and d.id <> ${except} and d.status = 'ACTIVE'
    order by d.id limit 20`,

  addNotice: (tenant, { id, device, kind, text }) => sql`
    insert into app_notice (tenant_number, id, device_id, kind, text)
    values (${tenant}, ${id}, ${device}, ${kind}, ${text})`,

  notices: (tenant, device) => sql<NoticeRow>`
    select id as "id", kind as "kind", text as "text" from app_notice
    where tenant_number = ${tenant} and device_id = ${device} order by id desc limit 20`,

  activateDevice: (tenant, device, version, status, name) =>
    touched(sql`
    update device set status = ${status}, friendly_name = ${name}, version = version + 1
    where tenant_number = ${tenant} and id = ${device} and version = ${version}`),
}
