/** Steps of a login in the words of POST `code`: the reference's errors, status 400 for whatever is not the end. As a table. */
import type { StepAnswer, Stepped } from '#authentication/login-answer.ts'
import type { Logins } from '#authentication/logins.ts'
import { refusals } from '#domain/refusal.ts'
import { secondWire } from '#openid/flow-wire.ts'
import type { Told } from '#openid/sign-in-call.ts'

type Kind = StepAnswer['kind']

/** Error and description of what is not the end yet. */
const errors: Readonly<Partial<Record<Kind, readonly [string, string]>>> = {
  second: ['step_up_required', 'Step up required'],
  consent: ['consent_required', 'consent not signed'],
  wrong: ['invalid_grant', refusals.invalid_grant[3]],
  over: ['access_denied', 'Too many wrong answers, or the login is over.'],
  'no template': ['no_template_found_for_criteria', refusals.no_template_found_for_criteria[3]],
  'change needed': ['password_change_required', 'The password has expired and must be changed.'],
  pending: ['authorization_pending', refusals.authorization_pending[3]],
  denied: ['access_denied', refusals.access_denied[3]],
  'not answered': ['expired_token', 'The user did not answer in time.'],
  'key refused': ['not_allowed', 'The key may not be enrolled.'],
  broken: ['password_not_allowed', refusals.password_not_allowed[3]],
}

export async function codeAnswerOf({ login, answer }: Stepped, logins: Logins): Promise<Told> {
  const error = errors[answer.kind]
  const members = await membersOf({ login, answer }, logins)
  if (error === undefined) return { status: 200, body: members, login }
  return { status: 400, body: { error: error[0], error_description: error[1], ...members }, login }
}

async function membersOf({ login, answer }: Stepped, logins: Logins): Promise<Record<string, unknown>> {
  switch (answer.kind) {
    case 'second': {
      const devices = await logins.devices(login, answer.factors)
      const { tenant, workflow } = login
      return { secondFactors: answer.factors.map(one => secondWire(one, tenant, workflow, devices)) }
    }
    case 'ready':
    case 'protected':
      return answer.expiresIn_seconds === undefined ? {} : { expires_in: answer.expiresIn_seconds }
    case 'wrong':
      return answer.left === undefined ? {} : { retries_left: answer.left }
    case 'pending':
      return answer.number === undefined ? {} : { number: answer.number }
    case 'sent':
      return { sent: answer.method, ...(answer.to === undefined ? {} : { to: answer.to }) }
    case 'options':
      return { ...answer.options }
    case 'key refused':
      return { reason: answer.reason }
    case 'enrolled':
      return { device_id: String(answer.device), ...(answer.name === undefined ? {} : { friendly_name: answer.name }) }
    case 'broken':
      return { broken: answer.rules }
    default:
      return {}
  }
}
