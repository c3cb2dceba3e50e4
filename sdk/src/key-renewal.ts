/**
 * New keys for the same device (approve protocol, section 6, `POST /approve/v1/device/keys`). They are kept beside the old ones before
 * they are sent: whichever the server ends up with, the app can go on. A container that had a password keeps it.
 */
import type { PolicyDocument } from '@countersign/protocol/approve/policy-document.ts'
import { keysAnswer } from '@countersign/protocol/approve/renewal.ts'
import { keepCodes, readCodes } from './code-keys.ts'
import type { Container, Unlocking } from './container.ts'
import { evidenceOf } from './key-evidence.ts'
import { fitsPolicy } from './policy-fit.ts'
import { changeEntry, heldEntry, heldRegistration, registrationOf, serverNow_seconds } from './registration.ts'
import { SdkError } from './sdk-error.ts'
import { refreshPolicy, takePolicy } from './service-facts.ts'
import { callFor } from './signed-call.ts'
import type { Around } from './surroundings.ts'
import { freshKeysFor, keepKeys } from './vault/key-keeping.ts'
import { type FreshLock, makeLock, unlock } from './vault/password-lock.ts'
import type { Registration } from './vault/vault.ts'

const DAY_SECONDS = 86_400

export function renewalDue(registration: Registration, now_ms: number): Container['renewalDue'] {
  const { keys, policy, next, interrupted, offset_ms } = registration
  if (next || interrupted) return 'interrupted'
  if (!fitsPolicy(registration)) return 'protection'
  const age_seconds = Math.floor((now_ms + offset_ms) / 1000) - keys.made_at
  return age_seconds > policy.renew_after_days * DAY_SECONDS ? 'age' : undefined
}

export async function renewKeys(around: Around, id: string, { password }: Unlocking): Promise<void> {
  const policy = await refreshPolicy(around, id)
  const guard = await guardFor(around, id, policy, password)
  const algorithms = { logon: policy.keys.logon.algorithm, action: policy.keys.action.algorithm }
  const fresh = await freshKeysFor(around.vault, algorithms, guard !== undefined)
  const entry = await heldEntry(around, id)
  const held = registrationOf(entry)
  const { tenant, root } = held
  const made_at = serverNow_seconds(around, held)
  const next = await keepKeys(around.vault, fresh, guard, made_at)
  await changeEntry(around, id, entry => ({ ...entry, registration: { ...registrationOf(entry), next } }))

  const body = {
    keys: fresh.public,
    evidence: await evidenceOf(fresh, { tenant, uid: entry.user, root, nonce: '', iat: made_at }),
  }
  const call = { method: 'POST', path: '/approve/v1/device/keys', body, changes: true } as const
  const answer = await callFor(around, id, call, keysAnswer)
  const codes = await keepCodes(around.vault, await readCodes(answer.codes, fresh.private.sealing), guard?.key)
  await changeEntry(around, id, entry => {
    const { next: _, interrupted: __, ...rest } = registrationOf(entry)
    return { ...entry, codes, registration: { ...rest, keys: next } }
  })
  await takePolicy(around, id, answer.policy)
}

async function guardFor(
  around: Around,
  id: string,
  { protection }: PolicyDocument,
  password: string | undefined,
): Promise<FreshLock | undefined> {
  const { vault } = around
  const key = await unlock(vault, id, password, around.now_ms())
  const { lock } = (await heldRegistration(around, id)).keys
  if (key && lock) return { key, lock: protection.kind === 'password' ? { ...lock, rules: protection.password } : lock }
  if (protection.kind !== 'password') return undefined
  if (password === undefined || password === '')
    throw new SdkError('password_required', 'The service now wants a password: choose one for this registration.')
  return makeLock(vault, password, protection.password)
}
