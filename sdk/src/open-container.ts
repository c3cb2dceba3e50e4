/**
 * A container that does things: every deed works on what the vault holds now and leaves the container's facts as the vault then has
 * them, also when it was refused. After `device_gone` the facts stay as they were last seen.
 */
import { answerRequest, requestDirectly } from './approval-signature.ts'
import type { Container } from './container.ts'
import { type ContainerFacts, factsOf } from './container-facts.ts'
import { changePassword, renameDevice, setWake } from './device-change.ts'
import { followEvents } from './event-stream.ts'
import { renewKeys } from './key-renewal.ts'
import { readInbox, readRequest, readScan } from './read-requests.ts'
import { removeContainer } from './removal.ts'
import { isSdkError } from './sdk-error.ts'
import { refreshPolicy } from './service-facts.ts'
import { showOtp, showResponse, showSignature } from './shown-code.ts'
import type { Around } from './surroundings.ts'
import type { Entry } from './vault/vault.ts'

export interface OpenContainer {
  readonly container: Container
  /** What the vault holds now. */
  take(entry: Entry): void
  /** Is this a working key of its service? */
  knows(kid: string): boolean
}

/** `gone` is told when the entry left the vault. */
export function openContainer(around: Around, entry: Entry, gone: () => Promise<void>): OpenContainer {
  const { id } = entry
  const facts: ContainerFacts = factsOf(entry, around.vault.keyProtection, around.now_ms())
  let working = entry.registration?.working ?? {}
  const take = (now: Entry) => {
    working = now.registration?.working ?? {}
    Object.assign(facts, factsOf(now, around.vault.keyProtection, around.now_ms()))
  }
  const after = async <T>(deed: Promise<T>): Promise<T> => {
    try {
      return await deed
    } finally {
      const now = await around.vault.find(id)
      if (now && now.removed_at === undefined) take(now)
      else await gone()
    }
  }
  const container: Container = Object.assign(facts, {
    refresh: () => after(refresh(around, id)),
    inbox: () => after(readInbox(around, id)),
    retrieve: request => after(readRequest(around, id, request)),
    answer: (request, status, more = {}) => after(answerRequest(around, id, request, status, more)),
    scan: (text, via) => after(readScan(around, id, text, via)),
    request: direct => after(requestDirectly(around, id, direct)),
    otp: (unlocking = {}) => after(showOtp(around, id, unlocking)),
    challenge: (question, unlocking = {}) => after(showResponse(around, id, question, unlocking)),
    sign: (values, unlocking = {}) => after(showSignature(around, id, values, unlocking)),
    rename: name => after(renameDevice(around, id, name)),
    setWake: subscription => after(setWake(around, id, subscription)),
    renew: (unlocking = {}) => after(renewKeys(around, id, unlocking)),
    changePassword: (old, fresh) => after(changePassword(around, id, old, fresh)),
    remove: () => after(removeContainer(around, id)),
    events: (listener, signal) => after(followEvents(around, id, listener, signal)),
  } satisfies Omit<Container, keyof ContainerFacts>)
  return { container, take, knows: kid => Object.hasOwn(working, kid) }
}

/** A state in which the server answers nothing else is what was asked for. */
async function refresh(around: Around, id: string): Promise<void> {
  try {
    await refreshPolicy(around, id)
  } catch (error) {
    if (!isSdkError(error, 'activation_pending') && !isSdkError(error, 'device_suspended')) throw error
  }
}
