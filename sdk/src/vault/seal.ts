/**
 * Sealing by AES-256-GCM. What is sealed is bound to a label (which container, what for), so that nothing sealed can be put in
 * another's place. `Twice` is by a password and then by the key of the vault: who copies the vault's content cannot try passwords.
 */
import { type Bytes, bytesOf, fromBase64url, randomBytes, textBytes, toBase64url } from '../bytes.ts'
import type { Sealed } from './vault.ts'

const form = (iv: Bytes, label: string) => ({ name: 'AES-GCM', iv, additionalData: textBytes(label) })

export async function seal(key: CryptoKey, label: string, bytes: Bytes): Promise<Sealed> {
  const iv = randomBytes(12)
  return { iv: toBase64url(iv), text: toBase64url(await crypto.subtle.encrypt(form(iv, label), key, bytes)) }
}

/** Rejects when the key or the label is another one. */
export async function unseal(key: CryptoKey, label: string, { iv, text }: Sealed): Promise<Bytes> {
  return bytesOf(await crypto.subtle.decrypt(form(fromBase64url(iv), label), key, fromBase64url(text)))
}

export async function sealTwice(device: CryptoKey, password: CryptoKey, label: string, bytes: Bytes): Promise<Sealed> {
  return seal(device, label, textBytes(JSON.stringify(await seal(password, label, bytes))))
}

/** The inner seal, for the password to open. */
export async function withoutOuterSeal(device: CryptoKey, label: string, sealed: Sealed): Promise<Sealed> {
  return JSON.parse(new TextDecoder().decode(await unseal(device, label, sealed)))
}

export async function unsealTwice(
  device: CryptoKey,
  password: CryptoKey,
  label: string,
  sealed: Sealed,
): Promise<Bytes> {
  return unseal(password, label, await withoutOuterSeal(device, label, sealed))
}

/** A private key out of its seal, in a form that never leaves the runtime again. */
export function unwrap(
  by: CryptoKey,
  label: string,
  { iv, text }: Sealed,
  algorithm: Parameters<SubtleCrypto['unwrapKey']>[4],
  usages: KeyUsage[],
): Promise<CryptoKey> {
  return crypto.subtle.unwrapKey(
    'pkcs8',
    fromBase64url(text),
    by,
    form(fromBase64url(iv), label),
    algorithm,
    false,
    usages,
  )
}
