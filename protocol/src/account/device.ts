/** The devices of the person who asks, `/{tenant}/account/devices`; ours. Times are RFC 3339 texts in UTC. */
import { type Static, type TSchema, Type } from 'typebox'

const time = Type.String({ description: '2026-01-31T09:30:00.000Z' })
const maybe = <T extends TSchema>(shape: T) => Type.Union([shape, Type.Null()])

export const ownDevice = Type.Object({
  id: Type.String(),
  type: Type.String({ description: 'The device type, DT_TDSV4 for example' }),
  type_name: Type.String(),
  serial: Type.String({ description: 'What stands on a token; for an approve app an id without meaning' }),
  friendly_name: maybe(Type.String()),
  status: Type.Union([
    Type.Literal('PENDING'),
    Type.Literal('ACTIVE'),
    Type.Literal('SUSPENDED'),
    Type.Literal('REVOKED'),
    Type.Literal('TERMINATED'),
  ]),
  added_at: time,
  expires_at: maybe(time),
  last_used_at: maybe(time),
  approve_app: Type.Boolean(),
  kind: Type.Union([Type.Literal('app'), Type.Literal('passkey'), Type.Literal('card'), Type.Literal('token')]),
  uses: Type.Array(
    Type.Union([
      Type.Literal('approve_sign_in'),
      Type.Literal('approve_action'),
      Type.Literal('code'),
      Type.Literal('challenge'),
      Type.Literal('signature'),
      Type.Literal('sign_in'),
    ]),
  ),
  signed_in_with: Type.Boolean({ description: 'The caller signed in with this device' }),
})
export type OwnDevice = Static<typeof ownDevice>

export const ownDevices = Type.Object({
  devices: Type.Array(ownDevice),
  changes: Type.Union([Type.Literal('allowed'), Type.Literal('device_needed'), Type.Literal('sign_in_again')], {
    description: 'Whether this sign-in may rename, remove and add devices, or what is missing',
  }),
  types: Type.Array(Type.Object({ id: Type.String(), name: Type.String() }), {
    description: 'Approve apps that may be added; the first is the usual one',
  }),
})
export type OwnDevices = Static<typeof ownDevices>

export const deviceRename = Type.Object({
  friendly_name: Type.String({ maxLength: 64, description: 'An empty one takes the name away' }),
})

export const deviceAdd = Type.Object({ type: Type.Optional(Type.String({ maxLength: 64 })) })

export const deviceInvitation = Type.Object({
  device: Type.String({ description: 'Id of the device that the invitation makes' }),
  invitation: Type.String({ description: 'PROV_MSG: the text of the QR code; told once' }),
  link: maybe(
    Type.String({ description: 'Opens the approve app with the invitation; null where its address is unknown' }),
  ),
  expires_at: time,
  confirm: Type.Boolean({ description: 'The app will show six characters, and waits until they are confirmed' }),
})
export type DeviceInvitation = Static<typeof deviceInvitation>

export const deviceConfirmation = Type.Object({
  code: Type.String({ maxLength: 16, description: 'The six characters that the app shows' }),
})
