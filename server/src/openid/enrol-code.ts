/**
 * POST /{tenant}/authn/enroll/code: what protects an enrolment is proved, in this login and for ten minutes. It signs nobody in. Call of the
 * reference, for front ends of applications and for the portal alike.
 */
import { enrolCodeAnswer, enrolCodeRequest } from '@countersign/protocol/openid/enrol.ts'
import { CSRF, SIGN_IN_GRANTS } from '@countersign/protocol/openid/sign-in.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import { endpoint, loginProof, type Situation } from '#http/endpoint.ts'
import { codeAnswerOf } from '#openid/code-answer.ts'
import { type SignInNeeds, signInCall } from '#openid/sign-in-call.ts'

export const enrolCode = endpoint({
  method: 'POST',
  path: '/{tenant}/authn/enroll/code',
  summary: 'Proves the factor that protects an enrolment of the workflow.',
  access: loginProof('its request_uri, csrf value and cookie'),
  accepts: { as: 'form', shape: enrolCodeRequest, alsoInQuery: true, maxBytes: 16_384 },
  answers: { status: 200, shape: enrolCodeAnswer },
  refusals: [
    'invalid_request',
    'invalid_request_uri',
    'csrf_mismatch',
    'invalid_grant',
    'access_denied',
    'no_template_found_for_criteria',
    'unsupported_grant_type',
    'too_many_requests',
    'temporarily_unavailable',
    'not_found',
  ],

  async handle({ body }, situation: Situation<Tenant>, needs: SignInNeeds) {
    if (body.grant_type !== SIGN_IN_GRANTS.prove) throw new Refusal('unsupported_grant_type')
    const { authType: policy, password: secret = '', request_uri: requestUri, username: name } = body
    const call = { situation, requestUri, as: 'call', field: body[CSRF], name, form: body } as const
    return signInCall(call, needs, async entered => {
      if (!policy) throw new Refusal('invalid_request', 'authType is needed.')
      const given = { policy, secret, device: undefined, method: undefined, correlation: situation.correlation }
      return codeAnswerOf(await needs.logins.protect(entered, given), needs.logins)
    })
  },
})
