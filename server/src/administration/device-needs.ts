/** What devices and credentials need from the world, beside what all of administration does. */
import type { AdministrationNeeds } from '#administration/needs.ts'
import type { Actor } from '#domain/event.ts'
import type { DeviceId, UserId } from '#domain/ids.ts'
import type { AppQueries } from '#domain/ports/app-queries.ts'
import type { ApprovalQueries } from '#domain/ports/approval-queries.ts'
import type { CredentialQueries } from '#domain/ports/credential-queries.ts'
import type { ProvisionQueries } from '#domain/ports/provision-queries.ts'
import type { Random } from '#domain/ports/random.ts'
import type { Tenant } from '#domain/tenant.ts'

type Shared = Pick<
  AdministrationNeeds,
  'store' | 'clock' | 'recorder' | 'ids' | 'users' | 'devices' | 'proofs' | 'search' | 'count' | 'reload'
>

export interface TwoCodes {
  readonly user: UserId
  readonly device: DeviceId
  readonly codes: readonly [string, string]
  readonly actor: Actor
  readonly correlation: string
}

export interface DeviceNeeds extends Shared {
  readonly credentials: CredentialQueries
  readonly random: Random
  readonly apps: AppQueries
  readonly approvals: ApprovalQueries
  readonly provisions: ProvisionQueries
  /** Finds a token again by two codes in a row; it takes an attempt of the owner's budget and refuses what it does not find. */
  synchronise(tenant: Tenant, request: TwoCodes): Promise<void>
}
