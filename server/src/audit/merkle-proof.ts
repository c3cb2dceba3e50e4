/**
 * Inclusion and consistency proofs of RFC 6962 sections 2.1.1 and 2.1.2, checked by the algorithms of RFC 9162 sections
 * 2.1.3.2 and 2.1.4.2. A proof is planned as ranges of leaves first; whoever holds the tree turns each range into hashes
 * of complete subtrees, so that planning needs no data and a large log is read in few rows.
 */
import { foldRight, nodeHash } from '#audit/merkle.ts'

/** Leaves from `start` up to, not including, `end`. */
export interface LeafRange {
  readonly start: number
  readonly end: number
}

/** A complete subtree: 2^level leaves from position × 2^level on. */
export interface TreeNode {
  readonly level: number
  readonly position: number
}

export function inclusionRanges(index: number, size: number): LeafRange[] {
  if (!isWithin(index, size)) throw new RangeError(`no leaf ${index} in a tree of ${size}`)
  const ranges: LeafRange[] = []
  let start = 0
  let end = size
  while (end - start > 1) {
    const split = start + splitOf(end - start)
    if (index < split) {
      ranges.push({ start: split, end })
      end = split
    } else {
      ranges.push({ start, end: split })
      start = split
    }
  }
  return ranges.reverse()
}

export function consistencyRanges(oldSize: number, size: number): LeafRange[] {
  if (!(Number.isSafeInteger(oldSize) && oldSize >= 0 && oldSize <= size)) {
    throw new RangeError(`a tree of ${size} leaves never had ${oldSize}`)
  }
  if (oldSize === 0 || oldSize === size) return []
  const ranges: LeafRange[] = []
  let start = 0
  let end = size
  while (end !== oldSize) {
    const split = start + splitOf(end - start)
    if (oldSize <= split) {
      ranges.push({ start: split, end })
      end = split
    } else {
      ranges.push({ start, end: split })
      start = split
    }
  }
  // The whole old tree is what the verifier brings; a part of it must be told.
  if (start > 0) ranges.push({ start, end })
  return ranges.reverse()
}

/** The complete subtrees of a range that a proof asked for, largest first. */
export function nodesOf({ start, end }: LeafRange): TreeNode[] {
  const nodes: TreeNode[] = []
  for (let at = start; at < end; ) {
    let level = 0
    let width = 1
    while (width * 2 <= end - at) {
      width *= 2
      level += 1
    }
    nodes.push({ level, position: at / width })
    at += width
  }
  return nodes
}

/** One hash of a proof from the hashes of `nodesOf(range)`. */
export const rangeHash = foldRight

export function includes(
  root: Uint8Array,
  size: number,
  index: number,
  leaf: Uint8Array,
  path: readonly Uint8Array[],
): boolean {
  if (!isWithin(index, size)) return false
  let [fn, sn, hash] = [index, size - 1, leaf]
  for (const step of path) {
    if (sn === 0) return false
    if (fn % 2 === 1 || fn === sn) {
      hash = nodeHash(step, hash)
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, Math.floor(sn / 2)]
    } else {
      hash = nodeHash(hash, step)
    }
    fn = Math.floor(fn / 2)
    sn = Math.floor(sn / 2)
  }
  return sn === 0 && sameBytes(hash, root)
}

/** Whether the tree of `size` leaves begins with all leaves of the tree of `oldSize`. */
export function extendsTree(
  oldSize: number,
  oldRoot: Uint8Array,
  size: number,
  root: Uint8Array,
  proof: readonly Uint8Array[],
): boolean {
  if (oldSize > size) return false
  if (oldSize === size) return proof.length === 0 && sameBytes(oldRoot, root)
  if (oldSize === 0) return proof.length === 0
  const path = isPowerOfTwo(oldSize) ? [oldRoot, ...proof] : [...proof]
  const seed = path.shift()
  if (seed === undefined) return false

  let [fn, sn] = [oldSize - 1, size - 1]
  while (fn % 2 === 1) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)]
  let [oldHash, hash] = [seed, seed]
  for (const step of path) {
    if (sn === 0) return false
    if (fn % 2 === 1 || fn === sn) {
      oldHash = nodeHash(step, oldHash)
      hash = nodeHash(step, hash)
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, Math.floor(sn / 2)]
    } else {
      hash = nodeHash(hash, step)
    }
    fn = Math.floor(fn / 2)
    sn = Math.floor(sn / 2)
  }
  return sn === 0 && sameBytes(oldHash, oldRoot) && sameBytes(hash, root)
}

/** Not constant time: hashes of a public tree are no secrets. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}

function isWithin(index: number, size: number): boolean {
  return Number.isSafeInteger(index) && Number.isSafeInteger(size) && index >= 0 && index < size
}

/** The largest power of two below n: where RFC 6962 splits a tree. */
function splitOf(n: number): number {
  let split = 1
  while (split * 2 < n) split *= 2
  return split
}

function isPowerOfTwo(n: number): boolean {
  return splitOf(n) * 2 === n || n === 1
}
