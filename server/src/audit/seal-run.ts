/**
 * Seals the next events of one run, in one unit: each event becomes the next leaf of its tenant's tree. A gap in the
 * numbers may still be a unit on its way, so a young gap stops the run; past ten seconds, or once the owner is gone, the
 * gap is taken by events that say so. Events are only read; what is written are seals, subtrees and heads.
 */
import type { EventStamp } from '#audit/event-stamp.ts'
import { GrowingTree } from '#audit/merkle.ts'
import { LOST, MOST_AT_ONCE, takeMissing } from '#audit/missing-number.ts'
import type { TreeHead } from '#audit/tenant-tree.ts'
import { happenedAt, type TenantNumber } from '#domain/ids.ts'
import type { AuditLog, AuditRun, AuditSeal, AuditSubtree, UnsealedEvent } from '#domain/ports/audit-log.ts'
import { first, type Query, rowsOf, type Unit } from '#domain/ports/store.ts'

/** Few enough that SQLite, which runs a unit in one turn of the event loop, is held up for some milliseconds only. */
export const SEALED_AT_ONCE = 500
/** Subtrees of 2^8, 2^16 … leaves are kept, so that no proof reads more than 256 rows for one hash. */
export const KEPT_LEVELS = 8
const GAP_MS = 10_000

type Needs = { readonly log: AuditLog; readonly stamp: EventStamp }

export type SealedRun = {
  readonly heads: readonly (readonly [TenantNumber, TreeHead])[]
  readonly sealed: number
  readonly lost: number
  /** Whether another unit would find work at once. */
  readonly more: boolean
  /** When the first event that could not be sealed was made. */
  readonly waitingSince: number | undefined
  /** An event behind a gap that nobody with the key made. */
  readonly forged: UnsealedEvent | undefined
}

const nothing: SealedRun = {
  heads: [],
  sealed: 0,
  lost: 0,
  more: false,
  waitingSince: undefined,
  forged: undefined,
}

/** Part of a unit that holds the sealer's row. */
export function* sealRun(needs: Needs, run: number, now: number): Unit<SealedRun> {
  const { log } = needs
  const row = yield* first(log.run(run))
  if (row === undefined || row.done === 1) return nothing
  const events = yield* rowsOf(log.eventsAfter(run, row.sealedTo, SEALED_AT_ONCE))
  const next = events.findIndex((event, i) => event.number !== row.sealedTo + 1 + i)
  const ready = next < 0 ? events : events.slice(0, next)
  if (ready.length === 0) return yield* closeGap(needs, row, events[0], now)

  const heads = yield* appendSeals(log, ready)
  yield [log.setSealedTo(run, ready.at(-1)!.number)]
  const waiting = events[ready.length] ?? (events.length === SEALED_AT_ONCE ? events.at(-1) : undefined)
  const waitingSince = waiting && happenedAt(waiting.id)
  return { ...nothing, heads, sealed: ready.length, more: waiting !== undefined || row.state !== 'open', waitingSince }
}

/** The next number is missing: `beyond` is the event behind the gap, if there is one. */
function* closeGap(needs: Needs, row: AuditRun, beyond: UnsealedEvent | undefined, now: number): Unit<SealedRun> {
  const { log, stamp } = needs
  const ended = row.state !== 'open'
  const real = beyond !== undefined && stamp.stamped(beyond)
  const end = real ? beyond.number : ended && row.last !== null ? row.last + 1 : undefined
  if (end === undefined || end <= row.sealedTo + 1) {
    if (ended && beyond === undefined) yield [log.finishRun(row.run)]
    const waitingSince = beyond && happenedAt(beyond.id)
    return { ...nothing, waitingSince, forged: beyond }
  }
  if (!ended && beyond !== undefined && now - happenedAt(beyond.id) <= GAP_MS) {
    return { ...nothing, waitingSince: happenedAt(beyond.id) }
  }
  const count = Math.min(end - row.sealedTo - 1, MOST_AT_ONCE)
  const numbers = Array.from({ length: count }, (_, i) => row.sealedTo + 1 + i)
  const answers = yield takeMissing(needs, row.run, numbers, LOST)
  const lost = answers.reduce((sum, rows) => sum + rows.length, 0)
  // Without one taken number another unit came in between: it is looked at in the next second, not in a loop.
  return { ...nothing, lost, more: lost > 0 }
}

function* appendSeals(log: AuditLog, events: readonly UnsealedEvent[]): Unit<[TenantNumber, TreeHead][]> {
  const trees = new Map<TenantNumber, GrowingTree>()
  for (const { tenant } of events) trees.set(tenant, new GrowingTree())
  for (const rows of yield log.heads([...trees.keys()])) {
    for (const head of rows as readonly (TreeHead & { tenant: TenantNumber; frontier: Uint8Array })[]) {
      trees.set(head.tenant, GrowingTree.restored(head.size, head.frontier))
    }
  }
  const seals: AuditSeal[] = []
  const subtrees: AuditSubtree[] = []
  for (const { tenant, id, leaf } of events) {
    const seq = trees.get(tenant)!.append(leaf, (level, position, hash) => {
      if (level % KEPT_LEVELS === 0) subtrees.push({ tenant, level, position, hash })
    })
    seals.push({ tenant, seq, event: id, leaf })
  }
  const heads = [...trees].map(([tenant, tree]) => {
    return { tenant, size: tree.size, root: tree.root(), frontier: tree.frontier() }
  })
  const writes: Query[] = [...log.addSeals(seals), ...log.addSubtrees(subtrees), ...log.putHeads(heads)]
  yield writes
  return heads.map(({ tenant, size, root }) => [tenant, { size, root }])
}
