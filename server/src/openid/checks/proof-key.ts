/** PKCE: who began a login redeems its code. RFC 7636 section 4.3, RFC 9700 section 2.1.1: needed of clients that prove nothing else. */
import { isChallenge } from '#authentication/pkce.ts'
import { type Check, invalid, NOTHING } from '#openid/checks/check.ts'
import { responseTypeOf } from '#openid/checks/response.ts'

export const proofKey: Check = ({ parameters, client: { document } }) => {
  const { code_challenge: challenge, code_challenge_method: method } = parameters
  if (challenge === undefined) {
    if (method !== undefined) throw invalid('code_challenge_method without code_challenge.')
    if (document.authMethod === 'none' && responseTypeOf(parameters) !== 'id_token')
      throw invalid('A public client sends a code_challenge.')
    return NOTHING
  }
  // Without a method the standard means `plain`, which hides nothing.
  if (method !== 'S256') throw invalid('code_challenge_method is S256.')
  if (!isChallenge(challenge)) throw invalid('The code_challenge is no SHA-256 in base64url.')
  return { codeChallenge: challenge }
}

/** Whoever pushes without a proof is nobody; the verifier at least is his. */
export const proofKeyOfPusher: Check = ({ parameters, client: { document } }) => {
  if (document.authMethod === 'none' && parameters.code_challenge === undefined)
    throw invalid('A public client pushes with a code_challenge.')
  return NOTHING
}
