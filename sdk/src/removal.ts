/**
 * Removing a registration: gone from the app at once, told to the server as soon as it can be reached. What stays until then is only the
 * key that signs the call. Whoever stays unreachable for ninety days is no longer told.
 */

import { keepCodes } from './code-keys.ts'
import { afterGone, changeEntry, heldEntry } from './registration.ts'
import { isSdkError } from './sdk-error.ts'
import { callWithout } from './signed-call.ts'
import type { Around } from './surroundings.ts'
import type { Entry } from './vault/vault.ts'

const TOLD_FOR_SECONDS = 90 * 86_400

/** True when nothing is left to do. */
export async function removeContainer(around: Around, id: string): Promise<boolean> {
  const { kind } = await heldEntry(around, id)
  if (kind === 'offline') {
    await afterGone(around, id)
    return true
  }
  const codes = await keepCodes(around.vault, [], undefined)
  await changeEntry(around, id, entry => stripped({ ...entry, codes }, Math.floor(around.now_ms() / 1000)))
  return tellRemoval(around, id)
}

export async function tellRemoval(around: Around, id: string): Promise<boolean> {
  const { removed_at = 0 } = await heldEntry(around, id)
  try {
    await callWithout(around, id, { method: 'DELETE', path: '/approve/v1/device', changes: true })
  } catch (error) {
    if (!isSdkError(error)) throw error
    const given_up = around.now_ms() / 1000 - removed_at > TOLD_FOR_SECONDS
    if (error.code !== 'device_gone' && !given_up) return false
  }
  await afterGone(around, id)
  return true
}

/** The signing keys' places are taken by the key of calls, so that nothing is left that could approve. */
function stripped(entry: Entry, removed_at: number): Entry {
  const { registration } = entry
  if (!registration) return entry
  const { next: _, keys, ...rest } = registration
  const { request, lock: __, ...others } = keys
  const bare = { ...others, request, logon: request, action: request, sealing: request }
  return { ...entry, history: [], removed_at, registration: { ...rest, keys: bare } }
}
