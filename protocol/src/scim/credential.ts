/**
 * A credential on the wire: one key inside a device. Made and removed with its device; what can be changed is its status.
 * Nothing of the secret is shown.
 */
import { type Static, Type } from 'typebox'
import { attribute } from './attribute.ts'
import { entityStatus } from './entity-status.ts'
import { meta } from './meta.ts'
import { memberRef } from './reference.ts'

export const credential = Type.Object({
  schemas: Type.Array(Type.String()),
  id: Type.String(),
  externalId: Type.Optional(Type.String()),
  meta: Type.Optional(meta),
  type: Type.Optional(Type.String({ description: 'Code of a credential type' })),
  status: Type.Optional(entityStatus),
  device: Type.Optional(memberRef),
  attributes: Type.Optional(Type.Array(attribute)),
})
export type Credential = Static<typeof credential>
