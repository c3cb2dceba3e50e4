/**
 * Walks the checkpoints of the store and those kept outside in one order (epoch, number), and answers what the trees must
 * show. A checkpoint names only the tenants that changed, but signs the root over all: so a single outside one pins every
 * tenant, as long as the store still has the ones before it back to a full one. The first of an epoch is the record of a
 * restore: what an earlier epoch sealed beyond it was lost by that restore, which is told and not called tampering.
 */
import type { JsonWebKey } from 'node:crypto'
import { base64url, type Checkpoint, readCheckpoint } from '#audit/checkpoint.ts'
import type { Findings } from '#audit/finding.ts'
import { TenantTree } from '#audit/tenant-tree.ts'
import type { TenantNumber } from '#domain/ids.ts'

/** At this size the tree of this tenant had this root. */
export type Expected = { readonly size: number; readonly root: string; readonly says: string }

export type CheckpointsRead = {
  readonly expected: ReadonlyMap<TenantNumber, readonly Expected[]>
  readonly inStore: number
  readonly outside: number
  readonly newestOutside: Checkpoint | undefined
  /** Events that an earlier epoch sealed and a restore gave up. */
  readonly lostByRestore: number
}

type Sources = {
  readonly stored: AsyncIterable<string>
  readonly outside: readonly string[]
  readonly keys: readonly JsonWebKey[]
}
type Pin = { readonly epoch: number; readonly tenant: TenantNumber } & Expected

export async function verifyCheckpoints(sources: Sources, findings: Findings): Promise<CheckpointsRead> {
  const outside = readOutside(sources, findings)
  const walk = new CheckpointWalk(findings)
  let inStore = 0
  let waiting = 0
  let before: Checkpoint | undefined
  for await (const jws of sources.stored) {
    inStore += 1
    const stored = readCheckpoint(jws, sources.keys)
    if ('wrong' in stored) {
      findings.add('checkpoint_unreadable', `A checkpoint in the store cannot be relied on: ${stored.wrong}.`)
      continue
    }
    if (before === undefined ? !stored.full : stored.number !== before.number + 1 || stored.epoch < before.epoch) {
      findings.add('checkpoint_missing', `The checkpoint before ${nameOf(stored)} is not in the store.`)
    }
    before = stored
    while (outside[waiting] !== undefined && inOrder(outside[waiting]!, stored) < 0)
      walk.visit(outside[waiting++]!, true)
    const twin = outside[waiting]
    const same = twin !== undefined && inOrder(twin, stored) === 0
    if (same && JSON.stringify(twin) !== JSON.stringify(stored)) {
      findings.add('checkpoint_forked', `${nameOf(stored)} in the store says something else than the one kept outside.`)
    }
    if (same) waiting += 1
    walk.visit(stored, same)
  }
  walk.endOfStore()
  for (const late of outside.slice(waiting)) {
    const newer = before === undefined || late.epoch >= before.epoch
    if (newer)
      findings.add('store_is_older', `${nameOf(late)} is kept outside, but the store does not have it any more.`)
    walk.visit(late, true)
  }
  const { expected, lostByRestore } = walk.expectations()
  return { expected, inStore, outside: outside.length, newestOutside: outside.at(-1), lostByRestore }
}

function readOutside({ outside, keys }: Sources, findings: Findings): Checkpoint[] {
  const read: Checkpoint[] = []
  for (const jws of new Set(outside)) {
    const checkpoint = readCheckpoint(jws, keys)
    if ('wrong' in checkpoint) {
      findings.add('checkpoint_unreadable', `An outside checkpoint cannot be relied on: ${checkpoint.wrong}.`)
    } else {
      read.push(checkpoint)
    }
  }
  return read.sort(inOrder)
}

class CheckpointWalk {
  readonly #findings: Findings
  #tree = new TenantTree()
  /** Whether the tree holds the head of every tenant as of the last checkpoint visited. */
  #whole = false
  #last: Checkpoint | undefined
  #pins: Pin[] = []
  /** All heads as of the newest outside checkpoint whose root they give. */
  #pinned: Pin[] = []
  /** Per epoch: how long each tree was when it began. */
  readonly #begun = new Map<number, ReadonlyMap<TenantNumber, number>>()

