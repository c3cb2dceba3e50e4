/**
 * What the audit keeps of changes to devices and their keys: codes and ids, the status before and after, never a secret. A
 * friendly name is the owner's own words, so only that it changed is kept.
 */
import type { Administrator } from '#administration/change.ts'
import { isSameLasting, type Lasting } from '#administration/lasting.ts'
import type { Credential } from '#domain/credential.ts'
import type { Device } from '#domain/device.ts'
import type { CredentialId, UserId } from '#domain/ids.ts'
import type { Recorder } from '#domain/ports/recorder.ts'
import type { Query } from '#domain/ports/store.ts'
import type { Tenant } from '#domain/tenant.ts'

type Parameters = Readonly<Record<string, string | number>>
type Named = Pick<Device, 'id' | 'externalId' | 'type'>

export class DeviceEvents {
  readonly #recorder: Recorder
  readonly #tenant: Tenant
  readonly #by: Administrator

  constructor(recorder: Recorder, tenant: Tenant, by: Administrator) {
    this.#recorder = recorder
    this.#tenant = tenant
    this.#by = by
  }

  added(device: Device): readonly Query[] {
    const assigned = device.owner === null ? [] : this.#event('assignDeviceToUser', device, device.owner)
    return [...this.#event('addDevice', device, null, { TEXT2: device.status, ...datesOf(device) }), ...assigned]
  }

  /** One event for each kind of change. */
  changed(before: Device, after: Device): readonly Query[] {
    const moved = before.owner !== after.owner
    return [
      ...(moved && before.owner !== null ? this.#event('unassignDevice', after, before.owner) : []),
      ...(moved && after.owner !== null ? this.#event('assignDeviceToUser', after, after.owner) : []),
      ...(isSameLasting(before, after)
        ? []
        : this.#event('updateDeviceStatus', after, after.owner, statusOf(before, after))),
      ...(before.friendlyName === after.friendlyName ? [] : this.#event('updateDevice', after, after.owner)),
    ]
  }

  removed(device: Device, keys: number): readonly Query[] {
    return [
      ...(device.owner === null ? [] : this.#event('unassignDevice', device, device.owner)),
      ...this.#event('deleteDevice', device, device.owner, { TEXT1: keys }),
    ]
  }

  invited(device: Device, provision: number): readonly Query[] {
    return this.#event('createDeviceIssuanceRequest', device, device.owner, { DIR: provision })
  }

  uninvited(device: Device, provision: number): readonly Query[] {
    return this.#event('deleteDeviceIssuanceRequest', device, device.owner, { DIR: provision })
  }

  counterMoved(device: Device, credential: CredentialId): readonly Query[] {
    return this.#event('synchroniseDevice', device, device.owner, { CID: credential, TEXT1: 'COUNTER' })
  }

  credentialChanged(device: Device, before: Credential, after: Credential): readonly Query[] {
    return this.#event('updateCredential', device, device.owner, { ...keyOf(after), ...statusOf(before, after) })
  }

  credentialRemoved(device: Device, one: Credential): readonly Query[] {
    return this.#event('deleteCredential', device, device.owner, keyOf(one))
  }

  #event(action: string, device: Named, user: UserId | null, parameters: Parameters = {}): readonly Query[] {
    const { id: DID, externalId: DSN, type: DTC } = device
    return this.#recorder.record(this.#tenant.number, {
      action,
      result: 'SUCCESS',
      actor: this.#by.actor,
      ...(user === null ? {} : { user }),
      parameters: { DID, DSN, DTC, ...parameters, COI: this.#by.correlation },
    }).queries
  }
}

const keyOf = ({ id, type }: Credential): Parameters => ({ CID: id, CCO: type })

const statusOf = (before: Lasting, after: Lasting): Parameters => ({
  TEXT1: before.status,
  TEXT2: after.status,
  ...datesOf(after),
})

const datesOf = ({ startAt_ms, expiryAt_ms }: Lasting): Parameters => ({
  DSD: new Date(startAt_ms).toISOString(),
  ...(expiryAt_ms === null ? {} : { EXD: new Date(expiryAt_ms).toISOString() }),
})
