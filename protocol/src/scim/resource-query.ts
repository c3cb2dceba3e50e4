/**
 * Query parameters of calls on SCIM resources: what of the answer is wanted (RFC 7644 section 3.9) and the API version, whose
 * form is checked and which changes nothing.
 */
import { type Static, Type } from 'typebox'

const names = Type.String({ maxLength: 8192, description: 'Names of members, separated by commas' })

export const resourceQuery = Type.Object({
  attributes: Type.Optional(names),
  excludedAttributes: Type.Optional(names),
  'api-version': Type.Optional(Type.String({ maxLength: 40 })),
})
export type ResourceQuery = Static<typeof resourceQuery>
