/**
 * A list in the configuration API. It is RFC 7644's ListResponse but for one letter: clients of this API read `resources`
 * in lower case. `totalResults` counts all, also where `count` shows fewer.
 */
import { type TSchema, Type } from 'typebox'

export const LIST_RESPONSE = 'urn:ietf:params:scim:api:messages:2.0:ListResponse'

export function documentList<T extends TSchema>(document: T) {
  return Type.Object({
    schemas: Type.Array(Type.String()),
    totalResults: Type.Integer(),
    resources: Type.Array(document),
  })
}
