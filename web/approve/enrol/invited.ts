/** An invitation that is waiting for the user's word: what can be said of it before anybody is asked. */
import type { Invitation } from '@countersign/sdk/invitation.ts'
import type { Desk } from '../desk.ts'

export interface Invited {
  readonly kind: 'online' | 'offline'
  readonly service: string
  readonly user: string
  /** No account of this service is on this device yet. */
  readonly isNew: boolean
  /** Online. */
  readonly invitation?: Invitation
  /** Offline. */
  readonly uri?: string
}

export function invitedOnline({ app }: Pick<Desk, 'app'>, invitation: Invitation): Invited {
  const { service, uid } = invitation
  return { kind: 'online', service: service.name, user: uid, isNew: app.isNewService(invitation), invitation }
}

/** `otpauth://totp/{service name}:{uid}?…` (approve protocol, section 9). */
export function invitedOffline(uri: string): Invited {
  const { pathname, searchParams } = new URL(uri)
  const label = decodeURIComponent(pathname.slice(pathname.lastIndexOf('/') + 1))
  const colon = label.indexOf(':')
  const user = colon < 0 ? label : label.slice(colon + 1).trim()
  const service = searchParams.get('issuer') ?? (colon < 0 ? '' : label.slice(0, colon))
  return { kind: 'offline', service, user, isNew: false, uri }
}
