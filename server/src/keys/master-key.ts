/**
 * The master key: 32 bytes that wrap every other key of the store (tenant keys, handle keys, the store's own keys) by
 * AES-256-GCM, each bound to its place. It stands in no table and in no backup.
 * Wrapped: version (1) ‖ nonce (12) ‖ key ‖ tag (16). The raw bytes are kept in a KeyObject only, which nothing prints.
 */
import { createSecretKey, type KeyObject } from 'node:crypto'
import type { Random } from '#domain/ports/random.ts'
import { Fault } from '#domain/refusal.ts'
import { gcm } from '#keys/gcm.ts'
import { lengthPrefixed } from '#keys/length-prefixed.ts'

export const KEY_BYTES = 32
const VERSION = Uint8Array.of(1)

/** Where a wrapped key stands: table, then what names the row. */
export type WrappedPlace = readonly [table: string, ...row: (string | number)[]]

export class MasterKey {
  readonly #key: KeyObject
  readonly #random: Random

  /** Takes the bytes over: they are wiped. */
  constructor(bytes: Uint8Array, random: Random) {
    if (bytes.length !== KEY_BYTES) throw new Fault('a master key has 32 bytes')
    this.#key = createSecretKey(bytes)
    this.#random = random
    bytes.fill(0)
  }

  wrap(place: WrappedPlace, key: Uint8Array): Uint8Array {
    return gcm.seal(this.#key, this.#random, VERSION, lengthPrefixed(...place), key)
  }

  /** Undefined when it was not wrapped by this master key for this place. */
  find(place: WrappedPlace, wrapped: Uint8Array): Uint8Array | undefined {
    if (wrapped[0] !== VERSION[0]) return undefined
    return gcm.open(this.#key, VERSION.length, lengthPrefixed(...place), wrapped)
  }

  unwrap(place: WrappedPlace, wrapped: Uint8Array): Uint8Array {
    const key = this.find(place, wrapped)
    if (key) return key
    throw new Fault(`the key at ${place.join(' ')} does not open: its row was changed or wrapped by another master key`)
  }
}
