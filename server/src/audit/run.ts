/**
 * A run is one start of one process. It is opened before the first event, tended each second (kept alive; numbers of
 * units that rolled back are declared void) and closed on a clean shutdown with its last number. A run that was not
 * closed and is no longer tended counts as crashed, until its owner tends it again.
 */
import { MOST_AT_ONCE, missingBetween, takeMissing, VOID } from '#audit/missing-number.ts'
import type { AuditRecorder } from '#audit/recorder.ts'
import type { AuditLog } from '#domain/ports/audit-log.ts'
import { first, rowsOf, type Store, type Unit, WHOLE_STORE } from '#domain/ports/store.ts'
import { Fault } from '#domain/refusal.ts'

/** How long a run lives without being tended. */
export const ALIVE_MS = 30_000
/** Longer than any unit may take; shorter than the sealer waits before it calls a number lost. */
const VOID_AFTER_MS = 5_000
const TRIES = 8
const READ_AT_ONCE = 1_000

type Needs = { readonly store: Store; readonly log: AuditLog; readonly recorder: AuditRecorder }

/** Answers the run's number: at least the time, so that a restored store does not use the numbers of lost runs again. */
export async function openRun(store: Store, log: AuditLog, node: number, now: number): Promise<number> {
  const run = await store.write(WHOLE_STORE, function* (): Unit<number | undefined> {
    yield [log.endRunsOfNode(node, now)]
    for (let tries = 0; tries < TRIES; tries++) {
      const newest = yield* first(log.newestRun())
      const added = yield* first(log.addRun(Math.max(now, (newest?.run ?? 0) + 1), node, now, now + ALIVE_MS))
      if (added !== undefined) return added.run
    }
    return undefined
  })
  if (run === undefined) throw new Fault('no run of the audit could be opened: other nodes took every number')
  return run
}

/** Once a second. Answers how many numbers were declared void. */
export async function tendRun({ store, log, recorder }: Needs, now: number): Promise<number> {
  const { ledger } = recorder
  const horizon = ledger.horizon(now, VOID_AFTER_MS)
  if (ledger.aliveUntil - now < ALIVE_MS / 2) {
    await store.write(WHOLE_STORE, function* (): Unit<void> {
      yield [log.renewRun(ledger.run, now + ALIVE_MS)]
    })
    ledger.aliveUntil = now + ALIVE_MS
  }
  return settleUpTo({ store, log, recorder }, horizon)
}

/** After the last unit was answered. Writes the run's last event, so that the run's end is itself in the tree. */
export async function closeRun({ store, log, recorder }: Needs, now: number): Promise<void> {
  const { ledger } = recorder
  const parameters = { RUN: ledger.run }
  const closing = { action: 'closeAuditRun', result: 'SUCCESS', actor: { kind: 'system' }, parameters } as const
  await store.write(WHOLE_STORE, function* (): Unit<void> {
    yield recorder.record(WHOLE_STORE, closing).queries
  })
  const last = ledger.given
  await settleUpTo({ store, log, recorder }, last)
  await store.write(WHOLE_STORE, function* (): Unit<void> {
    yield [log.closeRun(ledger.run, last, now)]
  })
}

async function settleUpTo({ store, log, recorder }: Needs, upTo: number): Promise<number> {
  const { ledger, stamp } = recorder
  const { run } = ledger
  let voided = 0
  while (ledger.settled < upTo) {
    const after = ledger.settled
    const chunkEnd = Math.min(upTo, after + READ_AT_ONCE)
    const missing = await store.read(WHOLE_STORE, function* (): Unit<readonly number[]> {
      const counted = yield* first(log.countNumbers(run, after, chunkEnd))
      if (Number(counted?.count) === chunkEnd - after) return []
      const rows = yield* rowsOf(log.numbersAfter(run, after, READ_AT_ONCE))
      return missingBetween(after, chunkEnd + 1, new Set(rows.map(row => row.number)))
    })
    if (missing.length > 0) {
      voided += await store.write(WHOLE_STORE, function* (): Unit<number> {
        const answers = yield takeMissing({ log, stamp }, run, missing, VOID)
        return answers.reduce((sum, rows) => sum + rows.length, 0)
      })
    }
    ledger.settle(missing.length === MOST_AT_ONCE ? missing.at(-1)! : chunkEnd)
  }
  return voided
}
