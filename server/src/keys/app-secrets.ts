/**
 * Cryptography between apps and the server (docs/approve-protocol.md): salts and keys of invite codes, nonces that tell their
 * age, thumbprints, JWE. Salts and nonces come from one key of the store, so that an unknown user's cannot be told from a known one's.
 */
import {
  createHash,
  createHmac,
  createPublicKey,
  hkdfSync,
  type JsonWebKey,
  type KeyObject,
  pbkdf2,
  timingSafeEqual,
} from 'node:crypto'
import { promisify } from 'node:util'
import { CODE_ROUNDS, lengthPrefixed, NONCE_LIFE_SECONDS, QR_INFO } from '@countersign/protocol/approve/activation.ts'
import { canonicalKey, type SigningKey } from '@countersign/protocol/approve/public-key.ts'
import type { AppSecrets } from '#domain/ports/app-secrets.ts'
import { nameKey } from '#domain/user.ts'

const stretch = promisify(pbkdf2)
const NONCE_MAC_BYTES = 18
const nonceForm = /^([0-9a-z]{6,9})_([A-Za-z0-9_-]{24})$/

/** `key`: 32 bytes of the store's own. */
export function openAppSecrets(key: Uint8Array): AppSecrets {
  const keyed = (...texts: string[]) => createHmac('sha256', key).update(lengthPrefixed(texts)).digest()
  const nonceMac = (tenant: number, uid: string, at: number) =>
    keyed('nonce', String(tenant), uid, String(at)).subarray(0, NONCE_MAC_BYTES).toString('base64url')
  return {
    inviteSalt: (tenant, uid) => keyed('salt', String(tenant), nameKey(uid)).subarray(0, 16),
    inviteKey: (code, salt) => stretch(code, salt, CODE_ROUNDS, 32, 'sha256'),
    scannedKey: (inviteKey, random) => new Uint8Array(hkdfSync('sha256', inviteKey, random, QR_INFO, 32)),
    mac: (macKey, data) => createHmac('sha256', macKey).update(data).digest(),
    sha256: data => createHash('sha256').update(data).digest(),
    sameBytes: (one, other) => one.length === other.length && timingSafeEqual(one, other),
    makeNonce: (tenant, uid, at) => `${at.toString(36)}_${nonceMac(tenant, uid, at)}`,
    isOurNonce(tenant, uid, nonce, at) {
      const match = nonceForm.exec(nonce)
      if (!match) return false
      const made = Number.parseInt(match[1] as string, 36)
      const mac = Buffer.from(nonceMac(tenant, uid, made))
      const fits = timingSafeEqual(mac, Buffer.from(match[2] as string))
      return fits && made <= at + 60 && at - made <= NONCE_LIFE_SECONDS
    },
    spkiOf: jwk => publicKeyOf(jwk)?.export({ format: 'der', type: 'spki' }),
    thumbprint: jwk => createHash('sha256').update(canonicalKey(jwk)).digest('base64url'),
    sealTo: async (jwk, text) => encrypt(text, jwk, { alg: 'ECDH-ES', enc: 'A256GCM' }),
    encryptTo: async (jwk, enc, jwt) => encrypt(jwt, jwk, { alg: 'RSA-OAEP-256', enc, cty: 'JWT', ...kidOf(jwk) }),
  }
}

const kidOf = ({ kid }: Readonly<Record<string, unknown>>) => (typeof kid === 'string' ? { kid } : {})

type JweHeader = { readonly alg: string; readonly enc: string; readonly cty?: string; readonly kid?: string }

/** jose is loaded with the first text that is sealed: a server without apps starts without it. */
async function encrypt(text: string, jwk: object, header: JweHeader): Promise<string> {
  const { CompactEncrypt } = await import('jose')
  const key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' })
  return new CompactEncrypt(Buffer.from(text)).setProtectedHeader(header).encrypt(key)
}

function publicKeyOf(jwk: SigningKey): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: jwk, format: 'jwk' })
    const bits = key.asymmetricKeyDetails?.modulusLength
    return bits !== undefined && (bits < 2048 || bits > 4096) ? undefined : key
  } catch {
    return undefined
  }
}