  constructor(findings: Findings) {
    this.#findings = findings
  }

  visit(checkpoint: Checkpoint, outside: boolean): void {
    const last = this.#last
    const begins = last !== undefined && checkpoint.epoch !== last.epoch
    const follows = last !== undefined && !begins && checkpoint.number === last.number + 1
    if (checkpoint.full) {
      if (begins || (last === undefined && checkpoint.epoch > 0)) {
        this.#begun.set(checkpoint.epoch, new Map(checkpoint.heads.map(([tenant, size]) => [tenant, size])))
      } else {
        this.#assertGrown(checkpoint)
      }
      this.#tree = new TenantTree()
    } else {
      if (!begins) this.#assertGrown(checkpoint)
      this.#whole = this.#whole && follows
    }
    if (checkpoint.full) this.#whole = true
    for (const [tenant, size, root] of checkpoint.heads) {
      this.#tree.set(tenant, { size, root: Buffer.from(root, 'base64url') })
      if (outside) this.#pins.push({ epoch: checkpoint.epoch, tenant, size, root, says: nameOf(checkpoint) })
    }
    this.#last = checkpoint
    if (!this.#whole) return
    if (this.#tree.count !== checkpoint.tenants || base64url(this.#tree.root()) !== checkpoint.root) {
      this.#findings.add('checkpoint_root', `The heads known at ${nameOf(checkpoint)} do not give the root it signs.`)
      this.#whole = false
    } else if (outside) {
      this.#pinned = this.#allHeads(checkpoint)
    }
  }

  endOfStore(): void {
    if (this.#last !== undefined && this.#whole) this.#pins.push(...this.#allHeads(this.#last))
  }

  expectations(): { expected: Map<TenantNumber, Expected[]>; lostByRestore: number } {
    const expected = new Map<TenantNumber, Expected[]>()
    const lost = new Map<string, number>()
    for (const pin of [...this.#pins, ...this.#pinned]) {
      const end = this.#endOf(pin)
      if (pin.size > end) {
        const key = `${pin.epoch} ${pin.tenant}`
        lost.set(key, Math.max(lost.get(key) ?? 0, pin.size - end))
        continue
      }
      const known = expected.get(pin.tenant) ?? []
      expected.set(pin.tenant, known)
      if (!known.some(one => one.size === pin.size && one.root === pin.root)) known.push(pin)
    }
    return { expected, lostByRestore: [...lost.values()].reduce((sum, count) => sum + count, 0) }
  }

  /** How much of the pin's epoch is left after the restores that came later. */
  #endOf({ epoch, tenant }: Pin): number {
    let end = Infinity
    for (const [later, sizes] of this.#begun) if (later > epoch) end = Math.min(end, sizes.get(tenant) ?? 0)
    return end
  }

  #assertGrown({ heads, ...checkpoint }: Checkpoint): void {
    for (const [tenant, size] of heads) {
      const before = this.#tree.head(tenant)
      if (before === undefined || before.size <= size) continue
      const sentence = `At ${nameOf(checkpoint)} the tree has ${size} leaves, and had ${before.size} before.`
      this.#findings.add('tree_shrunk', sentence, { tenant })
    }
  }

  #allHeads(checkpoint: Checkpoint): Pin[] {
    const says = nameOf(checkpoint)
    return this.#tree.heads().map(([tenant, { size, root }]) => {
      return { epoch: checkpoint.epoch, tenant, size, root: base64url(root), says }
    })
  }
}

function inOrder(a: Checkpoint, b: Checkpoint): number {
  return a.epoch - b.epoch || a.number - b.number
}

function nameOf({ epoch, number, at }: Pick<Checkpoint, 'epoch' | 'number' | 'at'>): string {
  return `checkpoint ${number} of epoch ${epoch} (${new Date(at).toISOString()})`
}
