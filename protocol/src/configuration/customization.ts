/**
 * Customization on the wire: `/configuration/{tenant}/v2/Custo/IDPWorkflows` and `…/IDPThemes`. The payload comes back as it was
 * written. `warnings` stand only in the answer to a write and are ours: what was stored, but will not do what it seems to say.
 */
import { type Static, Type } from 'typebox'
import { configurationMeta } from './meta.ts'

export const CUSTOMIZATION = 'urn:hid:scim:api:idp:2.0:Customization'

export const customizationWarning = Type.Object({
  at: Type.String({ description: 'JSON pointer (RFC 6901) into the document.' }),
  code: Type.String(),
  sentence: Type.String(),
  next: Type.String({ description: 'What to do about it.' }),
})

export const customizationWire = Type.Object({
  schemas: Type.Array(Type.String()),
  id: Type.String(),
  payload: Type.Unknown({ description: 'As it was written, unknown members too.' }),
  readOnly: Type.Boolean(),
  meta: Type.Optional(configurationMeta),
  warnings: Type.Optional(Type.Array(customizationWarning)),
})
export type CustomizationWire = Static<typeof customizationWire>

/** POST and PUT. */
export const customizationWrite = Type.Object(
  {
    id: Type.Optional(Type.String({ maxLength: 100, description: 'Chosen by the caller; needed by POST.' })),
    payload: Type.Optional(Type.Unknown()),
    meta: Type.Optional(Type.Object({ version: Type.Optional(Type.Integer()) })),
  },
  { additionalProperties: true },
)
export type CustomizationWrite = Static<typeof customizationWrite>
