/** What commands may do with the store, as `compose` gives it: to the server for its socket, or to a command alone. */
import type { Authenticators } from '#administration/authenticators.ts'
import type { ClientRegistry } from '#administration/clients.ts'
import type { Credentials } from '#administration/credentials.ts'
import type { Devices } from '#administration/devices.ts'
import type { Documents } from '#administration/documents.ts'
import type { DeviceImport } from '#administration/import/device-import.ts'
import type { Provisions } from '#administration/provisions.ts'
import type { TenantArchive } from '#administration/tenant-archive.ts'
import type { TenantDirectory } from '#administration/tenant-directory.ts'
import type { TenantErasure } from '#administration/tenant-erasure.ts'
import type { Tenants } from '#administration/tenants.ts'
import type { Users } from '#administration/users.ts'
import type { Sealer } from '#audit/sealer.ts'
import type { Arguments } from '#cli/command.ts'
import type { UserId } from '#domain/ids.ts'
import type { Clock } from '#domain/ports/clock.ts'
import type { Random } from '#domain/ports/random.ts'
import type { Store } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import type { EcKeys } from '#keys/ec-keys.ts'
import type { HandleKeys } from '#keys/handle-keys.ts'
import type { KeyRing } from '#keys/key-ring.ts'
import type { SigningKeys } from '#keys/signing-keys.ts'
import type { StoreKeys } from '#keys/store-keys.ts'
import type { FidoMetadata } from '#keys/webauthn/fido-metadata.ts'
import type { Settings } from '#settings/read.ts'

export interface Office {
  readonly directory: TenantDirectory
  readonly tenants: Tenants
  readonly clients: ClientRegistry
  readonly users: Users
  readonly authenticators: Authenticators
  readonly devices: Devices
  readonly credentials: Credentials
  readonly provisions: Provisions
  /** A tenant's own configuration documents. */
  readonly documents: Documents
  readonly imports: DeviceImport
  readonly random: Random
  readonly archive: TenantArchive
  readonly erasure: TenantErasure
  readonly foundations: Foundations
  erasePerson(tenant: Tenant, user: UserId): Promise<void>
}

/** The store as a whole and its keys: for what an operator does beneath all rooms. */
export interface Foundations {
  readonly settings: Settings
  readonly store: Store
  readonly clock: Clock
  readonly keyRing: KeyRing
  readonly ecKeys: EcKeys
  readonly signingKeys: SigningKeys
  readonly handleKeys: HandleKeys
  readonly storeKeys: StoreKeys
  readonly sealer: Sealer
  readonly fidoMetadata: FidoMetadata
}

/** The tenant that --tenant names. */
export async function tenantOf({ flags }: Arguments, { directory }: Pick<Office, 'directory'>): Promise<Tenant> {
  const name = typeof flags.tenant === 'string' ? flags.tenant : ''
  const tenant = await directory.find(name)
  if (!tenant) throw new Refusal('not_found', `There is no tenant "${name}". See: countersign tenant list`)
  return tenant
}

export const TENANT_FLAG = { name: 'tenant', value: 'NAME', sentence: 'The tenant.', needed: true } as const
