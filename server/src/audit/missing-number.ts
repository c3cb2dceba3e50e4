/**
 * A number that no event took is taken by an event that says so: `auditNumberVoid` by its owner (the unit rolled back),
 * `auditNumberLost` by the sealer (the owner is gone). It takes the number for good: a unit that comes late with it
 * meets the unique (run, number) and fails whole, so nothing can slip in behind the seal.
 */
import type { EventStamp } from '#audit/event-stamp.ts'
import type { AuditLog } from '#domain/ports/audit-log.ts'
import { type Query, WHOLE_STORE } from '#domain/ports/store.ts'

export const VOID = 'auditNumberVoid'
export const LOST = 'auditNumberLost'

/** Statements in one unit are few; a longer gap takes several units. */
export const MOST_AT_ONCE = 100

export function takeMissing(
  { log, stamp }: { readonly log: AuditLog; readonly stamp: EventStamp },
  run: number,
  numbers: readonly number[],
  action: typeof VOID | typeof LOST,
): Query<{ readonly number: number }>[] {
  return numbers.map(number => {
    const parameters = { RUN: run, NUMBER: number }
    const event = { action, result: 'FAILURE', actor: { kind: 'system' }, parameters } as const
    return log.addEventIfFree(stamp.rows(WHOLE_STORE, run, number, event)[0])
  })
}

/** The numbers in (after, before) that are not among these, at most `MOST_AT_ONCE`. */
export function missingBetween(after: number, before: number, present: ReadonlySet<number>): number[] {
  const missing: number[] = []
  for (let number = after + 1; number < before && missing.length < MOST_AT_ONCE; number++) {
    if (!present.has(number)) missing.push(number)
  }
  return missing
}
