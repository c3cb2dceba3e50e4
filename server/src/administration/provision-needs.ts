/** What invitations need from the world, beside what devices do. */
import type { DeviceNeeds } from '#administration/device-needs.ts'
import type { AppSecrets } from '#domain/ports/app-secrets.ts'
import type { ApproveSigner } from '#domain/ports/approve-signer.ts'
import type { AuthenticatorQueries } from '#domain/ports/authenticator-queries.ts'
import type { ClientQueries } from '#domain/ports/client-queries.ts'

export interface ProvisionNeeds extends DeviceNeeds {
  readonly authenticators: AuthenticatorQueries
  readonly clients: ClientQueries
  readonly secrets: AppSecrets
  readonly signer: ApproveSigner
}
