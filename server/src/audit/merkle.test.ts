/** Outside vectors: the eight-leaf reference tree of Certificate Transparency (RFC 6962), then laws over many sizes. */
import { hash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { GrowingTree, nodeHash } from './merkle.ts'
import {
  consistencyRanges,
  extendsTree,
  includes,
  inclusionRanges,
  type LeafRange,
  nodesOf,
  rangeHash,
  type TreeNode,
} from './merkle-proof.ts'

const leafOf = (hex: string): Uint8Array => hash('sha256', Buffer.from(`00${hex}`, 'hex'), 'buffer')
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

const data = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
const roots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]
const a = '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7'
const b = '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e'
const c = '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4'
const d = 'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b'
const e = 'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0'
const f = '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a'

/** A tree that remembers its leaves, to answer any node. */
function remembered(leaves: readonly Uint8Array[]) {
  const node = ({ level, position }: TreeNode): Uint8Array =>
    level === 0
      ? leaves[position]!
      : nodeHash(
          node({ level: level - 1, position: 2 * position }),
          node({ level: level - 1, position: 2 * position + 1 }),
        )
  return (ranges: readonly LeafRange[]) => ranges.map(range => rangeHash(nodesOf(range).map(node)))
}

function rootsOf(leaves: readonly Uint8Array[]): Uint8Array[] {
  const tree = new GrowingTree()
  const found = [tree.root()]
  for (const leaf of leaves) {
    tree.append(leaf)
    found.push(tree.root())
  }
  return found
}

describe('RFC 6962 reference tree', () => {
  const leaves = data.map(leafOf)
  const prove = remembered(leaves)

  it('has the known root at every size', () => {
    expect(rootsOf(leaves).slice(1).map(hexOf)).toEqual(roots)
    expect(hexOf(new GrowingTree().root())).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  })

  it.each([
    [0, 1, []],
    [0, 8, [a, b, c]],
    [5, 8, [d, e, roots[3]]],
    [2, 3, [roots[1]]],
    [1, 5, [roots[0], b, d]],
  ])('has the known inclusion proof of leaf %i in %i', (index, size, path) => {
    expect(prove(inclusionRanges(index, size)).map(hexOf)).toEqual(path)
  })

  it.each([
    [1, 1, []],
    [1, 8, [a, b, c]],
    [6, 8, [f, e, roots[3]]],
    [2, 5, [b, d]],
  ])('has the known consistency proof from %i to %i', (from, to, proof) => {
    expect(prove(consistencyRanges(from, to)).map(hexOf)).toEqual(proof)
  })
})

describe('proofs over all small trees', () => {
  const leaves = Array.from({ length: 34 }, (_, i) => leafOf(i.toString(16).padStart(4, '0')))
  const prove = remembered(leaves)
  const known = rootsOf(leaves)

  it('prove every leaf and no other', () => {
    for (let size = 1; size <= leaves.length; size++) {
      for (let index = 0; index < size; index++) {
        const path = prove(inclusionRanges(index, size))
        expect(includes(known[size]!, size, index, leaves[index]!, path)).toBe(true)
        expect(includes(known[size]!, size, (index + 1) % (size + 1), leaves[index]!, path)).toBe(false)
        expect(includes(known[size]!, size, index, leafOf('ff'), path)).toBe(false)
        expect(includes(known[size]!, size, index, leaves[index]!, [...path, leaves[0]!])).toBe(false)
      }
    }
  })

  it('prove every older tree and no other', () => {
    for (let size = 1; size <= leaves.length; size++) {
      for (let old = 0; old <= size; old++) {
        const proof = prove(consistencyRanges(old, size))
        expect(extendsTree(old, known[old]!, size, known[size]!, proof)).toBe(true)
        if (old === 0) continue
        expect(extendsTree(old, leafOf('ff'), size, known[size]!, proof)).toBe(false)
        expect(extendsTree(old, known[old]!, size, leafOf('ff'), proof)).toBe(false)
      }
    }
  })
})

describe('a frontier', () => {
  it('restores the tree it was taken of, at every size', () => {
    let tree = new GrowingTree()
    const whole = new GrowingTree()
    for (let i = 0; i < 70; i++) {
      tree = GrowingTree.restored(tree.size, tree.frontier())
      expect(tree.append(leafOf('ab'))).toBe(i)
      whole.append(leafOf('ab'))
      expect(hexOf(tree.root())).toBe(hexOf(whole.root()))
    }
  })

  it('of another size is refused', () => {
    expect(() => GrowingTree.restored(3, new Uint8Array(32))).toThrow('does not belong')
  })

  it('tells each inner node once, when it is complete', () => {
    const tree = new GrowingTree()
    const seen: string[] = []
    for (let i = 0; i < 8; i++) tree.append(leafOf('00'), (level, position) => seen.push(`${level}.${position}`))
    expect(seen).toEqual(['1.0', '1.1', '2.0', '1.2', '1.3', '2.1', '3.0'])
  })
})
