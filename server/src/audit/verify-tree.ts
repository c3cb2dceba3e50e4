/**
 * One tenant's tree, leaf by leaf: each seal has its event, each event recomputes to its leaf, each personal value that is
 * still there fits its commitment, each MAC was made with the key (when it is at hand), and at every size that a
 * checkpoint names the root is the one it signed.
 */
import type { AuditReader, SealedRecord } from '#audit/audit-reader.ts'
import { base64url } from '#audit/checkpoint.ts'
import { commitmentTo, leafOf } from '#audit/event-body.ts'
import type { EventMac } from '#audit/event-mac.ts'
import type { Findings } from '#audit/finding.ts'
import { GrowingTree } from '#audit/merkle.ts'
import { sameBytes } from '#audit/merkle-proof.ts'
import { LOST, VOID } from '#audit/missing-number.ts'
import type { Expected } from '#audit/verify-checkpoints.ts'
import type { TenantNumber } from '#domain/ids.ts'
import { WHOLE_STORE } from '#domain/ports/store.ts'

export type TreeCounts = { events: number; void: number; lost: number; erasedValues: number; macsChecked: number }

type Body = { tenant?: unknown; id?: unknown; action?: unknown; personal?: unknown }
type Check = { readonly tenant: TenantNumber; readonly findings: Findings; readonly key: EventMac | undefined }

export async function verifyTree(
  reader: AuditReader,
  check: Check,
  expected: readonly Expected[],
  counts: TreeCounts,
): Promise<void> {
  const { tenant, findings } = check
  const tree = new GrowingTree()
  // Read before the leaves: those of a running server may grow meanwhile, but never fall behind it.
  const head = await reader.head(tenant)
  const due = new Map<number, Expected[]>()
  for (const one of expected) due.set(one.size, [...(due.get(one.size) ?? []), one])

  let headFits = head === undefined
  const compare = () => {
    if (tree.size === head?.size)
      headFits = sameBytes(head.root, tree.root()) && sameBytes(head.frontier, tree.frontier())
    for (const { root, says } of due.get(tree.size) ?? []) {
      if (root === base64url(tree.root())) continue
      const sentence = `The first ${tree.size} leaves do not give the root that ${says} signs.`
      findings.add('root_differs', sentence, { tenant, seq: tree.size - 1 })
    }
    due.delete(tree.size)
  }

  compare()
  for await (const record of reader.sealed(tenant)) {
    if (record.seq !== tree.size) {
      const sentence = `Leaf ${tree.size} is missing: the next one in the store is ${record.seq}.`
      findings.add('sequence', sentence, { tenant, seq: tree.size })
      // Nothing after a hole can be put in its place; each checkpoint beyond it is told below.
      break
    }
    verifyRecord(record, check, counts)
    tree.append(record.sealedLeaf)
    compare()
  }
  counts.events += tree.size

  for (const [size, [first]] of due) {
    const sentence = `The tree ends after ${tree.size} leaves; ${first?.says} had signed ${size}.`
    findings.add('truncated', sentence, { tenant, seq: tree.size })
  }
  const sizeNow = (await reader.head(tenant))?.size ?? 0
  if (!headFits || sizeNow < tree.size) {
    findings.add('head_differs', 'The head kept beside the leaves is not the head of these leaves.', { tenant })
  }
}

function verifyRecord(record: SealedRecord, { tenant, findings, key }: Check, counts: TreeCounts): void {
  const { seq, id, run, number, leaf, salt, mac, body } = record
  const where = { tenant, seq, event: id }
  if (run === null || number === null || leaf === null || salt === null || mac === null || body === null) {
    findings.add('event_missing', 'The event of this leaf is gone.', where)
    return
  }
  if (!sameBytes(leaf, record.sealedLeaf))
    findings.add('leaf_differs', 'The event was sealed with another leaf.', where)
  if (!sameBytes(leafOf(salt, body), record.sealedLeaf)) {
    findings.add('event_changed', 'The event is not what was sealed.', where)
  }
  if (key !== undefined) {
    counts.macsChecked += 1
    const stamped = sameBytes(key.of(run, number, leaf), mac)
    if (!stamped) findings.add('mac_wrong', 'Nobody with the key of the store gave the event this number.', where)
  }
  const content = bodyOf(body)
  if (content?.tenant !== tenant || content.id !== id) {
    findings.add('event_moved', 'The event says of itself that it belongs elsewhere.', where)
  }
  if (tenant === WHOLE_STORE && content?.action === VOID) counts.void += 1
  if (tenant === WHOLE_STORE && content?.action === LOST) counts.lost += 1
  verifyPersonal(record, content, findings, where, counts)
}

function verifyPersonal(
  { personal }: SealedRecord,
  content: Body | undefined,
  findings: Findings,
  where: { readonly tenant: number; readonly seq: number; readonly event: number },
  counts: TreeCounts,
): void {
  const commitments = new Map(Object.entries((content?.personal ?? {}) as Record<string, unknown>))
  for (const { name, value, salt } of personal) {
    const committed = commitments.get(name)
    commitments.delete(name)
    if (committed === commitmentTo(salt, name, value)) continue
    findings.add('personal_changed', `The personal value ${name} is not the one that was sealed.`, where)
  }
  counts.erasedValues += commitments.size
}

function bodyOf(body: string): Body | undefined {
  try {
    const content: unknown = JSON.parse(body)
    return typeof content === 'object' && content !== null ? content : undefined
  } catch {
    return undefined
  }
}
