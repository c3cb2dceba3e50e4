/**
 * Proofs out of a store: that an event is the leaf `seq` of a tree (RFC 6962 section 2.1.1), and that one tree begins with
 * another (2.1.2). Kept subtrees make them cheap: a proof in a log of a billion events reads at most 256 short rows for
 * each of its hashes, and some thirty hashes.
 */
import { GrowingTree } from '#audit/merkle.ts'
import {
  consistencyRanges,
  inclusionRanges,
  type LeafRange,
  nodesOf,
  rangeHash,
  type TreeNode,
} from '#audit/merkle-proof.ts'
import { KEPT_LEVELS } from '#audit/seal-run.ts'
import type { EventId, TenantNumber } from '#domain/ids.ts'
import type { AuditLog } from '#domain/ports/audit-log.ts'
import { first, type Unit } from '#domain/ports/store.ts'
import { Fault } from '#domain/refusal.ts'

export type InclusionProof = {
  readonly seq: number
  readonly leaf: Uint8Array
  readonly size: number
  readonly root: Uint8Array
  readonly path: readonly Uint8Array[]
}

export type ConsistencyProof = { readonly from: number; readonly size: number; readonly path: readonly Uint8Array[] }

/** In the tree of `size` leaves, by default the newest. Undefined while the event is not sealed, or was not by then. */
export function* proveEvent(
  log: AuditLog,
  tenant: TenantNumber,
  event: EventId,
  size?: number,
): Unit<InclusionProof | undefined> {
  const seal = yield* first(log.sealOf(tenant, event))
  const head = yield* headOf(log, tenant)
  const of = size ?? head
  if (seal === undefined || seal.seq >= of || of > head) return undefined
  const path = yield* hashesOf(log, tenant, inclusionRanges(seal.seq, of))
  const [root] = yield* hashesOf(log, tenant, [{ start: 0, end: of }])
  return { seq: seal.seq, leaf: seal.leaf, size: of, root: root!, path }
}

/** Undefined when the tree is not that long, or shrank. */
export function* proveConsistency(
  log: AuditLog,
  tenant: TenantNumber,
  from: number,
  size?: number,
): Unit<ConsistencyProof | undefined> {
  const head = yield* headOf(log, tenant)
  const of = size ?? head
  if (from > of || of > head) return undefined
  return { from, size: of, path: yield* hashesOf(log, tenant, consistencyRanges(from, of)) }
}

function* headOf(log: AuditLog, tenant: TenantNumber): Unit<number> {
  const [query] = log.heads([tenant])
  const head = query && (yield* first(query))
  return head?.size ?? 0
}

function* hashesOf(log: AuditLog, tenant: TenantNumber, ranges: readonly LeafRange[]): Unit<Uint8Array[]> {
  const nodes = ranges.map(nodesOf)
  const rows = nodes.length === 0 ? [] : yield nodes.flat().map(node => queryOf(log, tenant, node))
  let at = 0
  return nodes.map(group => rangeHash(group.map(node => nodeFrom(node, rows[at++] as readonly { hash: Uint8Array }[]))))
}

/** What stands below the node: leaves, or the kept subtrees of the nearest level. */
function queryOf(log: AuditLog, tenant: TenantNumber, { level, position }: TreeNode) {
  const kept = level - (level % KEPT_LEVELS)
  const width = 2 ** (level - kept)
  const [from, to] = [position * width, (position + 1) * width]
  return kept === 0 ? log.leaves(tenant, from, to) : log.subtrees(tenant, kept, from, to)
}

function nodeFrom({ level }: TreeNode, rows: readonly { readonly hash: Uint8Array }[]): Uint8Array {
  const width = 2 ** (level % KEPT_LEVELS)
  if (rows.length !== width) throw new Fault(`the audit's tree lacks ${width - rows.length} hashes of a subtree`)
  const tree = new GrowingTree()
  for (const { hash } of rows) tree.append(hash)
  return tree.root()
}
