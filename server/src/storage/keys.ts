/** Keys at rest: store, handle, tenant and signing keys. Private parts stand here only wrapped or sealed. */
import type { KeyQueries, NumberedKeyRow, SigningKeyRow, StoreKeyRow } from '#domain/ports/key-queries.ts'
import { sql } from '#storage/sql.ts'

export const keyQueries: KeyQueries = {
  storeKey: name => sql<StoreKeyRow>`select wrapped as "wrapped" from store_key where name = ${name}`,

  addStoreKey: (name, wrapped, at) => sql`
    insert into store_key (name, wrapped, created_at) values (${name}, ${wrapped}, ${at})
    on conflict (name) do nothing`,

  handleKeys: epoch => sql<NumberedKeyRow>`
    select key_number as "keyNumber", wrapped as "wrapped", created_at as "createdAt", retired_at as "retiredAt"
    from handle_key where epoch = ${epoch} order by key_number desc limit 3`,

  addHandleKey: (epoch, row) => sql<{ keyNumber: number }>`
    insert into handle_key (epoch, key_number, wrapped, created_at, retired_at)
    values (${epoch}, ${row.keyNumber}, ${row.wrapped}, ${row.createdAt}, ${row.retiredAt})
    on conflict do nothing returning key_number as "keyNumber"`,

  retireHandleKey: (epoch, keyNumber, at) => sql`
    update handle_key set retired_at = ${at}
    where epoch = ${epoch} and key_number = ${keyNumber} and retired_at is null`,

  tenantKeys: tenant => sql<NumberedKeyRow>`
    select key_number as "keyNumber", wrapped as "wrapped", created_at as "createdAt", retired_at as "retiredAt"
    from tenant_key where tenant_number = ${tenant} order by key_number desc`,

  addTenantKey: (tenant, row) => sql<{ keyNumber: number }>`
    insert into tenant_key (tenant_number, key_number, wrapped, created_at, retired_at)
    values (${tenant}, ${row.keyNumber}, ${row.wrapped}, ${row.createdAt}, ${row.retiredAt})
    on conflict do nothing returning key_number as "keyNumber"`,

  retireTenantKey: (tenant, keyNumber, at) => sql`
    update tenant_key set retired_at = ${at}
    where tenant_number = ${tenant} and key_number = ${keyNumber} and retired_at is null`,

  signingKeys: (tenant, now) => sql<SigningKeyRow>`
    select id as "id", private_key as "privateKey", certificate as "certificate", retired_at as "retiredAt",
           published_until as "publishedUntil"
    from signing_key where tenant_number = ${tenant} and (published_until is null or published_until > ${now})
    order by id desc limit 10`,

  addSigningKey: (tenant, row) => sql<{ id: number }>`
    insert into signing_key (tenant_number, id, private_key, certificate, retired_at, published_until)
    values (${tenant}, ${row.id}, ${row.privateKey}, ${row.certificate}, ${row.retiredAt}, ${row.publishedUntil})
    on conflict do nothing returning id as "id"`,

  retireSigningKey: (tenant, id, retiredAt, publishedUntil) => sql`
    update signing_key set retired_at = ${retiredAt}, published_until = ${publishedUntil}
    where tenant_number = ${tenant} and id = ${id} and retired_at is null`,

  withdrawSigningKeys: (tenant, now) => sql`
    update signing_key set retired_at = ${now}, published_until = ${now}
    where tenant_number = ${tenant} and (published_until is null or published_until > ${now})`,
}
