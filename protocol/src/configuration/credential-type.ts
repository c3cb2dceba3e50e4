/**
 * Credential type on the wire: `GET /configuration/{tenant}/v2/Credential/Type`. The reference shows no members of an OATH
 * extension: URN and members are ours. `meta.resourceType` says Credential, as the reference does.
 */

import { type Static, Type } from 'typebox'
import { configurationMeta } from './meta.ts'

export const CREDENTIAL_TYPE = 'urn:hid:scim:api:idp:2.0:credential:Type'
export const CREDENTIAL_TYPE_OATH = 'urn:hid:scim:api:idp:2.0:credential:type:OATH'

export const credentialTypeWire = Type.Object({
  schemas: Type.Array(Type.String()),
  id: Type.String(),
  name: Type.Optional(Type.String()),
  notes: Type.Optional(Type.String()),
  readOnly: Type.Optional(Type.Boolean()),
  meta: Type.Optional(configurationMeta),
  [CREDENTIAL_TYPE_OATH]: Type.Optional(
    Type.Object({
      algorithm: Type.String({ description: 'HOTP-SHA1, TOTP-SHA256 …; OCRA where a suite tells the rest.' }),
      otpLength: Type.Integer({ description: 'Digits of a code.' }),
      timeStep: Type.Integer({ description: 'Seconds; 0 where no clock takes part.' }),
      synchWindow: Type.Integer({ description: 'Codes tried beyond the expected one.' }),
      resynchWindow: Type.Integer({ description: 'The same, while a device is synchronised.' }),
      ocraSuite: Type.Optional(Type.String({ description: 'RFC 6287 section 6.' })),
      signatureSeparator: Type.Optional(Type.String({ description: 'Stands between the values of a transaction.' })),
    }),
  ),
})

export type CredentialTypeWire = Static<typeof credentialTypeWire>
