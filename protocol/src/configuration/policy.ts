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

const number = Type.Optional(Type.Union([Type.Integer(), Type.String({ pattern: '^ *-?[0-9]{1,15} *$' })]))
const flag = Type.Union([Type.Boolean(), Type.Literal('true'), Type.Literal('false')])
const rule = Type.Optional(flag)

/** Written rules. Members beyond these are refused unless they ask for nothing. */
export const passwordRulesWrite = Type.Object(
  {
    minLength: number,
    maxLength: number,
    minDiffChars: number,
    atLeastOneUp: rule,
    atLeastOneLow: rule,
    atLeastOneNum: rule,
    atLeastOneSpecial: rule,
    characterRange: Type.Optional(
      Type.Union([
        Type.Literal('onlyNum'),
        Type.Literal('onlyAlpha'),
        Type.Literal('onlyAlphaNum'),
        Type.Literal(''),
        Type.Null(),
      ]),
    ),
    notBlackListed: rule,
    notOldPassword: Type.Optional(
      Type.Union([flag, Type.Integer(), Type.String({ pattern: '^[0-9]{1,4}$' })], {
        description: 'Whether former passwords may come back, or how many of them may not.',
      }),
    ),
    notSequence: rule,
    notUserAttribute: rule,
  },
  { additionalProperties: true },
)
export type PasswordRulesWrite = Static<typeof passwordRulesWrite>

const rules = Type.Optional(Type.Union([passwordRulesWrite, Type.Null()]))

/**
 * POST (with `copyFrom`) and PUT. Numbers come as numbers or as text. What is shown in several places may be written in any of them;
 * the one that says something new counts, and two that say different things are refused.
 */
export const policyWrite = Type.Object(
  {
    id: Type.Optional(Type.String({ maxLength: 100 })),
    copyFrom: Type.Optional(Type.String({ maxLength: 100, description: 'POST only: the policy that is cloned.' })),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    notes: Type.Optional(Type.Union([Type.String({ maxLength: 1000 }), Type.Null()])),
    disableThreshold: number,
    disabledTimeReset: number,
    challengeDisableThreshold: number,
    challengeTimeoutPeriod: number,
    defaultExpiryThreshold: number,
    defaultValidDaysAdd: number,
    defaultValidDaysEdit: number,
    allowExpiredReset: number,
    sessionTimeout: number,
    sessionValidPeriod: number,
    validChannelCodes: Type.Optional(Type.Array(Type.String({ maxLength: 32 }), { maxItems: 50 })),
    onlyIndirect: Type.Optional(flag),
    deliveryGateways: Type.Optional(
      Type.Array(Type.Object({ value: Type.String({ maxLength: 32 }) }, { additionalProperties: true }), {
        maxItems: 20,
      }),
    ),
    levelOfAssurance: Type.Optional(Type.String({ minLength: 1, maxLength: 128, pattern: '^[!-~]+$' })),
    passwordPolicy: rules,
    passwordpolicy: rules,
    [POLICY_PASSWORD]: Type.Optional(
      Type.Union([
        Type.Object(
          { disableThreshold: number, passwordPolicy: rules, passwordpolicy: rules },
          { additionalProperties: true },
        ),
        Type.Null(),
      ]),
    ),
    [POLICY_CREDENTIAL]: Type.Optional(
      Type.Union([Type.Object({ disableThreshold: number }, { additionalProperties: true }), Type.Null()]),
    ),
    meta: Type.Optional(Type.Object({ version: Type.Optional(Type.Integer()) })),
  },
  { additionalProperties: true },
)
export type PolicyWrite = Static<typeof policyWrite>
