/**
 * Sees what no single lock sees: many failures over many users of a tenant (password spraying), or many wrong secrets of
 * one client. It refuses nobody, or it would be a weapon; once a period it writes an alert into the audit.
 */
import type { Budget, Budgets } from '#authentication/budgets.ts'
import type { TenantNumber } from '#domain/ids.ts'
import type { Recorder } from '#domain/ports/recorder.ts'
import type { Store } from '#domain/ports/store.ts'

const OF_TENANT: Budget = { name: 'failed_proofs', limit: 500, period_ms: 60_000 }
const OF_CLIENT: Budget = { name: 'failed_secrets', limit: 100, period_ms: 60_000 }

interface Needs {
  readonly budgets: Budgets
  readonly store: Store
  readonly recorder: Recorder
  now(): number
}

export class SprayWatch {
  readonly #needs: Needs
  readonly #told = new Map<string, number>()

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** A user's proof was rejected. */
  proofFailed(tenant: TenantNumber): Promise<void> {
    return this.#failed(tenant, OF_TENANT, '')
  }

  /** A client's secret was wrong. Only clients that exist are counted, or strangers could fill the table. */
  secretFailed(tenant: TenantNumber, clientId: string): Promise<void> {
    return this.#failed(tenant, OF_CLIENT, clientId)
  }

  async #failed(tenant: TenantNumber, budget: Budget, subject: string): Promise<void> {
    if (await this.#needs.budgets.spend(tenant, budget, subject)) return
    const key = `${tenant} ${budget.name} ${subject}`
    const period = Math.floor(this.#needs.now() / budget.period_ms)
    if (this.#told.get(key) === period) return
    if (this.#told.size > 1000) this.#told.clear()
    this.#told.set(key, period)
    const { store, recorder } = this.#needs
    await store.write(tenant, function* () {
      yield recorder.record(tenant, {
        action: 'tooManyFailures',
        result: 'FAILURE',
        severity: 'Alert',
        reason: budget.name,
        actor: { kind: 'system' },
        parameters: { TEXT1: budget.limit, ...(subject === '' ? {} : { TEXT2: subject }) },
      }).queries
    })
  }
}
