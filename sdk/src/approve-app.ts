/**
 * What an approve app embeds: the containers of one vault, and how new ones come about (approve protocol, sections 2 and 4).
 * Clock, network and randomness are handed in; the screens are the app's.
 */
import { activate } from './activation.ts'
import type { Container } from './container.ts'
import { properName } from './device-change.ts'
import type { Enrolment } from './enrolment.ts'
import type { Invitation } from './invitation.ts'
import { activateOffline } from './offline-activation.ts'
import { type OpenContainer, openContainer } from './open-container.ts'
import { type Claimed, claimsOf } from './read-requests.ts'
import { tellRemoval } from './removal.ts'
import { isSdkError, SdkError } from './sdk-error.ts'
import type { Around } from './surroundings.ts'
import type { Entry } from './vault/vault.ts'
import { openWake } from './wake.ts'

export type { Enrolment, EnrolStep } from './enrolment.ts'

export interface PendingRemoval {
  readonly id: string
  readonly serviceName: string
  readonly user: string
  /** Seconds since 1970. */
  readonly since: number
}

export interface ApproveApp {
  /** Oldest first. What another tab or process did is seen after `reload`. */
  containers(): readonly Container[]
  reload(): Promise<void>
  /** Is the service of this invitation new to the app? Then the user should be told its name in words. */
  isNewService(invitation: Invitation): boolean
  enrol(invitation: Invitation, enrolment: Enrolment): Promise<Container>
  /** `otpauth://totp/…`: codes only, never a call. */
  enrolOffline(uri: string, name: string): Promise<Container>
  /** The containers that may answer a scanned code: those of its service. */
  containersFor(scanned: string): readonly Container[]
  /** Opens a push message; undefined when it is for none of the containers. */
  openWake(message: unknown): Promise<{ readonly container: Container; readonly request?: string } | undefined>
  pendingRemovals(): readonly PendingRemoval[]
  /** Tells the servers what was removed while they were out of reach; answers how many are left. */
  retryRemovals(): Promise<number>
}

/** More registrations than anybody has; a push is tried against each. */
const MOST_CONTAINERS = 64

export async function openApproveApp(around: Around): Promise<ApproveApp> {
  const { vault } = around
  const held = new Map<string, OpenContainer>()
  const removals = new Map<string, PendingRemoval>()

  const reload = async () => {
    const entries = [...(await vault.list())].sort((a, b) => a.created_at - b.created_at)
    removals.clear()
    for (const entry of entries) if (entry.removed_at !== undefined) removals.set(entry.id, removalOf(entry))
    const live = entries.filter(({ id }) => !removals.has(id))
    for (const id of held.keys()) if (!live.some(entry => entry.id === id)) held.delete(id)
    for (const entry of live) adopt(entry)
  }
  const adopt = (entry: Entry): Container => {
    const known = held.get(entry.id) ?? openContainer(around, entry, reload)
    known.take(entry)
    held.set(entry.id, known)
    return known.container
  }
  const containers = () => [...held.values()].map(({ container }) => container)
  const assertRoom = () => {
    if (held.size >= MOST_CONTAINERS)
      throw new SdkError('not_possible', `This app holds ${MOST_CONTAINERS} registrations. Remove one first.`)
  }

  await reload()
  return {
    containers,
    reload,
    isNewService: ({ service, root }) =>
      !containers().some(one => one.service === service.name && (root === undefined || one.root === root)),
    async enrol(invitation, enrolment) {
      assertRoom()
      const proper = { ...enrolment, name: properName(enrolment.name) }
      const container = adopt(await activate(around, invitation, proper))
      await fitted(container, proper)
      return container
    },
    async enrolOffline(uri, name) {
      assertRoom()
      return adopt(await activateOffline(around, uri, properName(name)))
    },
    containersFor(scanned) {
      const claimed = claimsOf(scanned)
      return claimed ? fittingOf([...held.values()], claimed).map(({ container }) => container) : []
    },
    async openWake(message) {
      const woken = await openWake(vault, message)
      if (woken && !held.has(woken.container)) await reload()
      const container = woken && held.get(woken.container)?.container
      return container && { container, ...(woken.request === undefined ? {} : { request: woken.request }) }
    },
    pendingRemovals: () => [...removals.values()],
    async retryRemovals() {
      await reload()
      for (const id of removals.keys()) await tellRemoval(around, id)
      await reload()
      return removals.size
    },
  }
}

const removalOf = ({ id, serviceName, user, removed_at = 0 }: Entry): PendingRemoval => ({
  id,
  serviceName,
  user,
  since: removed_at,
})

/** Those that know the key, else those of the service by its name, else of its tenant: a service may be reached by several names. */
function fittingOf(all: readonly OpenContainer[], { kid, service, tenant, type }: Claimed): readonly OpenContainer[] {
  const tests: ((one: OpenContainer) => boolean)[] = [
    one => one.knows(kid),
    one => one.container.service === service,
    one => one.container.tenant === tenant,
  ]
  const found = tests.map(test => all.filter(one => one.container.kind === 'online' && test(one)))
  const first = found.find(({ length }) => length > 0) ?? []
  const ofType = first.filter(({ container }) => container.policy?.device_type === type)
  return ofType.length > 0 ? ofType : first
}

/** By hand nobody knows the device type before the policy comes: keys that do not fit it are renewed at once. */
async function fitted(container: Container, { password, progress }: Enrolment): Promise<void> {
  if (container.renewalDue !== 'protection' || container.status !== 'active') return
  progress?.('keys')
  const { protection } = container.policy ?? {}
  const chosen = protection?.kind === 'password' ? await password?.(protection.password) : undefined
  // The registration stands in any case; what is due is seen in `renewalDue`.
  await container.renew({ password: chosen }).catch(error => {
    if (!isSdkError(error)) throw error
  })
}
