/**
 * Credential type on the wire: `/configuration/{tenant}/v2/Credential/Type`. The reference shows no members of an OATH and of a push
 * extension: URNs and members are ours. `meta.resourceType` says Credential, as the reference does.
 */

import { type Static, type TSchema, Type } from 'typebox'
import { configurationMeta } from './meta.ts'

export const CREDENTIAL_TYPE = 'urn:hid:scim:api:idp:2.0:credential:Type'
export const CREDENTIAL_TYPE_OATH = 'urn:hid:scim:api:idp:2.0:credential:type:OATH'

export const CREDENTIAL_TYPE_PUSH = 'urn:hid:scim:api:idp:2.0:credential:type:Push'
export const CREDENTIAL_TYPE_OOB = 'urn:hid:scim:api:idp:2.0:credential:type:OOBACode'

const whole = (minimum: number, maximum: number, description: string) => Type.Integer({ minimum, maximum, description })

export const pushCredentialWire = Type.Object({
  algorithm: Type.Union([Type.Literal('RS512'), Type.Literal('ES256')]),
  use: Type.Union([Type.Literal('logon'), Type.Literal('action'), Type.Literal('transport')]),
  statuses: Type.Optional(
    Type.String({
      maxLength: 300,
      description: '`accept|deny|report`: what a user may answer; the first is positive.',
    }),
  ),
})
export type PushCredentialWire = Static<typeof pushCredentialWire>

export const oathCredentialWire = Type.Object({
  algorithm: Type.String({
    pattern: '^((HOTP|TOTP)-(SHA1|SHA256|SHA512)|OCRA)$',
    description: 'HOTP-SHA1, TOTP-SHA256 …; OCRA where a suite tells the rest.',
  }),
  otpLength: whole(6, 10, 'Digits of a code.'),
  timeStep: whole(0, 172_800, 'Seconds; 0 where no clock takes part.'),
  synchWindow: whole(0, 20, 'Codes tried beyond the expected one.'),
  resynchWindow: whole(0, 1000, 'The same, while a device is synchronised.'),
  ocraSuite: Type.Optional(Type.String({ maxLength: 64, description: 'RFC 6287 section 6.' })),
  signatureSeparator: Type.Optional(
    Type.String({ pattern: '^[!-/:-@\\[-`{-~]$', description: 'Stands between the values of a transaction.' }),
  ),
  challengeLength: Type.Optional(whole(4, 10, 'Digits of a challenge that is asked.')),
})
export type OathCredentialWire = Static<typeof oathCredentialWire>

export const oobCredentialWire = Type.Object({
  use: Type.Union([Type.Literal('code'), Type.Literal('transaction')]),
  codeLength: whole(6, 10, 'Digits of a code.'),
  maximumTries: whole(1, 10, 'Wrong entries after which a code is dead.'),
})
export type OobCredentialWire = Static<typeof oobCredentialWire>

export const credentialTypeWire = Type.Object({
  schemas: Type.Array(Type.String()),
  id: Type.String(),
  name: Type.Optional(Type.String()),
  notes: Type.Optional(Type.String()),
  readOnly: Type.Optional(Type.Boolean()),
  meta: Type.Optional(configurationMeta),
  [CREDENTIAL_TYPE_OATH]: Type.Optional(oathCredentialWire),
  [CREDENTIAL_TYPE_PUSH]: Type.Optional(pushCredentialWire),
  [CREDENTIAL_TYPE_OOB]: Type.Optional(oobCredentialWire),
})

export type CredentialTypeWire = Static<typeof credentialTypeWire>

const nullable = <T extends TSchema>(schema: T) => Type.Optional(Type.Union([schema, Type.Null()]))
const oath = oathCredentialWire.properties

/** POST and PUT. Members that are given stand in the place of those before; null takes an optional one away. */
export const credentialTypeWrite = Type.Object(
  {
    id: Type.Optional(Type.String({ maxLength: 100 })),
    copyFrom: Type.Optional(Type.String({ maxLength: 20, description: 'POST: the type that it starts as.' })),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    notes: nullable(Type.String({ maxLength: 1000 })),
    meta: Type.Optional(Type.Object({ version: Type.Optional(Type.Integer()) })),
    [CREDENTIAL_TYPE_PUSH]: Type.Optional(
      Type.Object(Type.Partial(pushCredentialWire).properties, { additionalProperties: false }),
    ),
    [CREDENTIAL_TYPE_OOB]: Type.Optional(
      Type.Object(Type.Partial(oobCredentialWire).properties, { additionalProperties: false }),
    ),
    [CREDENTIAL_TYPE_OATH]: Type.Optional(
      Type.Object(
        {
          ...Type.Partial(oathCredentialWire).properties,
          ocraSuite: nullable(oath.ocraSuite),
          signatureSeparator: nullable(oath.signatureSeparator),
          challengeLength: nullable(oath.challengeLength),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: true },
)
export type CredentialTypeWrite = Static<typeof credentialTypeWrite>
