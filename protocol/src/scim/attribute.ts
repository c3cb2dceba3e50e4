/**
 * A named value, as user attributes, action parameters and answers carry it. `type` and `readOnly` are only written by
 * the server; a value that does not exist has no `value` member, and clients read the wanted one at place 0.
 */
import { type Static, Type } from 'typebox'

export const attribute = Type.Object({
  name: Type.String(),
  type: Type.Optional(Type.String({ description: 'string, date, int, long or boolean' })),
  value: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())])),
  readOnly: Type.Optional(Type.Boolean()),
  multiValued: Type.Optional(Type.Boolean({ description: 'Only with custom attributes' })),
})
export type Attribute = Static<typeof attribute>
