/**
 * Passwords in the hands of their owners: changed by who knows the old one, set anew by who got a code or a link. None of it signs
 * anybody in, removes a factor, or tells whether somebody exists.
 */
import { maskedName } from '#authentication/masked-name.ts'
import { changePassword, type PasswordChange } from '#authentication/recovery-change.ts'
import type { PasswordOutcome, RecoveryNeeds } from '#authentication/recovery-needs.ts'
import { type ResetRequest, requestReset } from '#authentication/recovery-request.ts'
import { MOST_TRIES, type PasswordReset, resetPassword } from '#authentication/recovery-reset.ts'
import { handleOf } from '#authentication/recovery-secret.ts'
import type { MessageMethod } from '#domain/parcel.ts'
import { constraintsOf, type PasswordConstraints } from '#domain/password-constraints.ts'
import { first, together } from '#domain/ports/store.ts'
import type { Tenant } from '#domain/tenant.ts'

/** What the page behind a link shows. */
export interface OpenReset {
  readonly policy: string
  /** The action of the workflow that began it. */
  readonly action: string
  readonly client: string
  readonly constraints: PasswordConstraints
  /** Enough for the person to know which account it is. */
  readonly maskedName: string
  readonly expiresAt_ms: number
}

export class Recovery {
  readonly #needs: RecoveryNeeds

  constructor(needs: RecoveryNeeds) {
    this.#needs = needs
  }

  change(tenant: Tenant, change: PasswordChange): Promise<PasswordOutcome> {
    return changePassword(this.#needs, tenant, change)
  }

  requestReset(tenant: Tenant, request: ResetRequest): Promise<{ readonly sent: MessageMethod }> {
    return requestReset(this.#needs, tenant, request)
  }

  reset(tenant: Tenant, reset: PasswordReset): Promise<PasswordOutcome> {
    return resetPassword(this.#needs, tenant, reset)
  }

  /** Changes nothing: scanners of mail open links before people do (security.md R4). Undefined: no link that still opens anything. */
  async lookReset(tenant: Tenant, token: string): Promise<OpenReset | undefined> {
    const { store, recoveries, users, handles, clock } = this.#needs
    const read = handles.read('reset', handleOf(token))
    if (!read) return undefined
    const found = await store.read(tenant.number, function* () {
      const row = yield* first(recoveries.recoveryOf(tenant.number, read.rowId))
      const [[user]] = yield* together(users.users(tenant.number, [row?.user ?? 0]))
      return { row, user }
    })
    const { row, user } = found
    if (!row || !user || !handles.sameProof(row.linkProof, read.proof)) return undefined
    if (row.usedAt !== null || row.expiresAt <= clock.now() || row.tries >= MOST_TRIES) return undefined
    const policy = tenant.configuration.findPolicy(row.policy)
    const constraints = policy && constraintsOf(policy)
    if (!constraints) return undefined
    return {
      ...{ policy: row.policy, action: row.action, client: row.client, constraints },
      ...{ maskedName: maskedName(user.userName), expiresAt_ms: row.expiresAt },
    }
  }
}
