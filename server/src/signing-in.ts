/** Puts together what signs people in by a workflow: logins over the corridor's proofs, approvals, codes and passwords. Beside `corridors.ts`. */
import type { Approvals } from '#authentication/approvals.ts'
import type { Authentication } from '#authentication/authenticate.ts'
import type { Budgets } from '#authentication/budgets.ts'
import type { ClientBook } from '#authentication/client-book.ts'
import { LoginSecrets } from '#authentication/login-secrets.ts'
import { Logins } from '#authentication/logins.ts'
import type { AuthenticationNeeds } from '#authentication/needs.ts'
import type { OutOfBand } from '#authentication/out-of-band.ts'
import type { Recovery } from '#authentication/recovery.ts'
import { WorkflowBook } from '#authentication/workflow-book.ts'
import type { NamedIds } from '#domain/ports/named-ids.ts'
import type { Ground } from '#ground.ts'
import { openAppSecrets } from '#keys/app-secrets.ts'
import { cardCryptography } from '#keys/card-cryptography.ts'
import { KeyVerifier } from '#keys/verifier.ts'
import { appQueries } from '#storage/app.ts'
import { approvalQueries } from '#storage/approval.ts'
import { authenticatorQueries } from '#storage/authenticator.ts'
import { cardQueries } from '#storage/card.ts'
import { count } from '#storage/counter.ts'
import { deviceQueries } from '#storage/device.ts'
import { loginQueries } from '#storage/login.ts'
import { passkeyQueries } from '#storage/passkey.ts'
import { userQueries } from '#storage/user.ts'

interface Shared {
  readonly proving: AuthenticationNeeds
  readonly book: ClientBook
  readonly budgetBook: Budgets
  readonly authentication: Authentication
  readonly approvals: Approvals
  readonly outOfBand: OutOfBand
  readonly recovery: Recovery
  readonly ids: NamedIds
}

export function openSigningIn(ground: Ground, { proving, ...shared }: Shared): Logins {
  const { storeKeys, random, store, signingKeys, passkeys } = ground
  return new Logins({
    ...proving,
    ...shared,
    logins: loginQueries,
    apps: appQueries,
    devices: deviceQueries,
    approvalRows: approvalQueries,
    ...{ users: userQueries, authenticators: authenticatorQueries, passkeyRows: passkeyQueries, passkeys, count },
    ...{ cardRows: cardQueries, cardCryptography, verifier: new KeyVerifier() },
    workflows: new WorkflowBook({ store, logins: loginQueries }),
    loginSecrets: new LoginSecrets(storeKeys.loginKey, random, proving.hmac),
    tokens: signingKeys,
    secrets: openAppSecrets(storeKeys.inviteKey),
  })
}
