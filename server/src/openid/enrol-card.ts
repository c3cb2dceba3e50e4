/**
 * POST /{tenant}/authn/enroll/card: a contactless card is enrolled. The reference publishes the path alone; the steps are those of its
 * passkeys: `getchallenge` for applications that ask for a proof, `registercredential` with the card. A refusal says why in `reason`.
 */
import { ENROL_STEPS, enrolCardAnswer, enrolCardRequest } from '@countersign/protocol/openid/enrol.ts'
import type { Callers } from '#authentication/callers.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import { endpoint, loginProof, type Situation } from '#http/endpoint.ts'
import { showsItsToken } from '#openid/client-token.ts'
import { codeAnswerOf } from '#openid/code-answer.ts'
import { type SignInNeeds, signInCall } from '#openid/sign-in-call.ts'

interface Needs extends SignInNeeds {
  readonly callers: Pick<Callers, 'findClient'>
}

export const enrolCard = endpoint({
  method: 'POST',
  path: '/{tenant}/authn/enroll/card',
  summary: 'Enrols a contactless card: a challenge where its application asks for a proof, then the card.',
  access: loginProof('its request_uri, csrf value and cookie; the client by its token where nothing else protects'),
  accepts: { as: 'json', shape: enrolCardRequest, maxBytes: 16_384 },
  answers: { status: 200, shape: enrolCardAnswer },
  refusals: [
    'invalid_request',
    'invalid_request_uri',
    'csrf_mismatch',
    'access_denied',
    'not_allowed',
    'no_template_found_for_criteria',
    'too_many_requests',
    'temporarily_unavailable',
    'not_found',
  ],

  async handle({ body }, situation: Situation<Tenant>, needs: Needs) {
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
