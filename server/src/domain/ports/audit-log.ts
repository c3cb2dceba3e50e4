/**
 * What the audit asks of the store: events, runs, the seals that put events into their tenant's Merkle tree, heads,
 * checkpoints. Rows only; which of them may stand together is decided in the audit room.
 *
 * An event row is written once and never changed. Only rows of `AuditPersonal` are ever deleted.
 */
import type { EventId, TenantNumber, UserId } from '#domain/ids.ts'
import type { Query } from '#domain/ports/store.ts'

export interface AuditRow {
  readonly tenant: TenantNumber
  readonly id: EventId
  readonly run: number
  readonly number: number
  /** SHA-256(0x00 ‖ salt ‖ body as UTF-8): the leaf hash of RFC 6962 section 2.1. */
  readonly leaf: Uint8Array
  readonly salt: Uint8Array
  /** HMAC-SHA256(run ‖ number ‖ leaf) under the store's audit key. */
  readonly mac: Uint8Array
  /** Canonical JSON (RFC 8785). */
  readonly body: string
}

/** A value that names a person. Erasing it leaves its commitment in the event's body. */
export interface AuditPersonal {
  readonly tenant: TenantNumber
  readonly event: EventId
  /** 0 when the event concerns nobody we know. */
  readonly user: UserId
  readonly name: string
  readonly value: string
  readonly salt: Uint8Array
}

/** One start of one process. Its events are numbered from 1 without gaps. */
export interface AuditRun {
  readonly run: number
  readonly node: number
  readonly startedAt: number
  /** The owner renews it; past it the run counts as crashed. */
  readonly aliveUntil: number
  readonly endedAt: number | null
  /** The last number given out; known only of a run that was closed. */
  readonly last: number | null
  readonly state: 'open' | 'closed' | 'crashed'
  readonly sealedTo: number
  /** 1 when nothing can follow. */
  readonly done: number
}

export interface AuditSeal {
  readonly tenant: TenantNumber
  /** Index of the leaf, from 0. */
  readonly seq: number
  readonly event: EventId
  readonly leaf: Uint8Array
}

export interface AuditHead {
  readonly tenant: TenantNumber
  readonly size: number
  readonly root: Uint8Array
  /** Roots of the complete subtrees, largest first, 32 bytes each. */
  readonly frontier: Uint8Array
}

export interface AuditSubtree {
  readonly tenant: TenantNumber
  readonly level: number
  readonly position: number
  readonly hash: Uint8Array
}

export interface AuditCheckpoint {
  readonly number: number
  readonly epoch: number
  readonly at: number
  readonly full: number
  readonly jws: string
}

/** A seal with what is left of its event. */
export interface SealedEvent {
  readonly seq: number
  readonly sealedLeaf: Uint8Array
  readonly id: EventId
  readonly run: number | null
  readonly number: number | null
  readonly leaf: Uint8Array | null
  readonly salt: Uint8Array | null
  readonly mac: Uint8Array | null
  readonly body: string | null
}

export type UnsealedEvent = Pick<AuditRow, 'tenant' | 'id' | 'run' | 'number' | 'leaf' | 'mac'>
export type NumberedEvent = Pick<AuditRow, 'tenant' | 'id' | 'number'> & { readonly seq: number | null }

export interface AuditLog {
  addEvent(row: AuditRow): Query
  /** Writes nothing when the number of this run is taken; whoever comes second fails. */
  addEventIfFree(row: AuditRow): Query<{ readonly number: number }>
  addPersonal(rows: readonly AuditPersonal[]): readonly Query[]
  erasePerson(tenant: TenantNumber, user: UserId): Query

  newestRun(): Query<{ readonly run: number | null }>
  addRun(run: number, node: number, now: number, aliveUntil: number): Query<{ readonly run: number }>
  /** Runs that an earlier process of this node left open. */
  endRunsOfNode(node: number, now: number): Query
  endRunsNotAlive(now: number): Query
  renewRun(run: number, aliveUntil: number): Query
  closeRun(run: number, last: number, now: number): Query
  run(run: number): Query<AuditRun>
  runsAfter(run: number, limit: number): Query<AuditRun>
  runsToSeal(limit: number): Query<AuditRun>
  setSealedTo(run: number, sealedTo: number): Query
  finishRun(run: number): Query
  /** How many events of the run stand in (after, upTo]. */
  countNumbers(run: number, after: number, upTo: number): Query<{ readonly count: number }>
  numbersAfter(run: number, after: number, limit: number): Query<NumberedEvent>
  /** The smallest run above this one that has events, with or without its row. */
  nextRunWithEvents(run: number): Query<{ readonly run: number | null }>
  eventsAfter(run: number, number: number, limit: number): Query<UnsealedEvent>

  /** Takes the sealer's row when it is free or ours; a change of hands raises the epoch. */
  takeSealing(holder: string, now: number, leaseUntil: number): Query<{ readonly epoch: number }>
  /** First statement of each unit of the sealer: its row lock orders sealers, its absence stops the late one. */
  holdSealing(holder: string, epoch: number, leaseUntil: number): Query<{ readonly epoch: number }>
  addSeals(rows: readonly AuditSeal[]): readonly Query[]
  addSubtrees(rows: readonly AuditSubtree[]): readonly Query[]
  putHeads(rows: readonly AuditHead[]): readonly Query[]
  heads(tenants: readonly TenantNumber[]): readonly Query<AuditHead>[]
  headsAfter(tenant: TenantNumber, limit: number): Query<AuditHead>

  addCheckpoint(row: AuditCheckpoint): Query
  newestCheckpoint(): Query<AuditCheckpoint>
  checkpointsAfter(number: number, limit: number): Query<AuditCheckpoint>
  /** Drops at most 500 checkpoints older than the newest full one made before `before`. */
  dropCheckpoints(before: number): Query
  sentTo(place: string): Query<{ readonly number: number }>
  setSentTo(place: string, number: number): Query

  /** The smallest tenant above this one that has a head or a seal. */
  nextSealedTenant(tenant: TenantNumber): Query<{ readonly tenant: number | null }>
  sealedAfter(tenant: TenantNumber, seq: number, limit: number): Query<SealedEvent>
  personalOf(tenant: TenantNumber, event: EventId): Query<AuditPersonal>
  sealOf(tenant: TenantNumber, event: EventId): Query<AuditSeal>
  leaves(tenant: TenantNumber, from: number, to: number): Query<{ readonly hash: Uint8Array }>
  subtrees(tenant: TenantNumber, level: number, from: number, to: number): Query<{ readonly hash: Uint8Array }>
}
