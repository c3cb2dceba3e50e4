/**
 * The tree over the heads of all tenants, whose root each checkpoint signs: leaf i is SHA-256(0x00 ‖ tenant ‖ size ‖
 * root) of the i-th tenant by number (both numbers eight bytes, big endian), nodes as in RFC 6962. Kept in memory level
 * by level, so that a second in which three of ten thousand tenants changed costs forty hashes.
 */
import { hash } from 'node:crypto'
import { EMPTY_ROOT, nodeHash } from '#audit/merkle.ts'
import type { TenantNumber } from '#domain/ids.ts'

export interface TreeHead {
  readonly size: number
  readonly root: Uint8Array
}

export class TenantTree {
  readonly #heads = new Map<TenantNumber, TreeHead>()
  /** Position of each tenant among the sorted numbers. */
  #order = new Map<TenantNumber, number>()
  #levels: Uint8Array[][] = [[]]
  #sorted = true
  #largest = -1

  get count(): number {
    return this.#heads.size
  }

  head(tenant: TenantNumber): TreeHead | undefined {
    return this.#heads.get(tenant)
  }

  /** By tenant number. */
  heads(): [TenantNumber, TreeHead][] {
    return [...this.#heads].sort(([a], [b]) => a - b)
  }

  set(tenant: TenantNumber, head: TreeHead): void {
    this.#heads.set(tenant, head)
    let position = this.#order.get(tenant)
    if (position === undefined) {
      if (tenant < this.#largest) this.#sorted = false
      this.#largest = Math.max(this.#largest, tenant)
      position = this.#order.size
      this.#order.set(tenant, position)
    }
    if (this.#sorted) this.#write(position, headLeaf(tenant, head))
  }

  root(): Uint8Array {
    if (!this.#sorted) this.#rebuild()
    return this.#levels.at(-1)?.[0] ?? EMPTY_ROOT
  }

  #rebuild(): void {
    this.#levels = [[]]
    this.#order = new Map()
    this.heads().forEach(([tenant, head], position) => {
      this.#order.set(tenant, position)
      this.#write(position, headLeaf(tenant, head))
    })
    this.#sorted = true
  }

  /** A node without a right neighbour moves up as it is: the same shape as splitting at powers of two. */
  #write(position: number, leaf: Uint8Array): void {
    let [at, node] = [position, leaf]
    for (let level = 0; ; level++) {
      const row = this.#levels[level] ?? []
      this.#levels[level] = row
      row[at] = node
      if (row.length === 1) return
      const left = row[at - (at % 2)]!
      const right = row[at - (at % 2) + 1]
      node = right === undefined ? left : nodeHash(left, right)
      at = Math.floor(at / 2)
    }
  }
}

function headLeaf(tenant: TenantNumber, { size, root }: TreeHead): Uint8Array {
  const bytes = Buffer.allocUnsafe(17 + root.length)
  bytes[0] = 0
  bytes.writeBigUInt64BE(BigInt(tenant), 1)
  bytes.writeBigUInt64BE(BigInt(size), 9)
  bytes.set(root, 17)
  return hash('sha256', bytes, 'buffer')
}
