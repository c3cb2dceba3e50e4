/**
 * The Merkle tree of RFC 6962 section 2.1, grown leaf by leaf: a node is SHA-256(0x01 ‖ left ‖ right), and the frontier
 * keeps the roots of the complete subtrees, largest first. Takes leaf hashes, not data: the leaf's own 0x00 is put in
 * front where the event is hashed. Indices are plain numbers beyond 32 bits, so nothing here shifts or masks.
 */
import { hash } from 'node:crypto'
import { Fault } from '#domain/refusal.ts'

export const HASH_BYTES = 32

/** SHA-256 of nothing: the root of a tree without leaves. */
export const EMPTY_ROOT: Uint8Array = hash('sha256', '', 'buffer')

export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(1 + 2 * HASH_BYTES)
  bytes[0] = 1
  bytes.set(left, 1)
  bytes.set(right, 1 + HASH_BYTES)
  return hash('sha256', bytes, 'buffer')
}

/** The root over complete subtrees that follow each other from left to right, each at least as large as the next. */
export function foldRight(hashes: readonly Uint8Array[]): Uint8Array {
  const last = hashes.at(-1)
  if (last === undefined) return EMPTY_ROOT
  let root = last
  for (let i = hashes.length - 2; i >= 0; i--) root = nodeHash(hashes[i]!, root)
  return root
}

/** Is told each inner node that becomes complete: level 1 stands over two leaves. */
export type NodeWitness = (level: number, position: number, hash: Uint8Array) => void

export class GrowingTree {
  #size = 0
  #peaks: Uint8Array[] = []

  /** The tree that `frontier()` was taken of. */
  static restored(size: number, frontier: Uint8Array): GrowingTree {
    const tree = new GrowingTree()
    if (!Number.isSafeInteger(size) || frontier.length !== HASH_BYTES * onesOf(size)) {
      throw new Fault(`a frontier of ${frontier.length} bytes does not belong to a tree of ${size} leaves`)
    }
    tree.#size = size
    for (let at = 0; at < frontier.length; at += HASH_BYTES) tree.#peaks.push(frontier.slice(at, at + HASH_BYTES))
    return tree
  }

  get size(): number {
    return this.#size
  }

  /** Answers the index of the leaf. */
  append(leaf: Uint8Array, witness?: NodeWitness): number {
    let node = leaf
    let position = this.#size
    for (let level = 1; position % 2 === 1; level++) {
      node = nodeHash(this.#peaks.pop()!, node)
      position = (position - 1) / 2
      witness?.(level, position, node)
    }
    this.#peaks.push(node)
    return this.#size++
  }

  root(): Uint8Array {
    return foldRight(this.#peaks)
  }

  frontier(): Uint8Array {
    const bytes = new Uint8Array(this.#peaks.length * HASH_BYTES)
    this.#peaks.forEach((peak, i) => {
      bytes.set(peak, i * HASH_BYTES)
    })
    return bytes
  }
}

function onesOf(size: number): number {
  let ones = 0
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2
  return ones
}
