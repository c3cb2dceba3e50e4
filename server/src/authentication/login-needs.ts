/** What logins need beside what every proof needs; `compose` hands it in. */
import type { Approvals } from '#authentication/approvals.ts'
import type { Authentication } from '#authentication/authenticate.ts'
import type { Budgets } from '#authentication/budgets.ts'
import type { ClientBook } from '#authentication/client-book.ts'
import type { IdTokenNeeds } from '#authentication/id-token.ts'
import type { LoginSecrets } from '#authentication/login-secrets.ts'
import type { AuthenticationNeeds } from '#authentication/needs.ts'
import type { OutOfBand } from '#authentication/out-of-band.ts'
import type { Recovery } from '#authentication/recovery.ts'
import type { WorkflowBook } from '#authentication/workflow-book.ts'
import type { TenantNumber } from '#domain/ids.ts'
import type { AppQueries } from '#domain/ports/app-queries.ts'
import type { ApprovalQueries } from '#domain/ports/approval-queries.ts'
import type { AuthenticatorQueries } from '#domain/ports/authenticator-queries.ts'
import type { CardCryptography } from '#domain/ports/card-cryptography.ts'
import type { CardQueries } from '#domain/ports/card-queries.ts'
import type { DeviceQueries } from '#domain/ports/device-queries.ts'
import type { LoginQueries } from '#domain/ports/login-queries.ts'
import type { NamedIds } from '#domain/ports/named-ids.ts'
import type { PasskeyQueries } from '#domain/ports/passkey-queries.ts'
import type { Passkeys } from '#domain/ports/passkeys.ts'
import type { Query } from '#domain/ports/store.ts'
import type { UserQueries } from '#domain/ports/user-queries.ts'
import type { Verifier } from '#domain/ports/verifier.ts'
import type { SearchResource } from '#domain/search.ts'

export interface LoginNeeds extends AuthenticationNeeds, Pick<IdTokenNeeds, 'tokens' | 'secrets'> {
  readonly logins: LoginQueries
  readonly apps: AppQueries
  readonly devices: DeviceQueries
  readonly approvalRows: ApprovalQueries
  readonly users: UserQueries
  readonly authenticators: AuthenticatorQueries
  readonly passkeyRows: PasskeyQueries
  readonly passkeys: Passkeys
  readonly cardRows: CardQueries
  readonly cardCryptography: CardCryptography
  readonly verifier: Verifier
  readonly ids: NamedIds
  readonly book: ClientBook
  readonly budgetBook: Budgets
  readonly workflows: WorkflowBook
  readonly loginSecrets: LoginSecrets
  readonly authentication: Authentication
  readonly approvals: Approvals
  readonly outOfBand: OutOfBand
  readonly recovery: Recovery
  count(tenant: TenantNumber, noun: Lowercase<SearchResource>, by: number): Query
}
