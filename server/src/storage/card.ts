/** Contactless cards. See `domain/ports/card-queries.ts`. */
import type { CardQueries, CardRow } from '#domain/ports/card-queries.ts'
import { nameKey } from '#domain/user.ts'
import { sql } from '#storage/sql.ts'

export const cardQueries: CardQueries = {
  cards: (tenant, csn) => sql<CardRow>`
    select d.id as "device", d.type as "deviceType", d.external_id as "deviceExternalId", d.owner_id as "owner",
           d.status as "deviceStatus", d.start_at as "deviceStartAt", d.expiry_at as "deviceExpiryAt", d.version as "deviceVersion",
           c.id as "credential", c.type as "credentialType", c.status as "credentialStatus", c.start_at as "credentialStartAt",
           c.expiry_at as "credentialExpiryAt", c.settings as "settings", c.secret as "secret", s.next as "next",
           s.drift as "drift", s.held as "held", s.version as "stateVersion"
    from device d
    left join credential c on c.tenant_number = d.tenant_number and c.device_id = d.id
    left join credential_state s on s.tenant_number = c.tenant_number and s.id = c.id
    where d.tenant_number = ${tenant} and d.external_id_key = ${nameKey(csn)} order by d.id, c.id limit 50`,

  addCard: (tenant, one) => [
    sql`
    insert into credential (tenant_number, id, device_id, external_id, external_id_key, type, status, start_at, expiry_at,
                            settings, secret, fingerprint, created_at, version)
    values (${tenant}, ${one.credential}, ${one.device}, ${one.externalId}, ${nameKey(one.externalId)}, ${one.type}, 'ACTIVE',
            ${one.at}, null, '{}', ${one.secret}, null, ${one.at}, 1)`,
    sql`
    insert into credential_state (tenant_number, id, next, drift, version, last_used_at)
    values (${tenant}, ${one.credential}, 0, 0, 1, null)`,
  ],
}
