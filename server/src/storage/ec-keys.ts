/** ES256 keys of tenants, by purpose. Private halves stand here only sealed. */
import type { EcKeyQueries, EcKeyRow } from '#domain/ports/ec-key-queries.ts'
import { sql } from '#storage/sql.ts'

export const ecKeyQueries: EcKeyQueries = {
  ecKeys: (tenant, purpose, now) => sql<EcKeyRow>`
    select id as "id", private_key as "privateKey", public_key as "publicKey", statement as "statement",
           retired_at as "retiredAt", published_until as "publishedUntil"
    from ec_key where tenant_number = ${tenant} and purpose = ${purpose}
                  and (published_until is null or published_until > ${now})
    order by id desc limit 10`,

  addEcKey: (tenant, purpose, row) => sql<{ id: number }>`
    insert into ec_key (tenant_number, purpose, id, private_key, public_key, statement, retired_at, published_until)
    values (${tenant}, ${purpose}, ${row.id}, ${row.privateKey}, ${row.publicKey}, ${row.statement}, ${row.retiredAt},
            ${row.publishedUntil})
    on conflict do nothing returning id as "id"`,

  retireEcKey: (tenant, purpose, id, retiredAt, publishedUntil) => sql`
    update ec_key set retired_at = ${retiredAt}, published_until = ${publishedUntil}
    where tenant_number = ${tenant} and purpose = ${purpose} and id = ${id} and retired_at is null`,
}
