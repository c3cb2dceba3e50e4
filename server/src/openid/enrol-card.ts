/**
 * POST /{tenant}/authn/enroll/card: a contactless card is enrolled. The reference publishes the path alone; the steps are those of its
 * passkeys: `getchallenge` for applications that ask for a proof, `registercredential` with the card. A refusal says why in `reason`.
 */
import { ENROL_STEPS, enrolCardAnswer, enrolCardRequest } from '@countersign/protocol/openid/enrol.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import { endpoint, type Situation } from '#http/endpoint.ts'
import { codeAnswerOf } from '#openid/code-answer.ts'
import { type EnrolNeeds, enrolAccess, enrolRefusals, showsItsToken } from '#openid/enrolling.ts'
import { signInCall } from '#openid/sign-in-call.ts'

export const enrolCard = endpoint({
  method: 'POST',
  path: '/{tenant}/authn/enroll/card',
  summary: 'Enrols a contactless card: a challenge where its application asks for a proof, then the card.',
  access: enrolAccess,
  accepts: { as: 'json', shape: enrolCardRequest, maxBytes: 16_384 },
  answers: { status: 200, shape: enrolCardAnswer },
  refusals: enrolRefusals,

  async handle({ body }, situation: Situation<Tenant>, needs: EnrolNeeds) {
    const { request_uri: requestUri, username: name, enroll_step: step, authType: policy } = body
    return signInCall({ situation, requestUri, as: 'call', name }, needs, async entered => {
      if (!policy) throw new Refusal('invalid_request', 'authType is needed.')
      const { logins } = needs
      const byClient = await showsItsToken(entered.login, situation, needs)
      const { enroll_id: enrolId, application, credential } = body
      const given = { policy, enrolId, application, byClient, correlation: situation.correlation }
      if (step === ENROL_STEPS.register) {
        return codeAnswerOf(await logins.enrolCard(entered, { ...given, credential }), logins)
      }
      if (step !== ENROL_STEPS.challenge) throw new Refusal('invalid_request', 'enroll_step is not known.')
      return codeAnswerOf(await logins.cardChallenge(entered, given), logins)
    })
  },
})
