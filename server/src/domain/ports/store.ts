/**
 * What a deciding step may ask of the store, and in which form.
 *
 * A unit of work is a generator that yields queries: it cannot await, touches nothing outside, may be run again from
 * the start, and hands everything back by its return value. A refusal is returned (it commits: attempt, audit); only a
 * Fault is thrown (it rolls back). Database errors end a unit and cannot be caught inside it.
 */
import type { TenantNumber } from '#domain/ids.ts'

/** One prepared statement with its values. `text` uses ?1, ?2 …; `name` keys the prepared statement; `row` is a type only. */
export interface Query<Row = unknown> {
  readonly name: string
  readonly text: string
  readonly values: readonly unknown[]
  /** A change that answers an empty row for each row it touched: cheaper than `returning`, where only that is asked. */
  readonly counts?: true
  readonly row?: Row
}

/** Yields batches of queries (one round trip each), receives their rows in the same order. */
export type Unit<T> = Generator<readonly Query[], T, readonly (readonly unknown[])[]>

/** Rows that belong to the store itself (epoch, nodes, seals over all tenants) are reached under this number. */
export const WHOLE_STORE = 0

export interface Store {
  /** A consistent snapshot of committed state. */
  read<T>(tenant: TenantNumber, unit: () => Unit<T>): Promise<T>
  /** Answers after the durable commit. */
  write<T>(tenant: TenantNumber, unit: () => Unit<T>): Promise<T>
}

/** The first row of a query, or undefined. */
export function* first<Row>(query: Query<Row>): Unit<Row | undefined> {
  const answer = yield [query]
  return answer[0]?.[0] as Row | undefined
}

/** All rows of a query. */
export function* rowsOf<Row>(query: Query<Row>): Unit<readonly Row[]> {
  const answer = yield [query]
  return (answer[0] ?? []) as readonly Row[]
}

/** Several queries in one round trip; answers their rows in the same order. */
export function* together<const Q extends readonly Query[]>(
  ...queries: Q
): Unit<{ [K in keyof Q]: readonly (Q[K] extends Query<infer Row> ? Row : never)[] }> {
  return (yield queries) as never
}
