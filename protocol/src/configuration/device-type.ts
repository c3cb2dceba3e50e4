/**
 * Device type on the wire: `GET /configuration/{tenant}/v2/Device/Type`. The Token extension describes a hardware or
 * software token; -1 means unset. Unlike in policies, numbers are numbers.
 */

import { type Static, Type } from 'typebox'
import { configurationMeta } from './meta.ts'

export const DEVICE_TYPE = 'urn:hid:scim:api:idp:2.0:device:Type'
export const DEVICE_TYPE_TOKEN = 'urn:hid:scim:api:idp:2.0:device:type:Token'

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
