/**
 * AES-CMAC (NIST SP 800-38B, RFC 4493) over AES-128 of Node: the last block is masked with a subkey, then it is CBC-MAC. Node's own
 * `crypto` has no CMAC. Checked with the vectors of the RFC and with the derivation of NXP AN10922 (vectors/cards).
 */
import { createCipheriv, createHash } from 'node:crypto'
import type { CardCryptography } from '#domain/ports/card-cryptography.ts'
import { Fault } from '#domain/refusal.ts'

const BLOCK = 16
const KEY_BYTES = 16
const ZERO = Buffer.alloc(BLOCK)
/** R128 of SP 800-38B section 5.3. */
const REDUCTION = 0x87

export const cardCryptography: CardCryptography = {
  sha256: bytes => new Uint8Array(createHash('sha256').update(bytes).digest()),

  cmac(key, message) {
    if (key.length !== KEY_BYTES) throw new Fault('a key of AES-128 has 16 bytes')
    const one = doubled(encrypted(key, ZERO))
    const whole = message.length > 0 && message.length % BLOCK === 0
    const blocks = Buffer.alloc(Math.max(1, Math.ceil(message.length / BLOCK)) * BLOCK)
    blocks.set(message)
    if (!whole) blocks[message.length] = 0x80
    const mask = whole ? one : doubled(one)
    const last = blocks.length - BLOCK
    for (let n = 0; n < BLOCK; n++) blocks[last + n] = (blocks[last + n] ?? 0) ^ (mask[n] ?? 0)
    return new Uint8Array(encrypted(key, blocks).subarray(-BLOCK))
  },
}

function encrypted(key: Uint8Array, blocks: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-128-cbc', key, ZERO).setAutoPadding(false)
  return Buffer.concat([cipher.update(blocks), cipher.final()])
}

/** Times x in GF(2^128). */
function doubled(block: Uint8Array): Buffer {
  const out = Buffer.alloc(BLOCK)
  for (let n = 0; n < BLOCK; n++) out[n] = ((block[n] ?? 0) << 1) | ((block[n + 1] ?? 0) >> 7)
  if ((block[0] ?? 0) & 0x80) out[BLOCK - 1] = (out[BLOCK - 1] ?? 0) ^ REDUCTION
  return out
}
