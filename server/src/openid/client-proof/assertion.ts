/**
 * `client_assertion` of a form: who signed it, by its own word. RFC 7521 section 4.2, RFC 7523 section 2.2. A `client_id` beside
 * it is optional and must name the same client; whether the signature is that client's is decided in the corridor.
 */
import { readClientJws } from '#authentication/client-signature.ts'
import { Refusal } from '#domain/refusal.ts'

export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

export interface AssertionParameters {
  readonly client_id?: string | undefined
  readonly client_assertion?: string | undefined
  readonly client_assertion_type?: string | undefined
}

export function readClientAssertion(
  body: AssertionParameters,
): { readonly by: 'assertion'; readonly clientId: string; readonly assertion: string } | undefined {
  const { client_assertion: assertion, client_assertion_type: type } = body
  if (assertion === undefined && type === undefined) return undefined
  if (assertion === undefined || type !== ASSERTION_TYPE)
    throw new Refusal('invalid_request', `client_assertion needs the client_assertion_type ${ASSERTION_TYPE}.`)
  const subject = readClientJws(assertion)?.claims.sub
  if (typeof subject !== 'string' || subject === '' || subject.length > 128)
    throw new Refusal('invalid_client', 'The client_assertion could not be read.')
  if (body.client_id !== undefined && body.client_id !== subject)
    throw new Refusal('invalid_request', 'The client_id is not the subject of the client_assertion.')
  return { by: 'assertion', clientId: subject, assertion }
}
