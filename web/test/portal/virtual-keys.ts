/**
 * Authenticators that Chromium makes up (Web Authentication Level 3 section 11, over the DevTools protocol): inside the device or by USB,
 * with and without a check of the person, with and without room for discoverable keys, kept in a backup or not.
 */
import type { CDPSession, Page } from 'playwright-core'

export interface KeyHabits {
  readonly transport?: 'internal' | 'usb'
  /** Can check who holds it. */
  readonly verifies?: boolean
  /** Checks well this time. */
  readonly verified?: boolean
  readonly resident?: boolean
  readonly backup?: boolean
}

export interface VirtualKeys {
  add(habits?: KeyHabits): Promise<VirtualKey>
}

export interface VirtualCredential {
  readonly isResidentCredential: boolean
  readonly signCount: number
  /** PKCS #8, in base64. */
  readonly privateKey: string
}

export interface VirtualKey {
  credentials(): Promise<readonly VirtualCredential[]>
  verified(on: boolean): Promise<void>
  /** Whether somebody touches it, or picks it among what the browser proposes. */
  present(on: boolean): Promise<void>
  remove(): Promise<void>
}

export async function virtualKeys(page: Page): Promise<VirtualKeys> {
  const session: CDPSession = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable', { enableUI: false })
  return {
    async add({ transport = 'usb', verifies = true, verified = true, resident = true, backup = false } = {}) {
      const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
        options: {
          protocol: 'ctap2',
          ctap2Version: 'ctap2_1',
          transport,
          hasResidentKey: resident,
          hasUserVerification: verifies,
          isUserVerified: verified,
          automaticPresenceSimulation: true,
          defaultBackupEligibility: backup,
          defaultBackupState: backup,
        },
      })
      return {
        credentials: async () => (await session.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
        async verified(isUserVerified) {
          await session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified })
        },
        async present(enabled) {
          await session.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled })
        },
        async remove() {
          await session.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId })
        },
      }
    },
  }
}
