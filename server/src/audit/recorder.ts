/**
 * Records events in the unit that decides. Synchronous and on the path of every proof: one SHA-256, one HMAC, one insert
 * (and one more for personal values). A unit that runs again records again; its first number is later found missing and
 * declared void (`run.ts`).
 */
import { EventStamp } from '#audit/event-stamp.ts'
import { RunLedger } from '#audit/run-ledger.ts'
import type { AuditEvent } from '#domain/event.ts'
import type { EventId, Happenings, TenantNumber } from '#domain/ids.ts'
import type { AuditLog } from '#domain/ports/audit-log.ts'
import type { Random } from '#domain/ports/random.ts'
import type { Recorder } from '#domain/ports/recorder.ts'
import type { Query } from '#domain/ports/store.ts'

type Needs = {
  readonly happenings: Happenings
  readonly random: Random
  /** From `openRun`. */
  readonly run: number
  readonly macKey: Uint8Array
  readonly log: AuditLog
}

export class AuditRecorder implements Recorder {
  readonly ledger: RunLedger
  readonly stamp: EventStamp
  readonly #log: AuditLog

  constructor(needs: Needs) {
    this.stamp = new EventStamp(needs)
    this.ledger = new RunLedger(needs.run)
    this.#log = needs.log
  }

  record(tenant: TenantNumber, event: AuditEvent): { readonly id: EventId; readonly queries: readonly Query[] } {
    const [row, personal] = this.stamp.rows(tenant, this.ledger.run, this.ledger.take(), event)
    const insert = this.#log.addEvent(row)
    return { id: row.id, queries: personal.length === 0 ? [insert] : [insert, ...this.#log.addPersonal(personal)] }
  }
}
