/**
 * Secrets at rest, sealed to the place where they stand: `version ‖ tenant key number (4) ‖ nonce ‖ text ‖ tag`.
 * AES-256-GCM under HKDF-SHA256 (RFC 5869) of the tenant's key with table and column as info; associated data: tenant number,
 * table, row and column, each with its length. A sealed value copied to another row, column or tenant does not open.
 * Synchronous, because it runs inside units of work; the keys were loaded by `key-ring.ts`.
 */
import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import type { TenantNumber } from '#domain/ids.ts'
import type { Random } from '#domain/ports/random.ts'
import type { Place, Sealer } from '#domain/ports/sealer.ts'
import { Fault } from '#domain/refusal.ts'
import { GCM_OVERHEAD_BYTES, gcm } from '#keys/gcm.ts'
import { lengthPrefixed } from '#keys/length-prefixed.ts'

const VERSION = 1
const HEADER_BYTES = 5
/** Columns are named by our code, not by strangers; this only bounds a mistake. */
const MOST_DERIVED_KEYS = 512
/** Seeds, keys, message bodies: nothing that is sealed comes near it. */
const LONGEST_TEXT_BYTES = 1_048_576

export interface TenantKey {
  readonly number: number
  readonly key: KeyObject
}

export interface TenantSealerParts {
  readonly tenant: TenantNumber
  /** All keys under which something may be sealed. */
  readonly keys: readonly TenantKey[]
  /** The number of the key that seals. */
  readonly current: number
  readonly random: Random
}

export class TenantSealer implements Sealer {
  readonly tenant: TenantNumber
  readonly current: number
  readonly #keys: ReadonlyMap<number, KeyObject>
  readonly #derived = new Map<string, KeyObject>()
  readonly #random: Random

  constructor({ tenant, keys, current, random }: TenantSealerParts) {
    this.tenant = tenant
    this.current = current
    this.#keys = new Map(keys.map(({ number, key }) => [number, key]))
    this.#random = random
  }

  seal(place: Place, plain: Uint8Array): Uint8Array {
    if (plain.length > LONGEST_TEXT_BYTES) throw new Fault(`too long to be sealed in ${nameOf(place)}`)
    const header = Buffer.allocUnsafe(HEADER_BYTES)
    header[0] = VERSION
    header.writeUInt32BE(this.current, 1)
    return gcm.seal(this.#keyFor(this.current, place), this.#random, header, this.#associated(place), plain)
  }

  unseal(place: Place, sealed: Uint8Array): Uint8Array {
    if (sealed[0] !== VERSION || sealed.length < HEADER_BYTES + GCM_OVERHEAD_BYTES) {
      throw new Fault(`no sealed value in ${nameOf(place)}`)
    }
    const key = this.#keyFor(keyNumberOf(sealed), place)
    const plain = gcm.open(key, HEADER_BYTES, this.#associated(place), sealed)
    if (plain) return plain
    throw new Fault(`the sealed value in ${nameOf(place)} was not sealed there`)
  }

  #keyFor(number: number, place: Place): KeyObject {
    const name = `${number} ${place.table} ${place.column}`
    const known = this.#derived.get(name)
    if (known) return known
    const tenantKey = this.#keys.get(number)
    if (!tenantKey) throw new Fault(`tenant ${this.tenant} has no key ${number}, needed for ${nameOf(place)}`)
    const info = lengthPrefixed(place.table, place.column)
    const derived = createSecretKey(new Uint8Array(hkdfSync('sha256', tenantKey, new Uint8Array(), info, 32)))
    if (this.#derived.size >= MOST_DERIVED_KEYS) this.#derived.clear()
    this.#derived.set(name, derived)
    return derived
  }

  #associated(place: Place): Uint8Array {
    return lengthPrefixed(this.tenant, place.table, place.row, place.column)
  }
}

function keyNumberOf(sealed: Uint8Array): number {
  return Buffer.from(sealed.buffer, sealed.byteOffset, HEADER_BYTES).readUInt32BE(1)
}

function nameOf({ table, column, row }: Place): string {
  return `${table}.${column} of ${row}`
}
