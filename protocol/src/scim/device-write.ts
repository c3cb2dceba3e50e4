/**
 * A device as it is written, by POST or PUT, and the action that may be posted in its place: every member is optional and
 * merged (tolerance T7, T8). Names are read in any case, so this shape only describes; each member is checked when read.
 */
import { type Static, Type } from 'typebox'
import { urn } from './urn.ts'

const loose = (description: string) => Type.Optional(Type.Unknown({ description }))

export const deviceWrite = Type.Object({
  schemas: loose('Not looked at'),
  id: loose('When sent with a change, the id of the address'),
  externalId: loose('Text: serial number, a dash and the slot; stays'),
  type: loose('Code of a device type; stays'),
  friendlyName: loose('Text of at most 64 characters; an empty one takes the name away'),
  status: loose('{status, startDate, expiryDate}, each alone or together'),
  owner: loose('{value} or {display}; an empty value takes the device from its owner'),
  meta: loose('meta.version, when sent, must be the latest'),
})
export type DeviceWrite = Static<typeof deviceWrite>

export const deviceWriteOrAction = Type.Object({
  ...deviceWrite.properties,
  [urn.action]: loose('{action, attributes: [{name, value}]}: AUTO-SYNCH with OTP and OTP2, MANUAL-SYNCH with COUNTER'),
})
export type DeviceWriteOrAction = Static<typeof deviceWriteOrAction>
