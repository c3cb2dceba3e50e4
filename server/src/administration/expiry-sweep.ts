/**
 * Deletes what has expired an hour ago and more: sessions with their tokens, logins, challenges, codes for forgotten passwords, used
 * assertions, budgets of past periods. Tenant by tenant, in short units, so that proofs hardly notice; interrupted at any
 * point it goes on the next time.
 */
import { happeningFloor, type TenantNumber } from '#domain/ids.ts'
import type { ApprovalQueries } from '#domain/ports/approval-queries.ts'
import type { Clock } from '#domain/ports/clock.ts'
import type { LoginQueries } from '#domain/ports/login-queries.ts'
import type { OobQueries } from '#domain/ports/oob-queries.ts'
import type { OutboxQueries } from '#domain/ports/outbox-queries.ts'
import type { ExpiryQueries } from '#domain/ports/session-queries.ts'
import { type Query, rowsOf, type Store, WHOLE_STORE } from '#domain/ports/store.ts'
import type { TenantQueries } from '#domain/ports/tenant-queries.ts'

export interface SweepNeeds {
  readonly store: Store
  readonly clock: Clock
  readonly tenants: Pick<TenantQueries, 'tenantsAfter'>
  readonly rows: ExpiryQueries
  readonly approvals: Pick<ApprovalQueries, 'dropOver'>
  readonly logins: Pick<LoginQueries, 'dropLogins' | 'dropTries' | 'dropPins'>
  readonly oob: Pick<OobQueries, 'dropCodes'>
  readonly outbox: Pick<OutboxQueries, 'dropDone' | 'dropTraces' | 'forgetBodies'>
}

const KEPT_MS = 3_600_000
const CHUNK = 500
const MINUTE_MS = 60_000
/** How long it can be looked up what a client was told. */
const OUTBOX_MS = 30 * 86_400_000
/** No login lasts longer. */
const LOGIN_MS = 7_200_000
const TENANTS_AT_ONCE = 100

export async function sweepExpired(needs: SweepNeeds, signal: AbortSignal): Promise<void> {
  const { store, tenants } = needs
  for (let after = 0; ; ) {
    const page = await store.read(WHOLE_STORE, () => rowsOf(tenants.tenantsAfter(after, TENANTS_AT_ONCE)))
    for (const { number } of page) {
      if (signal.aborted) return
      await sweepTenant(needs, number, signal)
    }
    const last = page.at(-1)
    if (page.length < TENANTS_AT_ONCE || !last) return
    after = last.number
  }
}

async function sweepTenant(
  { store, clock, rows, approvals, logins, oob, outbox }: SweepNeeds,
  tenant: TenantNumber,
  signal: AbortSignal,
): Promise<void> {
  const before = clock.now() - KEPT_MS
  const floor = happeningFloor(before)
  const drops: readonly (() => Query<{ readonly id: number }>)[] = [
    () => rows.dropSessions(tenant, floor, before),
    () => logins.dropLogins(tenant, floor, before),
    () => rows.dropChallenges(tenant, floor, before),
    () => rows.dropRecoveries(tenant, before),
    () => rows.dropAssertions(tenant, before),
    () => oob.dropCodes(tenant, before),
    () => approvals.dropOver(tenant, floor, before),
    () => outbox.dropDone(tenant, happeningFloor(before - OUTBOX_MS)),
  ]
  for (const drop of drops) {
    let dropped = CHUNK
    while (dropped === CHUNK && !signal.aborted) {
      dropped = (await store.write(tenant, () => rowsOf(drop()))).length
    }
  }
  const traces = outbox.dropTraces(tenant, happeningFloor(before - OUTBOX_MS))
  const budgets = rows.dropBudgets(tenant, Math.floor(before / MINUTE_MS))
  await store.write(tenant, function* () {
    yield [
      outbox.forgetBodies(tenant, before),
      traces,
      budgets,
      logins.dropTries(tenant, happeningFloor(before - LOGIN_MS)),
      logins.dropPins(tenant, before),
    ]
  })
}
