/**
 * A user on the wire: RFC 7643 section 4.1 with the reference's three extensions. What was not selected is absent.
 * Surprise: core members and UserAttribute say some things twice (`emails[0].value` is `ATR_EMAIL`); either may be written.
 */
import { type Static, Type } from 'typebox'
import { attribute } from './attribute.ts'
import { meta } from './meta.ts'
import { memberRef } from './reference.ts'
import { urn } from './urn.ts'

const value = Type.Object({ value: Type.Optional(Type.String()), type: Type.Optional(Type.String()) })

const userDevice = Type.Object({
  display: Type.Optional(Type.String({ description: 'External id, for hardware its serial number and slot' })),
  friendlyName: Type.Optional(Type.String()),
  value: Type.String({ description: 'Id of the device' }),
  lastSuccessfulDate: Type.Optional(Type.String()),
  lastSuccessfulAuthPolicy: Type.Optional(Type.String()),
  $ref: Type.String(),
})

export const user = Type.Object({
  schemas: Type.Array(Type.String()),
  id: Type.String(),
  externalId: Type.Optional(Type.String()),
  meta: Type.Optional(meta),
  userName: Type.Optional(Type.String()),
  displayName: Type.Optional(Type.String()),
  name: Type.Optional(
    Type.Object({ familyName: Type.Optional(Type.String()), givenName: Type.Optional(Type.String()) }),
  ),
  title: Type.Optional(Type.String()),
  active: Type.Optional(Type.Boolean()),
  emails: Type.Optional(Type.Array(value, { maxItems: 1 })),
  phoneNumbers: Type.Optional(Type.Array(value, { maxItems: 1 })),
  addresses: Type.Optional(Type.Array(Type.Object({ formatted: Type.Optional(Type.String()) }), { maxItems: 4 })),
  groups: Type.Optional(Type.Array(memberRef)),
  roles: Type.Optional(Type.Array(Type.Object({ value: Type.String() }))),
  [urn.userAttribute]: Type.Optional(Type.Object({ attributes: Type.Array(attribute) })),
  [urn.userDevice]: Type.Optional(Type.Object({ devices: Type.Array(userDevice) })),
  [urn.userAuthenticator]: Type.Optional(Type.Object({ authenticators: Type.Array(memberRef) })),
})
export type User = Static<typeof user>
