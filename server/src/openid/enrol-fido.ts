/**
 * POST /{tenant}/authn/enroll/fido: a passkey is enrolled, in two steps of the reference. `getcredentialoptions` answers
 * PublicKeyCredentialCreationOptions as JSON in a member of its own (unlike `fido_challenge`), `registercredential` takes what
 * `navigator.credentials.create` made of them. A refusal says why in `reason`, for the page to explain.
 */
import { ENROL_STEPS, enrolPasskeyAnswer, enrolPasskeyRequest } from '@countersign/protocol/openid/enrol.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import { endpoint, type Situation } from '#http/endpoint.ts'
import { codeAnswerOf } from '#openid/code-answer.ts'
import { type EnrolNeeds, enrolAccess, enrolRefusals, showsItsToken } from '#openid/enrolling.ts'
import { signInCall } from '#openid/sign-in-call.ts'

export const enrolFido = endpoint({
  method: 'POST',
  path: '/{tenant}/authn/enroll/fido',
  summary: 'Enrols a passkey: options for the browser, then what its authenticator made of them.',
  access: enrolAccess,
  accepts: { as: 'json', shape: enrolPasskeyRequest, maxBytes: 65_536 },
  answers: { status: 200, shape: enrolPasskeyAnswer },
  refusals: enrolRefusals,

  async handle({ body }, situation: Situation<Tenant>, needs: EnrolNeeds) {
    const { request_uri: requestUri, username: name, enroll_step: step, authType: policy } = body
    const call = { situation, requestUri, as: 'call', name } as const
    return signInCall(call, needs, async entered => {
      if (!policy) throw new Refusal('invalid_request', 'authType is needed.')
      const { logins } = needs
      const byClient = await showsItsToken(entered.login, situation, needs)
      const given = { policy, enrolId: body.enroll_id, byClient, correlation: situation.correlation }
      if (step === ENROL_STEPS.register) {
        const { credential, friendly_name: chosen } = body
        return codeAnswerOf(await logins.enrolPasskey(entered, { ...given, credential, name: chosen }), logins)
      }
      if (step !== ENROL_STEPS.options) throw new Refusal('invalid_request', 'enroll_step is not known.')
      const told = await codeAnswerOf(await logins.passkeyOptions(entered, given), logins)
      return told.status === 200 ? { ...told, body: { publicKeyCredentialOptions: told.body } } : told
    })
  },
})
