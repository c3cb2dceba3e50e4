/**
 * The proofs of an activation: both sides know the invite code and see the same keys, names and nonces (approve protocol, section 4).
 * `vectors/approve/activation.json` holds numbers for every step.
 */
import {
  CODE_ROUNDS,
  confirmationCode,
  proofBytes,
  QR_INFO,
  type TranscriptParts,
  transcriptBytes,
} from '@countersign/protocol/approve/activation.ts'
import { type Bytes, bytesOf, sha256, textBytes } from './bytes.ts'

export async function codeKeyOf(code: string, salt: Bytes): Promise<Bytes> {
  const key = await crypto.subtle.importKey('raw', textBytes(code), 'PBKDF2', false, ['deriveBits'])
  return bytesOf(
    await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations: CODE_ROUNDS }, key, 256),
  )
}

/** With a QR its random bytes are mixed in: who has only the code cannot make this key. */
export async function proofKeyOf(codeKey: Bytes, rnd?: Bytes): Promise<Bytes> {
  if (!rnd) return codeKey
  const key = await crypto.subtle.importKey('raw', codeKey, 'HKDF', false, ['deriveBits'])
  const form = { name: 'HKDF', hash: 'SHA-256', salt: rnd, info: textBytes(QR_INFO) }
  return bytesOf(await crypto.subtle.deriveBits(form, key, 256))
}

export const transcriptOf = (parts: TranscriptParts): Promise<Bytes> => sha256(bytesOf(transcriptBytes(parts)))

export async function proofOf(
  key: Bytes,
  label: 'device' | 'server' | 'qr' | 'confirm',
  transcript: Bytes,
): Promise<Bytes> {
  const hmac = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  return bytesOf(await crypto.subtle.sign('HMAC', hmac, bytesOf(proofBytes(label, transcript))))
}

export const confirmationOf = async (key: Bytes, transcript: Bytes) =>
  confirmationCode(await proofOf(key, 'confirm', transcript))
