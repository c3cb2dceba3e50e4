/**
 * The MAC that binds a leaf to its run and number: HMAC-SHA256 (RFC 2104) over run ‖ number ‖ leaf. Written as two one-shot
 * hashes over blocks that are made once for the key, because every event of every proof has one.
 */
import { hash } from 'node:crypto'
import { Fault } from '#domain/refusal.ts'

const BLOCK = 64
const INNER = 0x36
const OUTER = 0x5c
const NUMBERS = 16

export class EventMac {
  readonly #inner: Buffer
  readonly #outer: Buffer

  constructor(key: Uint8Array) {
    if (key.length > BLOCK) throw new Fault('the MAC key of the audit has at most 64 bytes')
    this.#inner = padded(key, INNER)
    this.#outer = padded(key, OUTER)
  }

  of(run: number, number: number, leaf: Uint8Array): Buffer {
    const inner = Buffer.allocUnsafe(BLOCK + NUMBERS + leaf.length)
    inner.set(this.#inner)
    inner.writeBigUInt64BE(BigInt(run), BLOCK)
    inner.writeBigUInt64BE(BigInt(number), BLOCK + 8)
    inner.set(leaf, BLOCK + NUMBERS)
    const outer = Buffer.allocUnsafe(BLOCK + 32)
    outer.set(this.#outer)
    outer.set(hash('sha256', inner, 'buffer'), BLOCK)
    return hash('sha256', outer, 'buffer')
  }
}

function padded(key: Uint8Array, mask: number): Buffer {
  const block = Buffer.alloc(BLOCK, mask)
  for (const [n, byte] of key.entries()) block[n] = byte ^ mask
  return block
}
