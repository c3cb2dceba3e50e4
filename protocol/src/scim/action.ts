/**
 * A named action posted to a resource (`RESET`, `DEVICE-CHALLENGE`, `AUTO-SYNCH` …) and its answer, a list of named values.
 * Request and answer differ: the request wraps its parameters in the extension's URN, the answer has them at top level.
 */
import { type Static, Type } from 'typebox'
import { attribute } from './attribute.ts'
import { urn } from './urn.ts'

export const action = Type.Object({
  action: Type.String({ maxLength: 64 }),
  attributes: Type.Optional(
    Type.Array(Type.Object({ name: Type.String({ maxLength: 64 }), value: Type.Optional(Type.Unknown()) }), {
      maxItems: 50,
    }),
  ),
})
export type Action = Static<typeof action>

export const actionAnswer = Type.Object({
  schemas: Type.Array(Type.String(), { description: urn.action }),
  attributes: Type.Array(attribute),
})
export type ActionAnswer = Static<typeof actionAnswer>
