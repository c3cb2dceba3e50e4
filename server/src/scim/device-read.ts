/**
 * A body of POST or PUT as a change of a device. Members that are absent or null say nothing. An owner is named by id or by
 * a name of his; an empty `owner.value` takes the device away from whoever has it (tolerance T8).
 */
import type { DeviceChange } from '#administration/device-change.ts'
import type { OwnerChange } from '#administration/device-owner.ts'
import { deviceStatuses } from '#domain/device.ts'
import { type DeviceId, idOf } from '#domain/ids.ts'
import { Refusal } from '#domain/refusal.ts'
import { readStatus } from '#scim/entity-status.ts'
import { type Members, membersOf } from '#scim/members.ts'
import { type Reference, readReference } from '#scim/reference.ts'

const LONGEST_TEXT = 256

/** `id` is that of the address when there is one. */
export function readDeviceChange(body: unknown, id?: DeviceId): DeviceChange {
  const members = membersOf(body)
  if (id !== undefined) assertSameId(members, id)
  const externalId = members.text('externalId', LONGEST_TEXT) || undefined
  const type = members.text('type', LONGEST_TEXT) || undefined
  const friendlyName = members.text('friendlyName', LONGEST_TEXT)
  const owner = readReference('owner', members.any('owner'))
  return {
    ...(externalId === undefined ? {} : { externalId }),
    ...(type === undefined ? {} : { type }),
    ...(friendlyName === undefined ? {} : { friendlyName }),
    ...(owner === undefined ? {} : { owner: ownerOf(owner) }),
    ...readStatus(members, deviceStatuses),
  }
}

/** An id that came out of another answer by mistake would change a device that nobody meant. */
export function assertSameId(members: Members, id: number): void {
  const written = members.text('id', LONGEST_TEXT)
  if (written === undefined || written === '' || written === String(id)) return
  throw new Refusal('immutable', 'The id in the body is not that of the address.')
}

export function ownerOf(reference: Reference): OwnerChange {
  if (reference.by === 'none') return { by: 'none' }
  if (reference.by === 'display') return { by: 'name', name: reference.display }
  const id = idOf(reference.value)
  if (id === undefined) throw new Refusal('invalid_value', 'owner.value is the id of a user.')
  return { by: 'id', id }
}
