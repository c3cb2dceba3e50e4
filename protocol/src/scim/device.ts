/**
 * A device on the wire: one per key slot of a hardware token (`0973494699-1`). Its keys are the `children`, its secrets
 * are never shown. An unassigned device has no `owner`.
 */
import { type Static, Type } from 'typebox'
import { entityStatus } from './entity-status.ts'
import { meta } from './meta.ts'
import { memberRef } from './reference.ts'

export const device = Type.Object({
  schemas: Type.Array(Type.String()),
  id: Type.String(),
  externalId: Type.Optional(Type.String()),
  meta: Type.Optional(meta),
  friendlyName: Type.Optional(Type.String()),
  type: Type.Optional(Type.String({ description: 'Code of a device type' })),
  status: Type.Optional(entityStatus),
  owner: Type.Optional(memberRef),
  children: Type.Optional(Type.Array(memberRef, { description: 'Its credentials' })),
})
export type Device = Static<typeof device>
