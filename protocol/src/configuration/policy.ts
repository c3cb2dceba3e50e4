/**
 * Authentication policy on the wire: `GET /configuration/{tenant}/v2/Policy/Authenticator`, and read-only under `/scim`.
 * Numbers are strings, as clients of this API expect. `disableThreshold` stands at the top and inside the extension, the
 * password rules stand twice (`passwordPolicy`, `passwordpolicy`): clients read either.
 */

import { type Static, Type } from 'typebox'
import { configurationMeta } from './meta.ts'

export const POLICY = 'urn:hid:scim:api:idp:2.0:policy:Authenticator'
export const POLICY_PASSWORD = 'urn:hid:scim:api:idp:2.0:policy:authenticator:Password'
export const POLICY_CREDENTIAL = 'urn:hid:scim:api:idp:2.0:policy:authenticator:Credential'

const count = (description: string) => Type.String({ description, pattern: '^-?[0-9]+$' })

export const passwordRulesWire = Type.Object({
  minLength: count('Characters at least.'),
  maxLength: count('Characters at most.'),
  minDiffChars: count('Different characters at least.'),
  atLeastOneUp: Type.Boolean(),
  atLeastOneLow: Type.Boolean(),
  atLeastOneNum: Type.Boolean(),
  atLeastOneSpecial: Type.Boolean(),
  characterRange: Type.Optional(Type.String({ description: 'onlyNum or onlyAlphaNum.' })),
  notBlackListed: Type.Boolean(),
  notOldPassword: Type.Boolean(),
  notSequence: Type.Boolean(),
  notUserAttribute: Type.Boolean(),
})

export const policyWire = Type.Object({
  schemas: Type.Array(Type.String()),
  id: Type.String(),
  name: Type.Optional(Type.String()),
  notes: Type.Optional(Type.String()),
  readOnly: Type.Optional(Type.Boolean()),
  meta: Type.Optional(configurationMeta),
  disableThreshold: Type.Optional(count('Consecutive failures that disable; -1 never.')),
  disabledTimeReset: Type.Optional(count('Seconds after which a block lifts itself; 0 never.')),
  challengeDisableThreshold: Type.Optional(count('Unanswered challenges before no more are given; -1 no limit.')),
  challengeTimeoutPeriod: Type.Optional(count('Life of a challenge in seconds; -1 no limit.')),
  defaultExpiryThreshold: Type.Optional(count('Successful uses; -1 no limit.')),
  defaultValidDaysAdd: Type.Optional(count('Days of validity after creation; -1 never expires.')),
  defaultValidDaysEdit: Type.Optional(count('Days of validity after a change; -1 never expires.')),
  allowExpiredReset: Type.Optional(count('How often an expired secret may still be changed.')),
  sessionTimeout: Type.Optional(count('Milliseconds without use that end a session.')),
  sessionValidPeriod: Type.Optional(count('Milliseconds after which a session ends.')),
  validChannelCodes: Type.Optional(Type.Array(Type.String())),
  onlyIndirect: Type.Optional(Type.String()),
  deliveryGateways: Type.Optional(Type.Array(Type.Object({ display: Type.String(), value: Type.String() }))),
  levelOfAssurance: Type.Optional(Type.String()),
  [POLICY_PASSWORD]: Type.Optional(
    Type.Object({
      disableThreshold: count('As at the top.'),
      passwordPolicy: passwordRulesWire,
      passwordpolicy: passwordRulesWire,
    }),
  ),
  [POLICY_CREDENTIAL]: Type.Optional(Type.Object({ disableThreshold: count('As at the top.') })),
})

export type PolicyWire = Static<typeof policyWire>
export type PasswordRulesWire = Static<typeof passwordRulesWire>
