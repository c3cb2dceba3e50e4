/** The online part of an entry: read, changed in one step, and what every answer of the server teaches about it. */
import { SdkError } from './sdk-error.ts'
import type { Around } from './surroundings.ts'
import type { Entry, Registration } from './vault/vault.ts'

/** Smaller differences of the clocks are the network's. */
const NOTED_MS = 2000

export async function heldEntry({ vault }: Around, id: string): Promise<Entry> {
  const entry = await vault.find(id)
  if (!entry) throw new SdkError('device_gone', 'This registration is no longer on this device.')
  return entry
}

export const heldRegistration = async (around: Around, id: string): Promise<Registration> =>
  registrationOf(await heldEntry(around, id))

export function registrationOf(entry: Entry): Registration {
  if (!entry.registration) throw new SdkError('not_possible', 'This registration shows codes only.')
  return entry.registration
}

export async function changeEntry({ vault }: Around, id: string, step: (entry: Entry) => Entry): Promise<Entry> {
  const changed = await vault.change(id, entry => entry && step(entry))
  if (!changed) throw new SdkError('device_gone', 'This registration is no longer on this device.')
  return changed
}

export async function changeRegistration(
  around: Around,
  id: string,
  step: (held: Registration) => Registration,
): Promise<Registration> {
  const changed = await changeEntry(around, id, entry => {
    const held = registrationOf(entry)
    const next = step(held)
    return next === held ? entry : { ...entry, registration: next }
  })
  return registrationOf(changed)
}

export const serverNow_seconds = (around: Around, { offset_ms }: Pick<Registration, 'offset_ms'>) =>
  Math.floor((around.now_ms() + offset_ms) / 1000)

/** Half a second, because the server says whole ones. */
export const offsetFrom = (server_time: number, now_ms: number) => server_time * 1000 + 500 - now_ms

export async function noteTime(around: Around, id: string, server_time: unknown): Promise<void> {
  if (!Number.isSafeInteger(server_time)) return
  const offset_ms = offsetFrom(server_time as number, around.now_ms())
  const { offset_ms: held } = await heldRegistration(around, id)
  if (Math.abs(offset_ms - held) < NOTED_MS) return
  await changeRegistration(around, id, registration => ({ ...registration, offset_ms }))
}

export async function noteStatus(around: Around, id: string, status: Registration['status']): Promise<void> {
  const { status: held } = await heldRegistration(around, id)
  if (held !== status) await changeRegistration(around, id, registration => ({ ...registration, status }))
}

/** The server forgot the device, so the app does: keys, codes, history. */
export async function afterGone({ vault }: Around, id: string): Promise<void> {
  await vault.change(id, () => undefined)
}

/**
 * Changes places with the keys of a renewal whose answer was never seen. True when there are such keys. Going back (`forward` false)
 * undoes it. Its codes are lost, so the renewal is marked as cut off and made again.
 */
export async function swapKeys(around: Around, id: string, forward: boolean): Promise<boolean> {
  const { next } = await heldRegistration(around, id)
  if (!next) return false
  await changeRegistration(around, id, held => {
    const { next: other, interrupted: _, ...rest } = held
    if (!other) return held
    return { ...rest, keys: other, next: held.keys, ...(forward ? { interrupted: true } : {}) }
  })
  return true
}
