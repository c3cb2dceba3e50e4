/**
 * The stock policy of contactless cards: workflows name it for a card of any application that they allow. Nobody owns an authenticator of
 * it: that is of the policy of his card's application, which is made from this one.
 */
import { otpPolicy } from '#configuration/seed/policies-otp.ts'
import type { Policy } from '#domain/policy.ts'

export const cardPolicies: readonly Policy[] = [
  {
    ...otpPolicy(
      'AT_CARD',
      'Contactless card',
      'Stands in workflows for the card applications of their enrolments; each has a policy of its own.',
    ),
    factor: 'card',
    level: 1,
    challengeDisableThreshold: -1,
    challengeTimeout_seconds: 120,
  },
]
