/**
 * The status of an authenticator, device or credential. `active` is computed: the status allows use and now lies between
 * the dates. A missing expiry date means that it never expires.
 */
import { type Static, Type } from 'typebox'

export const entityStatus = Type.Object({
  status: Type.Optional(
    Type.String({ description: 'ENABLED or DISABLED; PENDING, ACTIVE, SUSPENDED, REVOKED, TERMINATED' }),
  ),
  active: Type.Optional(Type.Boolean({ description: 'Usable now' })),
  expiryDate: Type.Optional(Type.String({ description: 'UTC, whole seconds' })),
  startDate: Type.Optional(Type.String({ description: 'UTC, whole seconds' })),
})
export type EntityStatus = Static<typeof entityStatus>
