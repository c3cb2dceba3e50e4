/**
 * How the private keys and code secrets of a container are put into a vault and taken out for one use. Without a password a browser
 * keeps keys that cannot be exported; a file, and everything that a password guards, keeps sealed bytes that become such keys again.
 */
import { type KeyUse, keyUses } from '@countersign/protocol/approve/public-key.ts'
import { bytesOf, textBytes } from '../bytes.ts'
import { type Algorithms, type FreshKeys, keyForm, makeKeys } from '../key-pair.ts'
import { SdkError } from '../sdk-error.ts'
import type { FreshLock } from './password-lock.ts'
import { seal, sealTwice, unseal, unsealTwice, unwrap, withoutOuterSeal } from './seal.ts'
import type { KeptCodes, KeptKey, KeySet, Sealed, Vault } from './vault.ts'

const isSealed = (kept: KeptKey): kept is Sealed => 'iv' in kept
const isGuarded = (use: KeyUse) => use === 'logon' || use === 'action'
const keyLabel = (use: KeyUse) => `key ${use}`
const CODES_LABEL = 'codes'

export const freshKeysFor = (vault: Vault, algorithms: Algorithms, guarded: boolean): Promise<FreshKeys> =>
  makeKeys(algorithms, { signing: guarded || vault.exportsKeys, others: vault.exportsKeys })

export async function keepKeys(
  vault: Vault,
  fresh: FreshKeys,
  guard: FreshLock | undefined,
  made_at: number,
): Promise<KeySet> {
  const device = await vault.deviceKey()
  const keep = async (use: KeyUse): Promise<KeptKey> => {
    const key = fresh.private[use]
    if (!key.extractable) return key
    const bytes = bytesOf(await crypto.subtle.exportKey('pkcs8', key))
    const locked = guard && isGuarded(use)
    const kept = locked
      ? await sealTwice(device, guard.key, keyLabel(use), bytes)
      : await seal(device, keyLabel(use), bytes)
    bytes.fill(0)
    return kept
  }
  const kept = Object.fromEntries(await Promise.all(keyUses.map(async use => [use, await keep(use)] as const)))
  return {
    public: fresh.public,
    ...(kept as Record<KeyUse, KeptKey>),
    ...(guard ? { lock: guard.lock } : {}),
    made_at,
  }
}

/** A key for one use. Guarded keys need the key of the password. */
export async function takeKey(vault: Vault, keys: KeySet, use: KeyUse, password?: CryptoKey): Promise<CryptoKey> {
  const kept = keys[use]
  if (!isSealed(kept)) return kept
  const { algorithm, usages } = keyForm(use, keys.public[use])
  const device = await vault.deviceKey()
  const label = keyLabel(use)
  if (!keys.lock || !isGuarded(use)) return unwrap(device, label, kept, algorithm, usages)
  if (!password) throw new SdkError('password_required')
  return unwrap(password, label, await withoutOuterSeal(device, label, kept), algorithm, usages)
}

/** The same keys under another password. */
export async function underAnotherLock(vault: Vault, keys: KeySet, old: CryptoKey, fresh: FreshLock): Promise<KeySet> {
  const device = await vault.deviceKey()
  const move = async (use: 'logon' | 'action'): Promise<KeptKey> => {
    const kept = keys[use]
    if (!isSealed(kept)) return kept
    const bytes = await unsealTwice(device, old, keyLabel(use), kept)
    const moved = await sealTwice(device, fresh.key, keyLabel(use), bytes)
    bytes.fill(0)
    return moved
  }
  return { ...keys, logon: await move('logon'), action: await move('action'), lock: fresh.lock }
}

/** Secrets are `b64u` texts, in the order of the list. */
export async function keepSecrets(
  vault: Vault,
  secrets: readonly string[],
  guard: CryptoKey | undefined,
): Promise<Pick<KeptCodes, 'secrets' | 'locked'>> {
  const device = await vault.deviceKey()
  const bytes = textBytes(JSON.stringify(secrets))
  if (!guard) return { secrets: await seal(device, CODES_LABEL, bytes) }
  return { secrets: await sealTwice(device, guard, CODES_LABEL, bytes), locked: true }
}

export async function takeSecrets(
  vault: Vault,
  { secrets, locked }: KeptCodes,
  password?: CryptoKey,
): Promise<readonly string[]> {
  const device = await vault.deviceKey()
  if (locked && !password) throw new SdkError('password_required')
  const bytes =
    locked && password
      ? await unsealTwice(device, password, CODES_LABEL, secrets)
      : await unseal(device, CODES_LABEL, secrets)
  return JSON.parse(new TextDecoder().decode(bytes))
}
