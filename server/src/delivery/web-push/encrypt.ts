/**
 * A message for one subscription, as RFC 8291 encrypts it: ECDH with the app's key and its secret, then one record of RFC 8188
 * (`aes128gcm`), whose header carries the salt and our key of the moment. Undefined when the subscription's keys are none.
 */
import { createCipheriv, createECDH, type ECDH, hkdfSync } from 'node:crypto'

export interface Subscription {
  /** The app's P-256 point, base64url. */
  readonly p256dh: string
  /** 16 bytes, base64url. */
  readonly auth: string
}

export interface Moment {
  /** Holds a key that is used for this message alone. */
  readonly sender: ECDH
  /** 16 random bytes. */
  readonly salt: Uint8Array
}

const CURVE = 'prime256v1'
const POINT_BYTES = 65
const AUTH_BYTES = 16
const TAG_BYTES = 16
const RECORD_BYTES = 4096
/** Of a push service at least 4096 bytes are taken, header and tag among them (RFC 8030 section 7.2). */
const LONGEST_MESSAGE = RECORD_BYTES - 86 - TAG_BYTES - 1
const LAST_RECORD = Uint8Array.of(2)

export function newSender(): ECDH {
  const sender = createECDH(CURVE)
  sender.generateKeys()
  return sender
}

export function encryptMessage(
  message: Uint8Array,
  to: Subscription,
  { sender, salt }: Moment,
): Uint8Array | undefined {
  const [point, auth] = [Buffer.from(to.p256dh, 'base64url'), Buffer.from(to.auth, 'base64url')]
  if (point.length !== POINT_BYTES || auth.length !== AUTH_BYTES || message.length > LONGEST_MESSAGE) return undefined
  const agreed = agreedWith(sender, point)
  if (!agreed) return undefined
  const own = sender.getPublicKey()
  const secret = derived(agreed, auth, Buffer.concat([Buffer.from('WebPush: info\0'), point, own]), 32)
  const key = derived(secret, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16)
  const nonce = derived(secret, salt, Buffer.from('Content-Encoding: nonce\0'), 12)
  const cipher = createCipheriv('aes-128-gcm', key, nonce)
  const record = [cipher.update(message), cipher.update(LAST_RECORD), cipher.final(), cipher.getAuthTag()]
  const size = Buffer.alloc(4)
  size.writeUInt32BE(RECORD_BYTES)
  return Buffer.concat([salt, size, Uint8Array.of(own.length), own, ...record])
}

/** Nothing when the point is not on the curve. */
function agreedWith(sender: ECDH, point: Uint8Array): Uint8Array | undefined {
  try {
    return sender.computeSecret(point)
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_CRYPTO_ECDH_INVALID_PUBLIC_KEY') return undefined
    throw error
  }
}

function derived(secret: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, salt, info, length))
}
