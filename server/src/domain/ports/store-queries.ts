/** Rows of the store itself: its epoch, the floor of its clock, and the nodes that work on it. */
import type { Query } from '#domain/ports/store.ts'

export interface StoreQueries {
  meta(name: string): Query<{ readonly value: string }>
  setMeta(name: string, value: string): Query
  /** Takes a free or expired node number; no row when somebody else holds it. */
  leaseNode(node: number, holder: string, now: number, until: number): Query<{ readonly holder: string }>
  renewNode(node: number, holder: string, until: number): Query<{ readonly holder: string }>
  releaseNode(node: number, holder: string): Query
}
