/**
 * An authenticator on the wire: a user's enrolment under a policy, its id `{user}.{policy}`. Counters are strings, as
 * clients of the reference read them; dates and channels of the last log-on are absent until there was one.
 */
import { type Static, Type } from 'typebox'
import { entityStatus } from './entity-status.ts'
import { meta } from './meta.ts'
import { memberRef } from './reference.ts'

const statistics = Type.Object({
  maximumNumberOfUsages: Type.Optional(Type.String()),
  consecutiveFailed: Type.String(),
  consecutiveSuccess: Type.String(),
  totalFailed: Type.String(),
  totalSuccess: Type.String(),
  challengeCount: Type.String(),
  lastSuccessfulDate: Type.Optional(Type.String()),
  lastUnsuccessfulDate: Type.Optional(Type.String()),
  lastSuccessfulChannel: Type.Optional(Type.String()),
  lastUnsuccessfulChannel: Type.Optional(Type.String()),
})

export const authenticator = Type.Object({
  schemas: Type.Array(Type.String()),
  id: Type.String({ description: '52276.AT_OTP' }),
  externalId: Type.Optional(Type.String({ description: 'External id of the owner' })),
  meta: Type.Optional(meta),
  status: Type.Optional(entityStatus),
  owner: Type.Optional(memberRef),
  policy: Type.Optional(memberRef),
  statistics: Type.Optional(statistics),
  lastSuccessfulDevice: Type.Optional(memberRef),
})
export type Authenticator = Static<typeof authenticator>
