/** What a device changes of itself: its name, where it is woken, its password (approve protocol, section 6, `PUT /approve/v1/device`). */
import { type DeviceChangeRequest, deviceAnswer } from '@countersign/protocol/approve/request.ts'
import type { WakeSubscription } from './container.ts'
import { changeEntry, heldEntry, heldRegistration, registrationOf } from './registration.ts'
import { SdkError } from './sdk-error.ts'
import { callFor } from './signed-call.ts'
import type { Around } from './surroundings.ts'
import { keepSecrets, takeSecrets, underAnotherLock } from './vault/key-keeping.ts'
import { makeLock, unlock } from './vault/password-lock.ts'

export function properName(name: string): string {
  const proper = name.trim()
  if (proper !== '' && proper.length <= 64) return proper
  throw new SdkError('invalid_value', 'A name has 1 to 64 characters.')
}

export async function renameDevice(around: Around, id: string, name: string): Promise<void> {
  const proper = properName(name)
  const { kind } = await heldEntry(around, id)
  const said = kind === 'online' ? (await put(around, id, { name: proper })).name : proper
  await changeEntry(around, id, entry => ({ ...entry, name: said }))
}

export const setWake = async (around: Around, id: string, wake: WakeSubscription | null): Promise<void> => {
  await put(around, id, { wake })
}

const put = (around: Around, id: string, body: DeviceChangeRequest) =>
  callFor(around, id, { method: 'PUT', path: '/approve/v1/device', body, changes: true }, deviceAnswer)

/** Seals everything anew, then puts it in place in one step, unless the keys changed meanwhile. */
export async function changePassword(around: Around, id: string, old: string, fresh: string): Promise<void> {
  const { vault } = around
  const guard = await unlock(vault, id, old, around.now_ms())
  if (!guard) throw new SdkError('not_possible', 'This registration has no password.')
  const { policy, keys, next } = await heldRegistration(around, id)
  if (next) throw new SdkError('renewal_required', 'A renewal of the keys was cut off: renew them first.')
  const { codes } = await heldEntry(around, id)
  const rules = policy.protection.kind === 'password' ? policy.protection.password : (keys.lock?.rules ?? undefined)
  if (!rules) throw new SdkError('not_possible')
  const lock = await makeLock(vault, fresh, rules)
  const moved = await underAnotherLock(vault, keys, guard, lock)
  const secrets = await keepSecrets(vault, await takeSecrets(vault, codes, guard), lock.key)
  await changeEntry(around, id, entry => {
    const registration = registrationOf(entry)
    if (registration.keys.lock?.salt !== keys.lock?.salt || registration.keys.made_at !== keys.made_at)
      throw new SdkError('invalid_value', 'The keys were changed elsewhere meanwhile. Try again.')
    return {
      ...entry,
      codes: { ...entry.codes, ...secrets },
      registration: { ...registration, keys: moved },
    }
  })
}
