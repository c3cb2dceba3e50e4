/**
 * What protects a tenant's file on its way between stores: two keys out of a pass phrase by scrypt (RFC 7914), one that seals
 * each secret to its table, column and row (AES-256-GCM), one for a MAC over every line. The store's own keys never leave it.
 */
import { createCipheriv, createDecipheriv, createHmac, type Hmac, scrypt, timingSafeEqual } from 'node:crypto'
import type { Random } from '#domain/ports/random.ts'
import type { Place } from '#domain/ports/sealer.ts'
import { Refusal } from '#domain/refusal.ts'

const COST = { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 1024 * 1024 } as const
const KEY_BYTES = 32
const SALT_BYTES = 16
const NONCE_BYTES = 12
const TAG_BYTES = 16
export const SHORTEST_PASSPHRASE = 12
const LONGEST_PASSPHRASE = 1024

export class ArchiveSeal {
  readonly salt: string
  readonly #sealing: Uint8Array
  readonly #mac: Hmac
  readonly #random: Random

  private constructor(salt: string, keys: Uint8Array, random: Random) {
    this.salt = salt
    this.#sealing = keys.subarray(0, KEY_BYTES)
    this.#mac = createHmac('sha256', keys.subarray(KEY_BYTES))
    this.#random = random
  }

  /** Without a salt a new one is drawn. */
  static async open(passphrase: string, random: Random, salt?: string): Promise<ArchiveSeal> {
    if (passphrase.length < SHORTEST_PASSPHRASE || passphrase.length > LONGEST_PASSPHRASE) {
      throw new Refusal('invalid_value', `The pass phrase has at least ${SHORTEST_PASSPHRASE} characters.`)
    }
    const used = salt ?? Buffer.from(random.bytes(SALT_BYTES)).toString('base64url')
    const keys = await new Promise<Buffer>((made, failed) => {
      scrypt(passphrase.normalize('NFC'), Buffer.from(used, 'base64url'), 2 * KEY_BYTES, COST, (error, key) =>
        error ? failed(error) : made(key),
      )
    })
    return new ArchiveSeal(used, keys, random)
  }

  /** Lines must be added in their order. */
  add(line: string): void {
    this.#mac.update(line).update('\n')
  }

  /** Over all lines added; the seal is used up. */
  mac(): string {
    return this.#mac.digest('base64url')
  }

  fits(mac: string): boolean {
    const [own, given] = [Buffer.from(this.mac()), Buffer.from(mac)]
    return own.length === given.length && timingSafeEqual(own, given)
  }

  seal(place: Place, plain: Uint8Array): Uint8Array {
    const nonce = this.#random.bytes(NONCE_BYTES)
    const cipher = createCipheriv('aes-256-gcm', this.#sealing, nonce)
    cipher.setAAD(bytesOf(place))
    return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
  }

  unseal(place: Place, sealed: Uint8Array): Uint8Array {
    const tagAt = sealed.length - TAG_BYTES
    if (tagAt < NONCE_BYTES) throw damaged(place)
    const decipher = createDecipheriv('aes-256-gcm', this.#sealing, sealed.subarray(0, NONCE_BYTES))
    decipher.setAAD(bytesOf(place))
    decipher.setAuthTag(sealed.subarray(tagAt))
    const plain = decipher.update(sealed.subarray(NONCE_BYTES, tagAt))
    try {
      decipher.final()
    } catch {
      throw damaged(place)
    }
    return plain
  }
}

const bytesOf = ({ table, column, row }: Place): Buffer => Buffer.from(JSON.stringify([table, column, row]))

function damaged({ table, row }: Place): Refusal {
  return new Refusal('invalid_request', `The secret of ${table} ${row} does not open: the file was changed.`)
}
