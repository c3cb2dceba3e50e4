/**
 * What is to become of a device, as a merge: only what was said changes. A status follows another by the table of the domain;
 * saying the status that it has already is no change. Type and external id are what the device is, and stay.
 */

import type { OwnerChange } from '#administration/device-owner.ts'
import { changedDate } from '#administration/lasting.ts'
import { type Device, type DeviceStatus, deviceStatusFollows } from '#domain/device.ts'
import type { UserId } from '#domain/ids.ts'
import { Refusal } from '#domain/refusal.ts'
import { nameKey } from '#domain/user.ts'

export interface StatusChange {
  readonly status?: DeviceStatus
  readonly startAt_ms?: number
  readonly expiryAt_ms?: number
}

export interface DeviceChange extends StatusChange {
  readonly externalId?: string
  readonly type?: string
  /** An empty one takes the name away. */
  readonly friendlyName?: string
  readonly owner?: OwnerChange
}

const LONGEST_FRIENDLY_NAME = 64
export const LONGEST_EXTERNAL_ID = 128
// Shown in lists and logs: nothing invisible, nothing that is no text.
const unprintable = /[\p{Cc}\p{Surrogate}]/u

/** Pure; answers a refusal, as a unit does. */
export function changedDevice(before: Device, wanted: DeviceChange, owner: UserId | null): Device | Refusal {
  if (wanted.type !== undefined && wanted.type !== before.type) {
    return new Refusal('immutable', 'The type of a device cannot be changed.')
  }
  if (wanted.externalId !== undefined && nameKey(wanted.externalId) !== nameKey(before.externalId)) {
    return new Refusal('immutable', 'The externalId of a device cannot be changed.')
  }
  const lasting = changedLasting(before, wanted)
  if (lasting instanceof Refusal) return lasting
  const friendlyName = wanted.friendlyName === undefined ? before.friendlyName : wanted.friendlyName || null
  const refusal = friendlyName === before.friendlyName ? undefined : refusalOfName(friendlyName ?? '')
  return refusal ?? { ...before, ...lasting, owner, friendlyName }
}

export function refusalOfName(name: string): Refusal | undefined {
  if (name.length > LONGEST_FRIENDLY_NAME) {
    return new Refusal('too_long', `friendlyName has more than ${LONGEST_FRIENDLY_NAME} characters.`)
  }
  return refusalOfText('friendlyName', name)
}

export function refusalOfText(member: string, text: string): Refusal | undefined {
  return unprintable.test(text) ? new Refusal('invalid_value', `${member} is not printable.`) : undefined
}

type Lasting = Pick<Device, 'status' | 'startAt_ms' | 'expiryAt_ms'>

/** Status and dates, of a device or of a key in it. */
export function changedLasting(before: Lasting, wanted: StatusChange): Lasting | Refusal {
  const status = wanted.status ?? before.status
  if (status !== before.status && !deviceStatusFollows[before.status].includes(status)) {
    return new Refusal('status_not_allowed', `${status} cannot follow ${before.status}.`)
  }
  const startAt_ms = changedDate(before.startAt_ms, wanted.startAt_ms)
  const expiryAt_ms = changedDate(before.expiryAt_ms, wanted.expiryAt_ms)
  if (expiryAt_ms !== null && startAt_ms >= expiryAt_ms) return new Refusal('dates_in_wrong_order')
  return { status, startAt_ms, expiryAt_ms }
}
