/** What a tenant signs for its apps: policy documents and QR requests, by a working key that its approve root vouches for. */
import type { EcKey } from '@countersign/protocol/approve/public-key.ts'
import type { TenantNumber } from '#domain/ids.ts'

export interface ApproveIdentity {
  readonly root: EcKey
  readonly rootThumbprint: string
  readonly statements: readonly string[]
}

export interface ApproveSigner {
  identity(tenant: TenantNumber): Promise<ApproveIdentity>
  /** A compact JWS by the working key, ES256. */
  sign(tenant: TenantNumber, typ: string, payload: object): Promise<string>
  /** The payload of a compact JWS of this `typ` that the tenant signed itself; undefined for any other. */
  open(tenant: TenantNumber, typ: string, jws: string): Promise<unknown>
  /** The uncompressed point that Web Push subscriptions are made for. */
  vapidKey(tenant: TenantNumber): Promise<string>
}
