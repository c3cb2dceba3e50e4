/**
 * Completeness: every number that a run gave out is sealed, or stands there as void or lost. What is not sealed yet is
 * counted, and told when it is older than the sealer may ever be late.
 */
import type { AuditReader } from '#audit/audit-reader.ts'
import type { Findings } from '#audit/finding.ts'
import { happenedAt } from '#domain/ids.ts'
import type { AuditRun } from '#domain/ports/audit-log.ts'

/** The sealer waits ten seconds for numbers in flight before it goes on without them, and then has a few ticks to do so. */
const LATE_MS = 20_000

export type NumberCounts = { runs: number; numbers: number; unsealed: number; oldestUnsealedAt: number | undefined }

type Runs = NonNullable<AuditReader['runs']>

/** Without `now` the age of unsealed events is not judged: a copy may be as old as it likes. */
export async function verifyNumbers(runs: Runs, now: number | undefined, findings: Findings): Promise<NumberCounts> {
  const counts: NumberCounts = { runs: 0, numbers: 0, unsealed: 0, oldestUnsealedAt: undefined }
  for await (const run of runs.all()) {
    counts.runs += 1
    if (!('state' in run)) findings.add('run_missing', 'Events of this run are there, the run is not.', run)
    await verifyRun(runs, run, findings, counts)
  }
  const { oldestUnsealedAt: oldest, unsealed } = counts
  if (now !== undefined && oldest !== undefined && now - oldest > LATE_MS) {
    const age_s = Math.floor((now - oldest) / 1000)
    findings.add('sealer_late', `${unsealed} events are not sealed; the oldest was made ${age_s} seconds ago.`)
  }
  return counts
}

async function verifyRun(
  runs: Runs,
  row: AuditRun | { readonly run: number },
  findings: Findings,
  counts: NumberCounts,
): Promise<void> {
  const { run } = row
  const sealedTo = 'sealedTo' in row ? row.sealedTo : Infinity
  let next = 1
  for await (const { number, tenant, id, seq } of runs.numbers(run)) {
    // A gap beyond what is sealed may be a unit on its way.
    if (number > next && next <= sealedTo) {
      const until = Math.min(number - 1, sealedTo)
      const sentence = next === until ? `Number ${next} is gone.` : `Numbers ${next} to ${until} are gone.`
      findings.add('number_missing', sentence, { run, number: next })
    }
    next = number + 1
    counts.numbers += 1
    if (seq !== null) continue
    if (number <= sealedTo) {
      findings.add('event_not_sealed', 'The event stands behind the seal, but no leaf names it.', {
        tenant,
        event: id,
        run,
        number,
      })
    } else {
      counts.unsealed += 1
      counts.oldestUnsealedAt = Math.min(counts.oldestUnsealedAt ?? Infinity, happenedAt(id))
    }
  }
  if (!('state' in row)) return
  const end = row.done === 1 && row.last !== null ? row.last : row.sealedTo
  if (next <= end) {
    findings.add('number_missing', `The run ends at number ${next - 1}, and had given out ${end}.`, {
      run,
      number: next,
    })
  }
}
