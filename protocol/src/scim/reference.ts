/**
 * A reference to another resource: `{type, display, value, $ref}` (RFC 7643 section 2.4). Read, `value` is the internal id and
 * `display` the external id or name; written, either is enough, and an empty `value` takes the reference away.
 */
import { type Static, Type } from 'typebox'

export const memberRef = Type.Object({
  type: Type.Optional(Type.String({ description: 'What it refers to: User, Device …' })),
  display: Type.Optional(Type.String({ description: 'External id or name' })),
  value: Type.Optional(Type.String({ description: 'Internal id' })),
  $ref: Type.Optional(Type.String({ description: 'Absolute address' })),
})
export type MemberRef = Static<typeof memberRef>
