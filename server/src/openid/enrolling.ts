/**
 * What the calls share that enrol a key in a login (`enroll/fido`, `enroll/card`): who may call, how they refuse. An enrolment that nothing
 * else protects is the client's word, if it shows its own token with the call: a request_uri alone travels.
 */
import type { Callers } from '#authentication/callers.ts'
import type { Login } from '#authentication/login-find.ts'
import type { Tenant } from '#domain/tenant.ts'
import { loginProof, type Situation } from '#http/endpoint.ts'
import type { SignInNeeds } from '#openid/sign-in-call.ts'

export interface EnrolNeeds extends SignInNeeds {
  readonly callers: Pick<Callers, 'findClient'>
}

export const enrolAccess = loginProof(
  'its request_uri, csrf value and cookie; the client by its token where nothing else protects',
)

export const enrolRefusals = [
  'invalid_request',
  'invalid_request_uri',
  'csrf_mismatch',
  'access_denied',
  'not_allowed',
  'no_template_found_for_criteria',
  'too_many_requests',
  'temporarily_unavailable',
  'not_found',
] as const

/** Whether the front end that calls shows a token of the client whose login it is. */
export async function showsItsToken(
  login: Login,
  { tenant, headers }: Situation<Tenant>,
  { callers }: EnrolNeeds,
): Promise<boolean> {
  const token = /^bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1]
  if (token === undefined) return false
  return (await callers.findClient(tenant, token))?.clientId === login.client.clientId
}
