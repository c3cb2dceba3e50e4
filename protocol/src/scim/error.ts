/**
 * A refusal of the SCIM and configuration doors (RFC 7644 section 3.12). `status` is text, `errorCode` is a number of the
 * reference (0: no code of its own); `scimType` and `detail` are always there, because clients show them.
 */
import { type Static, Type } from 'typebox'
import { urn } from './urn.ts'

export const scimError = Type.Object({
  schemas: Type.Array(Type.String(), { description: urn.error }),
  status: Type.String({ description: 'The HTTP status as text' }),
  scimType: Type.String(),
  errorCode: Type.Integer(),
  detail: Type.String(),
})
export type ScimError = Static<typeof scimError>
