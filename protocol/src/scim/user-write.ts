/**
 * A user as it is written, by POST or PUT: every member is optional and merged (tolerance T7, T8). Names are read in any case, so
 * this shape only describes; each member is checked when it is read.
 */
import { type Static, Type } from 'typebox'
import { urn } from './urn.ts'

const loose = (description: string) => Type.Optional(Type.Unknown({ description }))

export const userWrite = Type.Object({
  schemas: loose('Not looked at'),
  userName: loose('Text; stands for externalId too when that is not given'),
  externalId: loose('Text; stands for userName too when that is not given'),
  name: loose('{familyName, givenName}'),
  title: loose('Text'),
  active: loose('false ends all sessions of the user'),
  emails: loose('[{value}], at most one: ATR_EMAIL'),
  phoneNumbers: loose('[{value}], at most one: ATR_MOBILE'),
  addresses: loose('[{formatted}], at most four: ADDRESS1 to ADDRESS4'),
  groups: loose('[{value}], exactly one; UG_ROOT when a new user names none'),
  roles: loose('[{value}]: the whole list'),
  meta: loose('meta.version, when sent, must be the latest'),
  [urn.userAttribute]: loose('{attributes: [{name, value}]}; an empty value takes the attribute away'),
})
export type UserWrite = Static<typeof userWrite>
