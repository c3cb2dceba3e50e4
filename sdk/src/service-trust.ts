/** Asks a service anew who it is, and keeps what chains to the root that is pinned (approve protocol, section 3). */
import { readService } from '@countersign/protocol/approve/service-root.ts'
import { service } from '@countersign/protocol/approve/statement.ts'
import { ask } from './exchange.ts'
import { changeRegistration, heldRegistration, serverNow_seconds } from './registration.ts'
import { SdkError } from './sdk-error.ts'
import type { Around } from './surroundings.ts'
import { trustIn } from './trust-chain.ts'
import type { Registration } from './vault/vault.ts'

export async function refreshTrust(around: Around, id: string): Promise<Registration> {
  const held = await heldRegistration(around, id)
  const url = `${readService(held.service)?.root}/approve/v1/service`
  const answer = await ask(around.fetch, { method: 'GET', url }, service)
  if (answer.tenant !== held.tenant) throw new SdkError('untrusted_service')
  const trust = await trustIn(answer, held.rootKey, serverNow_seconds(around, held))
  return changeRegistration(around, id, one => ({ ...one, ...trust }))
}

/** Whether a successor has taken the place of the root; false when nothing can be learned. */
export async function hasSuccessor(around: Around, id: string): Promise<boolean> {
  const { root } = await heldRegistration(around, id)
  try {
    return (await refreshTrust(around, id)).root !== root
  } catch (error) {
    if (error instanceof SdkError) return false
    throw error
  }
}
