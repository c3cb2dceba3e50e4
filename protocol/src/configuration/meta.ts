/**
 * `meta` of a configuration document (RFC 7643 section 3.1). The version is a number here, where SCIM resources have a
 * string; stock documents come with the server and have no date of creation.
 */
import { Type } from 'typebox'

export const configurationMeta = Type.Object({
  resourceType: Type.String(),
  location: Type.String({ description: 'Absolute address of the document.' }),
  version: Type.Integer(),
})
