/**
 * What a password policy says: rules for new passwords and how long one lives. The names of the rules are those of the
 * reference; `characterRange` left out means any character.
 */
import { Type } from 'typebox'
import { LONGEST_PASSWORD } from '#domain/password-rule.ts'

const count = (maximum: number) => Type.Integer({ minimum: 0, maximum })

export const passwordSettings = Type.Object({
  rules: Type.Object({
    minLength: Type.Integer({ minimum: 1, maximum: LONGEST_PASSWORD }),
    maxLength: Type.Integer({ minimum: 1, maximum: LONGEST_PASSWORD }),
    minDiffChars: count(LONGEST_PASSWORD),
    atLeastOneUp: Type.Boolean(),
    atLeastOneLow: Type.Boolean(),
    atLeastOneNum: Type.Boolean(),
    atLeastOneSpecial: Type.Boolean(),
    characterRange: Type.Optional(
      Type.Union([Type.Literal('onlyNum'), Type.Literal('onlyAlpha'), Type.Literal('onlyAlphaNum')]),
    ),
    notBlackListed: Type.Boolean(),
    /** Former passwords that may not come back; each costs a slow hash at every change. */
    notOldPassword: count(24),
    notSequence: Type.Boolean(),
    notUserAttribute: Type.Boolean(),
  }),
  /** Days a password lives after it was set; -1 for ever. */
  valid_days: Type.Integer({ minimum: -1, maximum: 36_500 }),
})
