/** Rows of the store itself: its epoch, the floor of its clock, and the nodes that work on it. */
import type { Query } from '#domain/ports/store.ts'

export interface NodeLeaseRow {
  readonly node: number
  readonly holder: string
  readonly startedAt: number
  readonly until: number
}

export interface StoreQueries {
  meta(name: string): Query<{ readonly value: string }>
  setMeta(name: string, value: string): Query
  /** Takes a node number that is free or whose lease ended before `endedBefore`; no row when somebody else holds it. */
  leaseNode(lease: NodeLeaseRow, endedBefore: number): Query<{ readonly holder: string }>
  renewNode(node: number, holder: string, until: number): Query<{ readonly holder: string }>
  releaseNode(node: number, holder: string): Query
}
