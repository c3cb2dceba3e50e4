/** What logins need beside what every proof needs; `compose` hands it in. */
import type { Approvals } from '#authentication/approvals.ts'
import type { Authentication } from '#authentication/authenticate.ts'
import type { ClientBook } from '#authentication/client-book.ts'
import type { IdTokenNeeds } from '#authentication/id-token.ts'
import type { LoginSecrets } from '#authentication/login-secrets.ts'
import type { AuthenticationNeeds } from '#authentication/needs.ts'
import type { OutOfBand } from '#authentication/out-of-band.ts'
import type { Recovery } from '#authentication/recovery.ts'
import type { WorkflowBook } from '#authentication/workflow-book.ts'
import type { AppQueries } from '#domain/ports/app-queries.ts'
import type { ApprovalQueries } from '#domain/ports/approval-queries.ts'
import type { DeviceQueries } from '#domain/ports/device-queries.ts'
import type { LoginQueries } from '#domain/ports/login-queries.ts'

export interface LoginNeeds extends AuthenticationNeeds, Pick<IdTokenNeeds, 'tokens' | 'secrets'> {
  readonly logins: LoginQueries
  readonly apps: AppQueries
  readonly devices: DeviceQueries
  readonly approvalRows: ApprovalQueries
  readonly book: ClientBook
  readonly workflows: WorkflowBook
  readonly loginSecrets: LoginSecrets
  readonly authentication: Authentication
  readonly approvals: Approvals
  readonly outOfBand: OutOfBand
  readonly recovery: Recovery
}
