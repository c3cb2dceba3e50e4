/**
 * Tenants come and go by the operator's word. Making one writes its row, its first sealing key and the audit event in
 * one unit; its number is never used again.
 */

import type { TenantNumber } from '#domain/ids.ts'
import type { Clock } from '#domain/ports/clock.ts'
import type { Recorder } from '#domain/ports/recorder.ts'
import { first, type Query, rowsOf, type Store, type Unit, WHOLE_STORE } from '#domain/ports/store.ts'
import type { TenantQueries, TenantRow } from '#domain/ports/tenant-queries.ts'
import { Refusal } from '#domain/refusal.ts'

export interface TenantsNeeds {
  readonly store: Store
  readonly tenants: TenantQueries
  readonly clock: Clock
  readonly recorder: Recorder
  /** The rows of a new tenant's keys. */
  mintKeys(tenant: TenantNumber): readonly Query[]
}

/** Ids of named things start here, so that none is mistaken for a small count. */
const FIRST_ID = 10_001
const tenantName = /^[A-Za-z][A-Za-z0-9_-]{0,39}$/
const reserved = new Set([
  'scim',
  'configuration',
  'idp',
  'docs',
  'openapi',
  'healthz',
  'readyz',
  'metrics',
  'inbox',
  'portal',
  'account-app',
  'static',
])

export class Tenants {
  readonly #needs: TenantsNeeds

  constructor(needs: TenantsNeeds) {
    this.#needs = needs
  }

  async create(name: string): Promise<TenantRow> {
    if (!tenantName.test(name) || reserved.has(name.toLowerCase())) {
      throw new Refusal('invalid_value', 'A tenant name is a letter followed by up to 39 letters, digits, _ or -.')
    }
    for (;;) {
      const answer = await this.#needs.store.write(WHOLE_STORE, () => this.#add(name))
      if (answer instanceof Refusal) throw answer
      if (answer) return answer
    }
  }

  /** Answers nothing when another node took the number meanwhile. */
  *#add(name: string): Unit<TenantRow | Refusal | undefined> {
    const { tenants, clock, recorder, mintKeys } = this.#needs
    if (yield* first(tenants.tenantByName(name))) return new Refusal('uniqueness', 'There is a tenant of this name.')
    const highest = yield* first(tenants.highestTenant())
    const row = { number: (highest?.number ?? 0) + 1, name, status: 'ACTIVE', version: 1, createdAt: clock.now() }
    if (!(yield* first(tenants.addTenant(row, FIRST_ID)))) return undefined
    const event = recorder.record(row.number, {
      action: 'addTenant',
      result: 'SUCCESS',
      actor: { kind: 'operator' },
      parameters: { OID: name },
    })
    yield [...mintKeys(row.number), ...event.queries]
    return row
  }

  async list(): Promise<readonly TenantRow[]> {
    const { store, tenants } = this.#needs
    const all: TenantRow[] = []
    for (;;) {
      const after = all.at(-1)?.number ?? 0
      const page = await store.read(WHOLE_STORE, () => rowsOf(tenants.tenantsAfter(after, 500)))
      all.push(...page)
      if (page.length < 500) return all
    }
  }
}
