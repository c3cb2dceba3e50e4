/** What approvals and enrolments need beside what every proof needs; `compose` hands it in. */
import type { Budgets } from '#authentication/budgets.ts'
import type { ClientBook } from '#authentication/client-book.ts'
import type { Live } from '#authentication/live.ts'
import type { AuthenticationNeeds } from '#authentication/needs.ts'
import type { PublicKeyBook } from '#authentication/public-key-book.ts'
import type { AppQueries } from '#domain/ports/app-queries.ts'
import type { AppSecrets } from '#domain/ports/app-secrets.ts'
import type { ApprovalQueries } from '#domain/ports/approval-queries.ts'
import type { ApproveSigner } from '#domain/ports/approve-signer.ts'
import type { AuthenticatorQueries } from '#domain/ports/authenticator-queries.ts'
import type { DeviceQueries } from '#domain/ports/device-queries.ts'
import type { NamedIds } from '#domain/ports/named-ids.ts'
import type { OutboxQueries } from '#domain/ports/outbox-queries.ts'
import type { ProvisionQueries } from '#domain/ports/provision-queries.ts'
import type { Signer } from '#domain/ports/signer.ts'
import type { Query } from '#domain/ports/store.ts'
import type { Verifier } from '#domain/ports/verifier.ts'
import type { Tenant } from '#domain/tenant.ts'

export interface ApprovalNeeds extends AuthenticationNeeds {
  readonly approvals: ApprovalQueries
  readonly apps: AppQueries
  readonly provisions: ProvisionQueries
  readonly authenticators: AuthenticatorQueries
  readonly devices: DeviceQueries
  readonly outbox: OutboxQueries
  readonly ids: NamedIds
  readonly book: ClientBook
  readonly budgetBook: Budgets
  readonly verifier: Verifier
  readonly secrets: AppSecrets
  readonly publicKeys: PublicKeyBook
  readonly signer: ApproveSigner
  readonly tokens: Signer
  readonly live: Live
  count(tenant: number, noun: 'credential' | 'authenticator' | 'device', by: number): Query
  /** The tenant with this number, when it is active. */
  loadTenant(number: number): Promise<Tenant | undefined>
  /** Whether there is a risk service to be told. */
  readonly tellsRisk: boolean
  /** After a commit that put something into the outbox. */
  nudge(): void
}
