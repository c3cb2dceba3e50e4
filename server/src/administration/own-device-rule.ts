/**
 * How strongly somebody must have signed in to change his own devices (security.md R1): nothing here lets a weak sign-in take the
 * place of a strong one. Whoever has a device in use must have signed in with one of his, so neither a password nor a code by mail or
 * SMS can rename, remove or add one. A sign-in by one factor alone is good for ten minutes; by password and device, or by a passkey that
 * checks its person, for its session.
 */
import { cardDeviceTypeCode } from '#domain/card-application.ts'
import type { Configuration } from '#domain/configuration.ts'
import type { Device } from '#domain/device.ts'
import type { DeviceId, UserId } from '#domain/ids.ts'
import { Refusal } from '#domain/refusal.ts'

/** What a session says about how its holder signed in. */
export interface SignIn {
  readonly user: UserId
  readonly amr: readonly string[]
  readonly device: DeviceId | null
  readonly openedAt_ms: number
}

export type MayChange = 'allowed' | 'device_needed' | 'sign_in_again'

export const ONE_FACTOR_MS = 600_000

type Held = Pick<Device, 'id' | 'type' | 'status'>

/** `own`: all devices of the person. */
export function mayChangeDevices(
  configuration: Configuration,
  own: readonly Held[],
  { amr, device, openedAt_ms }: SignIn,
  now_ms: number,
): MayChange {
  const inUse = own.filter(one => isInUse(one) && provesPerson(configuration, one))
  const byDevice = inUse.some(({ id }) => id === device)
  if (inUse.length > 0 && !byDevice) return 'device_needed'
  // A card that only identifies: whoever copied its number is here.
  if (amr.length === 0) return 'sign_in_again'
  // A passkey that checked its person is two factors by itself.
  const byBoth = byDevice && (amr.includes('pwd') || amr.includes('mfa'))
  return byBoth || now_ms - openedAt_ms < ONE_FACTOR_MS ? 'allowed' : 'sign_in_again'
}

// A device that an administrator suspended is still one that a password must not get rid of.
const isInUse = ({ status }: Held) => status === 'ACTIVE' || status === 'SUSPENDED'

/** A type that is gone is taken for one that proves. */
function provesPerson(configuration: Configuration, { type }: Held): boolean {
  const credentialTypes = configuration.findDeviceType(type)?.allowedCredentialTypes ?? [undefined]
  return credentialTypes.some(code => {
    const factor = code === undefined ? undefined : configuration.findCredentialType(code)?.factor
    return factor === undefined || PROVING.includes(factor) || (factor === 'card' && provesByCard(configuration, type))
  })
}

const PROVING: readonly string[] = ['oath', 'push', 'fido']

const provesByCard = ({ cardApplications }: Configuration, type: string) =>
  cardApplications.some(({ code, proof }) => cardDeviceTypeCode(code) === type && proof !== undefined)

export function refusalOf(answer: MayChange): Refusal | undefined {
  switch (answer) {
    case 'allowed':
      return undefined
    case 'device_needed':
      return new Refusal('insufficient_user_authentication', 'Sign in with one of your devices to change them.')
    case 'sign_in_again':
      return new Refusal('insufficient_user_authentication', 'Sign in again: the last sign-in is too long ago.')
  }
}
