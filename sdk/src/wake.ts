/**
 * A push message (approve protocol, section 7): opened by whichever container it is sealed for, since nothing outside of the seal says so.
 * Needs the vault only, so that a service worker can do it without the rest of the app.
 */
import { fits } from '@countersign/protocol/approve/fits.ts'
import { LONGEST_WAKE, wakeContent, wakeMessage } from '@countersign/protocol/approve/wake.ts'
import { parse } from './exchange.ts'
import { openSealed } from './sealed-answer.ts'
import { takeKey } from './vault/key-keeping.ts'
import type { Vault } from './vault/vault.ts'

export interface Woken {
  /** The container's id. */
  readonly container: string
  /** Of the push, the same when it comes twice. */
  readonly wake: string
  /** The request; a notice has none. */
  readonly request?: string
}

/** `message` is the text of the push, or what was parsed of it. Undefined when it is for none of the containers. */
export async function openWake(vault: Vault, message: unknown): Promise<Woken | undefined> {
  const read = typeof message === 'string' ? (message.length > LONGEST_WAKE ? undefined : parse(message)) : message
  if (!fits(wakeMessage, read)) return undefined
  for (const { id, registration, removed_at } of await vault.list()) {
    if (!registration || removed_at !== undefined) continue
    const content = await openSealed(read.j, await takeKey(vault, registration.keys, 'sealing')).catch(() => undefined)
    if (!fits(wakeContent, content)) continue
    return { container: id, wake: read.w, ...(content.k === 'request' ? { request: content.id } : {}) }
  }
  return undefined
}
