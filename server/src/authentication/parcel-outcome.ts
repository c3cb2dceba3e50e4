/**
 * What follows from how a message ended. A subscription that its push service forgot is forgotten here; an address that must not be
 * called is told to the audit (security.md C2): somebody registered it, or its name began to lead somewhere else.
 */
import type { ApprovalNeeds } from '#authentication/approval-needs.ts'
import type { OutboxRow } from '#domain/ports/outbox-queries.ts'

type Needs = Pick<ApprovalNeeds, 'store' | 'apps' | 'recorder'>

export async function noteOutcome({ store, apps, recorder }: Needs, row: OutboxRow, outcome: string): Promise<void> {
  const { tenant, kind, destination, subject } = row
  const [of = '', id = ''] = destination.split(':')
  if (kind === 'wake' && outcome === 'gone') {
    await store.write(tenant, function* () {
      yield [apps.setWake(tenant, Number(id), null)]
    })
  }
  if (outcome !== 'address_refused') return
  await store.write(tenant, function* () {
    yield recorder.record(tenant, {
      action: 'deliverMessage',
      result: 'FAILURE',
      severity: 'Alert',
      reason: outcome,
      actor: of === 'client' ? { kind: 'client', id } : { kind: 'system' },
      parameters: { TEXT1: String(subject), TEXT2: kind, ...(of === 'device' ? { DID: Number(id) } : {}) },
    }).queries
  })
}
