/**
 * Tenant keys: 32 bytes each, numbered from 1, under which all secrets of a tenant are sealed. They stand in table tenant_key,
 * wrapped by the master key and bound to tenant and number. A retired key seals nothing new but still opens the old.
 */
import { createSecretKey } from 'node:crypto'
import type { TenantNumber } from '#domain/ids.ts'
import type { NumberedKeyRow } from '#domain/ports/key-queries.ts'
import type { Random } from '#domain/ports/random.ts'
import { KEY_BYTES, type MasterKey, type WrappedPlace } from '#keys/master-key.ts'
import type { TenantKey } from '#keys/sealer.ts'

const placeOf = (tenant: TenantNumber, number: number): WrappedPlace => ['tenant_key', tenant, number]

export const tenantKeys = {
  mint(master: MasterKey, random: Random, tenant: TenantNumber, number: number, now: number): NumberedKeyRow {
    const bytes = random.bytes(KEY_BYTES)
    const wrapped = master.wrap(placeOf(tenant, number), bytes)
    bytes.fill(0)
    return { keyNumber: number, wrapped, createdAt: now, retiredAt: null }
  },

  open(master: MasterKey, tenant: TenantNumber, row: NumberedKeyRow): TenantKey {
    const bytes = master.unwrap(placeOf(tenant, row.keyNumber), row.wrapped)
    const key = createSecretKey(bytes)
    bytes.fill(0)
    return { number: row.keyNumber, key }
  },
}
