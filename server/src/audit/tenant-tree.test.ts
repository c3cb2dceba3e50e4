/** The tree kept in memory against one built anew with the tree of RFC 6962, in every order of arrival. */
import { hash } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { GrowingTree } from './merkle.ts'
import { TenantTree, type TreeHead } from './tenant-tree.ts'

function anew(heads: ReadonlyMap<number, TreeHead>): Uint8Array {
  const tree = new GrowingTree()
  for (const [tenant, { size, root }] of [...heads].sort(([a], [b]) => a - b)) {
    const numbers = Buffer.alloc(16)
    numbers.writeBigUInt64BE(BigInt(tenant), 0)
    numbers.writeBigUInt64BE(BigInt(size), 8)
    tree.append(hash('sha256', Buffer.concat([Buffer.from([0]), numbers, root]), 'buffer'))
  }
  return tree.root()
}

it('gives the root of RFC 6962 over the heads by tenant number', () => {
  const changes = fc.array(fc.tuple(fc.nat(40), fc.nat(), fc.uint8Array({ minLength: 32, maxLength: 32 })), {
    maxLength: 60,
  })
  fc.assert(
    fc.property(changes, list => {
      const tree = new TenantTree()
      const heads = new Map<number, TreeHead>()
      for (const [tenant, size, root] of list) {
        tree.set(tenant, { size, root })
        heads.set(tenant, { size, root })
        if (size % 3 === 0) expect(Buffer.from(tree.root())).toEqual(Buffer.from(anew(heads)))
      }
      expect(Buffer.from(tree.root())).toEqual(Buffer.from(anew(heads)))
    }),
  )
})
