/** The person's own devices: `/{tenant}/account/devices`. Ids of devices of others are not found. */
import {
  deviceAdd,
  deviceConfirmation,
  deviceInvitation,
  deviceRename,
  type OwnDevice,
  type OwnDevices as OwnDevicesAnswer,
  ownDevices,
} from '@countersign/protocol/account/device.ts'
import { Type } from 'typebox'
import { type Caller, forPerson, maybeTime, personal, personalRefusals, timeOf } from '#account/person.ts'
import { type OwnDevice as OwnDeviceView, ownTypes } from '#administration/own-device-view.ts'
import type { OwnDevices } from '#administration/own-devices.ts'
import { idOf } from '#domain/ids.ts'
import { type Endpoint, endpoint } from '#http/endpoint.ts'

interface Needs {
  readonly ownDevices: OwnDevices
  /** Where the approve app is, once it is known. */
  approveOrigin(): string | undefined
}
type OfOne = { readonly path: { readonly id: string } }

const PATH = '/{tenant}/account/devices'
const params = Type.Object({ id: Type.String({ maxLength: 20 }) })
const done = { status: 204, shape: Type.Null() }
const changeRefusals = [...personalRefusals, 'insufficient_user_authentication'] as const

export const deviceEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'GET',
    path: PATH,
    summary: 'Lists the devices of the person who asks.',
    access: personal,
    answers: { status: 200, shape: ownDevices },
    refusals: personalRefusals,
    handle: forPerson(async (_, { tenant }, person, { ownDevices }: Needs) => {
      const own = await ownDevices.list(tenant, person)
      const body: OwnDevicesAnswer = {
        devices: own.map(one => deviceOnWire(one, person)),
        changes: ownDevices.mayChange(tenant, own, person),
        types: ownTypes(tenant.configuration).map(({ code, name }) => ({ id: code, name })),
      }
      return { body }
    }),
  }),

  endpoint({
    method: 'POST',
    path: PATH,
    summary: 'Invites the person to add an approve app; the answer holds the invitation, once.',
    access: personal,
    accepts: { as: 'json', shape: deviceAdd, mayBeEmpty: true },
    answers: { status: 201, shape: deviceInvitation },
    refusals: [...changeRefusals, 'invalid_value', 'limit_reached', 'too_many_requests'],
    handle: forPerson(async ({ body }: { readonly body: { readonly type?: string } }, here, person, needs: Needs) => {
      const { host } = new URL(here.origin)
      const wanted = { type: body.type, service: `${host}/${here.tenant.name}` }
      const { view, message } = await needs.ownDevices.invite(here.tenant, person, wanted)
      const app = needs.approveOrigin()
      const link = app === undefined ? null : `${app}/#invite=${Buffer.from(message).toString('base64url')}`
      const { device, deviceType, expiresAt_ms } = view
      const confirm = here.tenant.configuration.findDeviceType(deviceType)?.push?.activationConfirm ?? false
      const told = { device: String(device), invitation: message, link, confirm }
      return { body: { ...told, expires_at: timeOf(expiresAt_ms) } }
    }),
  }),

  endpoint({
    method: 'PATCH',
    path: `${PATH}/{id}`,
    summary: 'Names a device of the person.',
    access: personal,
    params,
    accepts: { as: 'json', shape: deviceRename },
    answers: done,
    refusals: [...changeRefusals, 'invalid_value', 'too_long'],
    handle: forPerson(
      async (
        { path, body }: OfOne & { readonly body: { readonly friendly_name: string } },
        here,
        person,
        { ownDevices }: Needs,
      ) => {
        await ownDevices.rename(here.tenant, person, idOf(path.id), body.friendly_name.trim())
        return { body: null }
      },
    ),
  }),

  endpoint({
    method: 'POST',
    path: `${PATH}/{id}/confirm`,
    summary: 'Confirms a new approve app by the six characters that it shows.',
    access: personal,
    params,
    accepts: { as: 'json', shape: deviceConfirmation },
    answers: done,
    refusals: [...changeRefusals, 'invalid_value', 'action_not_possible'],
    handle: forPerson(
      async (
        { path, body }: OfOne & { readonly body: { readonly code: string } },
        here,
        person,
        { ownDevices }: Needs,
      ) => {
        await ownDevices.confirm(here.tenant, person, idOf(path.id), body.code)
        return { body: null }
      },
    ),
  }),

  endpoint({
    method: 'DELETE',
    path: `${PATH}/{id}`,
    summary:
      'Takes a device away from the person: an approve app or a passkey is gone, a token or a card becomes nobody’s.',
    access: personal,
    params,
    answers: done,
    refusals: changeRefusals,
    handle: forPerson(async ({ path }: OfOne, here, person, { ownDevices }: Needs) => {
      await ownDevices.remove(here.tenant, person, idOf(path.id))
      return { body: null }
    }),
  }),
]

function deviceOnWire(one: OwnDeviceView, person: Caller): OwnDevice {
  return {
    id: String(one.id),
    type: one.type,
    type_name: one.typeName,
    serial: one.externalId,
    friendly_name: one.friendlyName,
    status: one.status,
    added_at: timeOf(one.createdAt_ms),
    expires_at: maybeTime(one.expiryAt_ms),
    last_used_at: maybeTime(one.lastUsedAt_ms),
    approve_app: one.approveApp,
    kind: one.kind,
    uses: [...one.uses],
    signed_in_with: one.id === person.device,
  }
}
