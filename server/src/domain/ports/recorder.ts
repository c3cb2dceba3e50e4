/**
 * Audit events are written in the unit that decides: `record` numbers the event within this node's run and answers the
 * queries that write it. A unit that runs again records again; the unused number is later reported as void.
 */
import type { AuditEvent } from '#domain/event.ts'
import type { EventId, TenantNumber } from '#domain/ids.ts'
import type { Query } from '#domain/ports/store.ts'

export interface Recorder {
  record(tenant: TenantNumber, event: AuditEvent): { readonly id: EventId; readonly queries: readonly Query[] }
}
