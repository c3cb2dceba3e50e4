/**
 * `meta` of a resource (RFC 7643 section 3.1): what it is, since when, where, in which version. The reference shows no
 * `lastModified`; `version` is a bare number as text, its ETag is `W/"n"`.
 */
import { type Static, Type } from 'typebox'

export const meta = Type.Object({
  resourceType: Type.String({ description: 'User, Authenticator, Device, Credential' }),
  created: Type.String({ description: 'UTC, whole seconds: 2020-05-15T18:15:21Z' }),
  location: Type.String({ description: 'Absolute address' }),
  version: Type.Optional(
    Type.String({ description: 'A whole number that rises with every change; absent in lists of devices' }),
  ),
})
export type Meta = Static<typeof meta>
