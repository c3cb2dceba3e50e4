/**
 * What an approve app embeds: the containers of one vault, and how new ones come about (approve protocol, sections 2 and 4).
 * Clock, network and randomness are handed in; the screens are the app's.
 */
import type { PasswordProtection } from '@countersign/protocol/approve/policy-document.ts'
import type { Container } from './container.ts'
import type { Invitation } from './invitation.ts'
import type { Vault } from './vault/vault.ts'

export interface Around {
  readonly vault: Vault
  readonly fetch: typeof globalThis.fetch
  now_ms(): number
}

export type EnrolStep = 'asking' | 'keys' | 'code' | 'registering' | 'keeping'

export interface Enrolment {
  /** The name that the user gives to this device, 1 to 64 characters. */
  readonly name: string
  /** `web`, `node`, …: what the list of devices shows. */
  readonly platform: string
  /** Asked when the service wants a password, before anything is registered. */
  readonly password?: ((rules: PasswordProtection) => Promise<string>) | undefined
  readonly progress?: ((step: EnrolStep) => void) | undefined
}

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
