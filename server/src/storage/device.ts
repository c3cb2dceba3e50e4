/** Devices: found by id in pages, made once per external id and type, changed by version. */
import type { DeviceChildRow, DeviceQueries, DeviceRow, OwnedDeviceRow } from '#domain/ports/device-queries.ts'
import { nameKey } from '#domain/user.ts'
import { idList } from '#storage/id-list.ts'
import { fragment, joined, sql } from '#storage/sql.ts'

export const deviceQueries: DeviceQueries = {
  devices: (tenant, ids) =>
    joined<OwnedDeviceRow>(fragment`
    select d.id as "id", d.external_id as "externalId", d.type as "type", d.owner_id as "owner",
           u.external_id as "ownerExternalId", d.friendly_name as "friendlyName", d.status as "status",
           d.start_at as "startAt", d.expiry_at as "expiryAt",
           d.created_at as "createdAt", d.version as "version"
    from device d
    left join user_account u on u.tenant_number = d.tenant_number and u.id = d.owner_id
    where d.tenant_number = ${tenant} and d.id in ${idList(ids)} order by d.id`),

  childrenOf: (tenant, ids) =>
    joined<DeviceChildRow>(fragment`
    select device_id as "device", id as "id" from credential
    where tenant_number = ${tenant} and device_id in ${idList(ids)} order by device_id, id`),

  heldDevice: (tenant, id) => sql<DeviceRow>`
    select id as "id", external_id as "externalId", type as "type", owner_id as "owner", friendly_name as "friendlyName",
           status as "status", start_at as "startAt", expiry_at as "expiryAt",
           created_at as "createdAt", version as "version"
    from device where tenant_number = ${tenant} and id = ${id} /* for update */`,

  activeDevices: (tenant, owner, type, except) => sql<{ total: number }>`
    select count(*) as "total" from device
    where tenant_number = ${tenant} and owner_id = ${owner} and type = ${type} and status = 'ACTIVE' and id <> ${except}`,

  addDevice: (tenant, device) => sql<{ id: number }>`
    insert into device (tenant_number, id, external_id, external_id_key, type, owner_id, friendly_name, status, start_at,
                        expiry_at, created_at, version)
    values (${tenant}, ${device.id}, ${device.externalId}, ${nameKey(device.externalId)}, ${device.type}, ${device.owner},
            ${device.friendlyName}, ${device.status}, ${device.startAt_ms}, ${device.expiryAt_ms},
            ${device.createdAt_ms}, ${device.version})
    on conflict do nothing returning id as "id"`,

  replaceDevice: (tenant, device, version) => sql<{ version: number }>`
    update device
    set owner_id = ${device.owner}, friendly_name = ${device.friendlyName}, status = ${device.status},
        start_at = ${device.startAt_ms}, expiry_at = ${device.expiryAt_ms}, version = version + 1
    where tenant_number = ${tenant} and id = ${device.id} and version = ${version} returning version`,

  dropChallenges: (tenant, user, device) => sql`
    delete from challenge where tenant_number = ${tenant} and user_id = ${user} and device_id = ${device}`,

  removeDevice: (tenant, id, version) => sql<{ id: number }>`
    delete from device where tenant_number = ${tenant} and id = ${id} and version = ${version} returning id as "id"`,
}
