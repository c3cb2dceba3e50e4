/**
 * Opaque handles: 30 bytes as 40 characters of standard base64 (RFC 4648 section 4, `+` and `/` included). One AES-128 block over
 * kind and key number (4 bits each), row id (7 bytes, big-endian) and 8 random bytes, then 14 random bytes in the clear.
 * A request_uri is the block alone, written as a UUID behind `urn:hid:`. The row keeps SHA-256(kind ‖ all random bytes).
 * The surprise: one cipher object lives as long as its key. ECB over whole blocks without padding keeps nothing between
 * calls, and each block holds 64 random bits, so equal blocks do not occur.
 */
import { createCipheriv, createDecipheriv, hash } from 'node:crypto'
import type { HandleKind, Handles } from '#domain/ports/handles.ts'
import type { Random } from '#domain/ports/random.ts'
import { Fault } from '#domain/refusal.ts'
import { sameProof } from '#keys/same-proof.ts'

export const HANDLE_KEY_BYTES = 16
const BLOCK_BYTES = 16
const CHANCE_AT = 8
const CHANCE_IN_BLOCK = BLOCK_BYTES - CHANCE_AT
const CHANCE_BEHIND = 14
const HANDLE_BYTES = BLOCK_BYTES + CHANCE_BEHIND
const TWO_TO_32 = 2 ** 32
/** The row id's top bits beyond 2^53: never set by us. */
const HIGHEST_WORD = 2 ** 21 - 1
const URN = 'urn:hid:'

const kinds: Readonly<Record<HandleKind, number>> = {
  access_token: 1,
  refresh: 2,
  code: 3,
  request_uri: 4,
  auth_req_id: 5,
  reset: 6,
}
const opaque = /^[A-Za-z0-9+/]{40}$/
const uuid = /^urn:hid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

export interface HandleKey {
  /** Only the low 4 bits go into a handle. */
  readonly number: number
  readonly bytes: Uint8Array
}

interface Lock {
  readonly nibble: number
  mask(block: Uint8Array): Buffer
  unmask(block: Uint8Array): Buffer
}

export class MaskedHandles implements Handles {
  readonly sameProof = sameProof
  readonly #random: Random
  #current: Lock
  /** The current one first: nearly every handle that comes was made with it. */
  #all: readonly Lock[]

  constructor(random: Random, current: HandleKey, others: readonly HandleKey[] = []) {
    this.#random = random
    this.#current = lockOf(current)
    this.#all = [this.#current, ...others.map(lockOf)]
  }

  /** After a rotation: handles are made with `current`, those of `others` are still read. */
  replace(current: HandleKey, others: readonly HandleKey[]): void {
    this.#current = lockOf(current)
    this.#all = [this.#current, ...others.map(lockOf)]
  }

  make(kind: HandleKind, rowId: number): { text: string; proof: Uint8Array } {
    if (!Number.isSafeInteger(rowId) || rowId < 0) throw new Fault('a handle needs a row id')
    const short = kind === 'request_uri'
    // The first byte's place is taken by the kind, so that the proof is the hash of this array as it is.
    const marked = this.#random.bytes(1 + CHANCE_IN_BLOCK + (short ? 0 : CHANCE_BEHIND))
    marked[0] = kinds[kind]
    const plain = Buffer.allocUnsafe(BLOCK_BYTES)
    plain.writeUInt32BE(Math.floor(rowId / TWO_TO_32), 0) // its top byte is zero and replaced by the next line
    plain[0] = (kinds[kind] << 4) | this.#current.nibble
    plain.writeUInt32BE(rowId % TWO_TO_32, 4)
    plain.set(marked.subarray(1, 1 + CHANCE_IN_BLOCK), CHANCE_AT)
    const block = this.#current.mask(plain)
    const text = short ? uuidOf(block) : Buffer.concat([block, marked.subarray(1 + CHANCE_IN_BLOCK)]).toString('base64')
    return { text, proof: hash('sha256', marked, 'buffer') }
  }

  read(kind: HandleKind, text: string): { rowId: number; proof: Uint8Array } | undefined {
    const bytes = bytesOf(kind, text)
    if (!bytes) return undefined
    const block = bytes.subarray(0, BLOCK_BYTES)
    for (const lock of this.#all) {
      const plain = lock.unmask(block)
      if (plain[0] !== ((kinds[kind] << 4) | lock.nibble)) continue
      const high = plain.readUInt32BE(0) % 2 ** 24
      if (high > HIGHEST_WORD) continue
      const marked = Buffer.allocUnsafe(1 + bytes.length - CHANCE_AT)
      marked[0] = kinds[kind]
      marked.set(plain.subarray(CHANCE_AT), 1)
      marked.set(bytes.subarray(BLOCK_BYTES), 1 + CHANCE_IN_BLOCK)
      return { rowId: high * TWO_TO_32 + plain.readUInt32BE(4), proof: hash('sha256', marked, 'buffer') }
    }
    return undefined
  }
}

function lockOf({ number, bytes }: HandleKey): Lock {
  if (bytes.length !== HANDLE_KEY_BYTES) throw new Fault('a handle key has 16 bytes')
  const cipher = createCipheriv('aes-128-ecb', bytes, null).setAutoPadding(false)
  const decipher = createDecipheriv('aes-128-ecb', bytes, null).setAutoPadding(false)
  return { nibble: number & 15, mask: block => cipher.update(block), unmask: block => decipher.update(block) }
}

function bytesOf(kind: HandleKind, text: string): Buffer | undefined {
  if (kind === 'request_uri')
    return uuid.test(text) ? Buffer.from(text.slice(URN.length).replaceAll('-', ''), 'hex') : undefined
  if (text.length !== 40 || !opaque.test(text)) return undefined
  const bytes = Buffer.from(text, 'base64')
  return bytes.length === HANDLE_BYTES ? bytes : undefined
}

function uuidOf(block: Buffer): string {
  const text = block.toString('hex')
  return `${URN}${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`
}
