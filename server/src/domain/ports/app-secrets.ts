/**
 * What app and server keep secret between them: the keys behind invite codes, and texts sealed to an app or to a client
 * (RFC 7516). All of it off the event loop, or in microseconds.
 */
import type { EcKey, SigningKey } from '@countersign/protocol/approve/public-key.ts'
import type { TenantNumber } from '#domain/ids.ts'

export interface AppSecrets {
  /** 16 bytes, the same for a name every time, known or not: approve protocol section 4. */
  inviteSalt(tenant: TenantNumber, uid: string): Uint8Array
  /** PBKDF2-HMAC-SHA256, 600,000 rounds, 32 bytes. */
  inviteKey(code: string, salt: Uint8Array): Promise<Uint8Array>
  /** HKDF-SHA256 of the invite key with the random bytes of the QR code. */
  scannedKey(inviteKey: Uint8Array, random: Uint8Array): Uint8Array
  mac(key: Uint8Array, data: Uint8Array): Uint8Array
  sha256(data: Uint8Array): Uint8Array
  sameBytes(one: Uint8Array, other: Uint8Array): boolean
  /** A nonce that tells its own age; `at` in whole seconds. */
  makeNonce(tenant: TenantNumber, uid: string, at: number): string
  /** Whether we made it for this uid within the last ten minutes. */
  isOurNonce(tenant: TenantNumber, uid: string, nonce: string, at: number): boolean
  /** DER of a public key; undefined when it is no point of its curve, or no key. */
  spkiOf(key: SigningKey): Uint8Array | undefined
  thumbprint(key: SigningKey): string
  /** Compact JWE, ECDH-ES with A256GCM. */
  sealTo(key: EcKey, text: string): Promise<string>
  /** Compact JWE around a JWT, RSA-OAEP-256. */
  encryptTo(jwk: Readonly<Record<string, unknown>>, enc: 'A128CBC-HS256' | 'A256GCM', jwt: string): Promise<string>
}
