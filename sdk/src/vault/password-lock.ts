/**
 * The password of a container: its rules, the key that is derived from it, and the count of wrong ones. A try is counted before the
 * password is looked at, and the last one closes the lock before it: neither a crash nor two tabs give one more try. The lock's time
 * is that of this machine's clock; the seal of the vault, not the lock, keeps a thief with a copy from trying.
 */
import type { PasswordProtection } from '@countersign/protocol/approve/policy-document.ts'
import { fromBase64url, randomBytes, textBytes, toBase64url } from '../bytes.ts'
import { SdkError } from '../sdk-error.ts'
import { sealTwice, unsealTwice } from './seal.ts'
import type { Entry, PasswordLock, Vault } from './vault.ts'

export const PASSWORD_ROUNDS = 600_000
const CHECK = 'password check'

export function assertFit(password: string, rules: PasswordProtection): void {
  const { min_length, max_length, digits_only } = rules
  const length = [...password].length
  if (length >= min_length && length <= max_length && (!digits_only || /^[0-9]+$/.test(password))) return
  const what = digits_only ? 'digits' : 'characters'
  throw new SdkError('unfit_password', `The password has ${min_length} to ${max_length} ${what}.`)
}

export interface FreshLock {
  readonly lock: PasswordLock
  readonly key: CryptoKey
}

/** A lock for a new password, which must follow the rules. */
export async function makeLock(vault: Vault, password: string, rules: PasswordProtection): Promise<FreshLock> {
  assertFit(password, rules)
  const salt = toBase64url(randomBytes(16))
  const key = await keyOf(password, { salt, rounds: PASSWORD_ROUNDS })
  const check = await sealTwice(await vault.deviceKey(), key, CHECK, textBytes(CHECK))
  return { lock: { salt, rounds: PASSWORD_ROUNDS, check, rules, attempts: 0, locked_until_ms: 0 }, key }
}

/** The key of the password; undefined when the container has none. Refuses `password_required`, `invalid_password`, `locked`. */
export async function unlock(
  vault: Vault,
  id: string,
  password: string | undefined,
  now_ms: number,
): Promise<CryptoKey | undefined> {
  const held = await vault.find(id)
  if (!lockOf(held)) return undefined
  if (password === undefined || password === '') throw new SdkError('password_required')
  const counted = lockOf(await vault.change(id, entry => withLock(entry, lock => oneMoreTry(lock, now_ms))))
  if (!counted) return undefined
  const key = await keyOf(password, counted)
  if (!(await opens(vault, key, counted))) throw wrongPassword(counted, now_ms)
  await vault.change(id, entry => withLock(entry, lock => ({ ...lock, attempts: 0, locked_until_ms: 0 })))
  return key
}

export const lockOf = (entry: Entry | undefined): PasswordLock | undefined => entry?.registration?.keys.lock

function oneMoreTry(lock: PasswordLock, now_ms: number): PasswordLock {
  if (lock.locked_until_ms > now_ms) throw new SdkError('locked', undefined, { until_ms: lock.locked_until_ms })
  const attempts = lock.attempts + 1
  if (attempts < lock.rules.max_attempts) return { ...lock, attempts }
  return { ...lock, attempts: 0, locked_until_ms: now_ms + lock.rules.lock_seconds * 1000 }
}

function wrongPassword({ attempts, rules, locked_until_ms }: PasswordLock, now_ms: number): SdkError {
  if (locked_until_ms > now_ms) return new SdkError('locked', undefined, { until_ms: locked_until_ms })
  return new SdkError('invalid_password', undefined, { attempts_left: rules.max_attempts - attempts })
}

function withLock(entry: Entry | undefined, change: (lock: PasswordLock) => PasswordLock): Entry | undefined {
  const registration = entry?.registration
  const lock = registration?.keys.lock
  if (!entry || !registration || !lock) return entry
  return { ...entry, registration: { ...registration, keys: { ...registration.keys, lock: change(lock) } } }
}

async function opens(vault: Vault, key: CryptoKey, { check }: PasswordLock): Promise<boolean> {
  const device = await vault.deviceKey()
  return unsealTwice(device, key, CHECK, check).then(
    () => true,
    () => false,
  )
}

async function keyOf(password: string, { salt, rounds }: Pick<PasswordLock, 'salt' | 'rounds'>): Promise<CryptoKey> {
  const raw = await crypto.subtle.importKey('raw', textBytes(password.normalize('NFC')), 'PBKDF2', false, ['deriveKey'])
  const form = { name: 'PBKDF2', hash: 'SHA-256', salt: fromBase64url(salt), iterations: rounds }
  const usages: KeyUsage[] = ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey']
  return crypto.subtle.deriveKey(form, raw, { name: 'AES-GCM', length: 256 }, false, usages)
}
