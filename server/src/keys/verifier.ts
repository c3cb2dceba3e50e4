/**
 * Verifies signatures of devices. Importing an RSA key costs more than verifying with it (231 µs against 35), so imported keys are
 * kept, the least recently used forgotten first; they are public.
 */
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto'
import type { Verifier } from '#domain/ports/verifier.ts'

const MOST_KEYS = 20_000

export class KeyVerifier implements Verifier {
  readonly #keys = new Map<string, KeyObject>()

  verify(algorithm: 'RS512' | 'ES256', spki: Uint8Array, signed: Uint8Array, signature: Uint8Array): boolean {
    const key = this.#load(spki)
    if (!key || key.asymmetricKeyType !== (algorithm === 'RS512' ? 'rsa' : 'ec')) return false
    if (algorithm === 'RS512') return verify('sha512', signed, key, signature)
    return signature.length === 64 && verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, signature)
  }

  #load(spki: Uint8Array): KeyObject | undefined {
    const name = createHash('sha256').update(spki).digest('base64')
    const known = this.#keys.get(name)
    if (known) {
      this.#keys.delete(name)
      this.#keys.set(name, known)
      return known
    }
    const key = imported(spki)
    if (!key) return undefined
    this.#keys.set(name, key)
    if (this.#keys.size > MOST_KEYS) {
      const [oldest] = this.#keys.keys()
      if (oldest !== undefined) this.#keys.delete(oldest)
    }
    return key
  }
}

function imported(spki: Uint8Array): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' })
  } catch {
    return undefined
  }
}
