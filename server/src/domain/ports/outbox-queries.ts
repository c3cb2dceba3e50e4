/**
 * The outbox: what is to be told to the world, written in the unit that decided it. A row is leased (one worker at a time, its
 * number of the attempt is the fence), prepared once (its bytes are kept sealed, so every retry sends the same), sent without
 * a connection held, then settled by (id, attempt).
 */
import type { TenantNumber } from '#domain/ids.ts'
import type { Query } from '#domain/ports/store.ts'

/**
 * `wake` rouses a device (subject: approval, or 0 for a notice), `result` and `ping` tell a client about an approval,
 * `registration` about a provision, `risk` tells a risk service what a client said, `message` tells a person a code or a link.
 */
export type OutboxKind = 'wake' | 'result' | 'ping' | 'registration' | 'risk' | 'message'
export type OutboxState = 'WAITING' | 'DONE' | 'GAVE_UP' | 'DROPPED'

export interface NewOutboxRow {
  /** A happening. */
  readonly id: number
  readonly kind: OutboxKind
  /** The id of what it is about. */
  readonly subject: number
  /** For fairness and circuits: `device:11845`, `client:4973…`. */
  readonly destination: string
  readonly dueAt: number
  /** Dropped unsent from then on. */
  readonly notAfter: number
  readonly createdAt: number
  /** Where it is known from the beginning: the parcel, sealed like one that was prepared. */
  readonly body?: Uint8Array
}

export interface OutboxRow extends Omit<NewOutboxRow, 'body'> {
  readonly tenant: TenantNumber
  readonly state: OutboxState
  /** Sealed at ('outbox', 'body', id); null until prepared. */
  readonly body: Uint8Array | null
  readonly leaseUntil: number
  readonly attempt: number
  readonly doneAt: number | null
}

export interface OutboxTrace {
  readonly outbox: number
  readonly kind: OutboxKind
  readonly attempt: number
  readonly at: number
  /** `delivered`, `refused`, `timeout`, `address_refused` … */
  readonly outcome: string
  /** HTTP status when there was an answer. */
  readonly status: number | null
}

export interface OutboxQueries {
  add(tenant: TenantNumber, row: NewOutboxRow): Query
  /**
   * Over all tenants: takes at most `limit` due rows, the longest due first; attempt rises by one. Fair: no more than 16 of a
   * tenant and 4 of a destination are held at a time, whoever holds them.
   */
  lease(now: number, leaseUntil: number, limit: number): Query<OutboxRow>
  /** Keeps the bytes of a row that has none; no row when it has some, or when `attempt` is not the running one. */
  keepBody(tenant: TenantNumber, id: number, attempt: number, body: Uint8Array): Query<object>
  /** Ends a row, which also loses its bytes, or puts it back to be tried at `dueAt`; no row when `attempt` is not the running one. */
  settle(
    tenant: TenantNumber,
    id: number,
    attempt: number,
    end: { readonly state: OutboxState; readonly dueAt: number; readonly at: number },
  ): Query<object>
  addTrace(tenant: TenantNumber, trace: Omit<OutboxTrace, 'kind'>): Query
  /** The newest row of a kind about a subject. */
  about(tenant: TenantNumber, kind: OutboxKind, subject: number): Query<OutboxRow>
  /** At most 100, the newest first. */
  traceOf(tenant: TenantNumber, subject: number): Query<OutboxTrace>
  /** Ends a row that waits or that was given up, whose news arrived by another road. */
  finish(tenant: TenantNumber, id: number, at: number): Query<object>
  /** Bytes that could not be brought stay to be fetched, until their time is over. */
  forgetBodies(tenant: TenantNumber, now: number): Query
  /** Ended rows with an id below `floor`, 500 at most. */
  dropDone(tenant: TenantNumber, floor: number): Query<{ readonly id: number }>
  /** Traces of rows that `dropDone` took away, in the same unit. */
  dropTraces(tenant: TenantNumber, floor: number): Query
}
