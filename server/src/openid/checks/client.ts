/** What the client may do at all: sign people in, by this grant, by this way in. RFC 6749 section 4.1.2.1, RFC 9126 section 6. */
import { Refusal } from '#domain/refusal.ts'
import { type Check, invalid, NOTHING } from '#openid/checks/check.ts'
import { responseTypeOf } from '#openid/checks/response.ts'

export const maySignIn: Check = ({ parameters, client: { document, permissions } }) => {
  if (!permissions.has('user.authenticate'))
    throw new Refusal('unauthorized_client', 'The client may not sign people in; its user needs a role.')
  if (responseTypeOf(parameters) !== 'id_token' && !document.grantTypes.includes('authorization_code'))
    throw new Refusal('unauthorized_client')
  return NOTHING
}

export const pushedOnly: Check = ({ client: { document } }) => {
  if (document.requiresPushed) throw invalid('This client registered that its requests are pushed (par).')
  return NOTHING
}

/** Ours never come here; others are not fetched. */
export const noAddress: Check = ({ parameters }) => {
  if (parameters.request_uri !== undefined) throw new Refusal('request_uri_not_supported')
  return NOTHING
}

/** RFC 9126 section 2.1: a request that is pushed does not name another one. */
export const noAddressPushed: Check = ({ parameters }) => {
  if (parameters.request_uri !== undefined) throw invalid('A pushed request has no request_uri.')
  return NOTHING
}
