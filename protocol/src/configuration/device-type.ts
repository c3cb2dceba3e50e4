/**
 * Device type on the wire: `/configuration/{tenant}/v2/Device/Type`. The Token extension describes a hardware or software token;
 * -1 means unset. Unlike in policies, numbers are numbers. The reference names the Push extension and shows few of its members:
 * but for `keysProtectionPolicies` and `OPMODE` they are ours. Lists leave it out, as the reference does.
 */

import { type Static, type TSchema, Type } from 'typebox'
import { configurationMeta } from './meta.ts'

export const DEVICE_TYPE = 'urn:hid:scim:api:idp:2.0:device:Type'
export const DEVICE_TYPE_TOKEN = 'urn:hid:scim:api:idp:2.0:device:type:Token'

export const DEVICE_TYPE_PUSH = 'urn:hid:scim:api:idp:2.0:device:type:Push'

const credentialCode = Type.String({ pattern: '^CT_[A-Z0-9_]{1,17}$' })
const shown = (maxLength: number, description: string) => Type.String({ minLength: 1, maxLength, description })
const whole = (minimum: number, maximum: number, description: string) => Type.Integer({ minimum, maximum, description })

const pushMembers = {
  credentialTypes: Type.Object(
    {
      transport: credentialCode,
      logon: credentialCode,
      action: credentialCode,
      otp: Type.Optional(credentialCode),
      challenge: Type.Optional(credentialCode),
      signing: Type.Optional(credentialCode),
    },
    { additionalProperties: false, description: 'The credential type of each key of the app.' },
  ),
  keysProtectionPolicies: Type.Object(
    {
      type: Type.Union([Type.Literal('device'), Type.Literal('password')]),
      minLength: Type.Optional(whole(4, 64, 'Characters at least.')),
      maxLength: Type.Optional(whole(4, 128, 'Characters at most.')),
      digitsOnly: Type.Optional(Type.Boolean()),
      maxAttempts: Type.Optional(whole(1, 10, 'Wrong passwords in a row before the app locks.')),
      lockSeconds: Type.Optional(whole(60, 86_400, 'How long it stays locked.')),
    },
    { additionalProperties: false, description: 'How the app guards its keys.' },
  ),
  serviceName: shown(50, 'What the app calls the account.'),
  colour: Type.String({ pattern: '^#[0-9A-Fa-f]{6}$', description: 'Accent of the account in the app.' }),
  ocraFields: Type.Array(shown(32, 'Name of a value to sign.'), { maxItems: 3 }),
  requestTemplates: Type.Record(Type.String({ pattern: '^[A-Za-z0-9_-]{1,32}$' }), shown(500, 'Text with {name}.'), {
    additionalProperties: false,
    maxProperties: 32,
    description: 'Texts of signatures that a device starts, by id.',
  }),
  keysRefreshPeriod: whole(30, 3650, 'Days after which the app renews its keys.'),
  inviteLifeSeconds: whole(60, 604_800, 'Life of an invitation.'),
  activationConfirm: Type.Boolean({ description: 'A registration waits until six characters are confirmed.' }),
  OPMODE: Type.Union([Type.Literal('default'), Type.Literal('fips')]),
}

export const pushTypeWire = Type.Object({ ...pushMembers, colour: Type.Optional(pushMembers.colour) })
export type PushTypeWire = Static<typeof pushTypeWire>

export const deviceTypeWire = Type.Object({
  schemas: Type.Array(Type.String()),
  id: Type.String(),
  name: Type.Optional(Type.String()),
  notes: Type.Optional(Type.String()),
  readOnly: Type.Optional(Type.Boolean()),
  meta: Type.Optional(configurationMeta),
  manufacturer: Type.Optional(Type.String()),
  defaultCredentialTypeCode: Type.Optional(Type.String()),
  allowedCredentialTypes: Type.Optional(Type.Array(Type.String())),
  maximumDevicePerUser: Type.Optional(Type.Integer({ description: '-1 no limit.' })),
  [DEVICE_TYPE_PUSH]: Type.Optional(pushTypeWire),
  [DEVICE_TYPE_TOKEN]: Type.Optional(
    Type.Object({
      deviceFormFactor: Type.String(),
      supportedAuthenticationMethod: Type.String({ description: 'SYNCHRONOUS, ASYNCHRONOUS or BOTH.' }),
      challengeLength: Type.Integer(),
      syncAuthenticationCodeLength: Type.Integer(),
      asyncAuthenticationCodeLength: Type.Integer(),
      supportsUnlock: Type.Boolean(),
      unlockChallengeLength: Type.Integer(),
      supportsSynch: Type.String({ description: 'SUPPORT_ALL or NOT_SUPPORTED.' }),
    }),
  ),
})

export type DeviceTypeWire = Static<typeof deviceTypeWire>

const optional = <T extends TSchema>(schema: T) => Type.Optional(Type.Union([schema, Type.Null()]))

/**
 * POST and PUT. Members that are given stand in the place of those before; null takes an optional one away. What the app does is
 * all in the Push extension, so it takes no member that is not known; beside it unknown ones are not looked at.
 */
export const deviceTypeWrite = Type.Object(
  {
    id: Type.Optional(Type.String({ maxLength: 100 })),
    copyFrom: Type.Optional(Type.String({ maxLength: 20, description: 'POST: the type that it starts as.' })),
    name: Type.Optional(shown(100, 'For administrators.')),
    notes: optional(Type.String({ maxLength: 1000 })),
    defaultCredentialTypeCode: Type.Optional(credentialCode),
    allowedCredentialTypes: Type.Optional(Type.Array(credentialCode, { minItems: 1, maxItems: 20 })),
    maximumDevicePerUser: Type.Optional(Type.Union([Type.Literal(-1), whole(1, 1000, 'Active devices of one user.')])),
    meta: Type.Optional(Type.Object({ version: Type.Optional(Type.Integer()) })),
    [DEVICE_TYPE_PUSH]: Type.Optional(
      Type.Object(
        {
          ...Type.Partial(pushTypeWire).properties,
          colour: optional(pushMembers.colour),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: true },
)
export type DeviceTypeWrite = Static<typeof deviceTypeWrite>
