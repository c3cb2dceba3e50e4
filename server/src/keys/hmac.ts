/**
 * HMAC (RFC 2104) by two one-shot hashes: half the price of a Hmac object for messages of a few bytes, and a window of
 * event codes needs twenty of them. The arithmetic of OATH takes it as a function, because in a browser it is another one.
 */
import { hash } from 'node:crypto'

const names = { SHA1: 'sha1', SHA256: 'sha256', SHA512: 'sha512' } as const
const blocks = { SHA1: 64, SHA256: 64, SHA512: 128 } as const
const INNER = 0x36
const OUTER = 0x5c

export type HashName = keyof typeof names

export function hmac(algorithm: HashName, key: Uint8Array, data: Uint8Array): Uint8Array {
  const block = blocks[algorithm]
  const name = names[algorithm]
  const short = key.length > block ? hash(name, key, 'buffer') : key
  const inner = Buffer.allocUnsafe(block + data.length)
  pad(inner, short, block, INNER)
  inner.set(data, block)
  const digest = hash(name, inner, 'buffer')
  const outer = Buffer.allocUnsafe(block + digest.length)
  pad(outer, short, block, OUTER)
  outer.set(digest, block)
  // The buffers come from a pool: nothing of the key stays in it.
  inner.fill(0)
  const mac = hash(name, outer, 'buffer')
  outer.fill(0)
  return mac
}

function pad(into: Buffer, key: Uint8Array, block: number, mask: number): void {
  for (let n = 0; n < block; n++) into[n] = (n < key.length ? (key[n] as number) : 0) ^ mask
}
