/**
 * `grant_type=authorization_code`: the code of a login becomes tokens, once. RFC 6749 section 4.1.3, RFC 7636 section 4.5, OpenID Connect
 * Core section 3.1.3. Whether code, client, redirect URI and verifier belong together is decided where the login is; whatever is wrong,
 * the answer is `invalid_grant`. A client that is public, or names no redirect URI, must show the verifier.
 */
import { Refusal } from '#domain/refusal.ts'
import { authenticateClient } from '#openid/client-proof/authenticate.ts'
import type { Grant } from '#openid/grants/grant.ts'

export const authorizationCode: Grant = async (call, needs) => {
  const { client, by } = await authenticateClient(call, needs)
  if (!client.document.grantTypes.includes('authorization_code')) throw new Refusal('unauthorized_client')
  const { code, redirect_uri: redirectUri, code_verifier: codeVerifier } = call.parameters
  if (!code) throw new Refusal('invalid_request', 'code is needed.')
  if (!codeVerifier && by === 'none') throw new Refusal('invalid_request', 'A public client sends its code_verifier.')
  if (!codeVerifier && !redirectUri) throw new Refusal('invalid_request', 'redirect_uri is needed.')
  const shown = {
    code,
    redirectUri: redirectUri || undefined,
    codeVerifier: codeVerifier || undefined,
    correlation: call.correlation,
  }
  const redeemed = await needs.logins.redeem(call.tenant, client, shown)
  return {
    access_token: redeemed.token,
    token_type: 'Bearer',
    expires_in: redeemed.expires_in_seconds,
    scope: redeemed.scope,
    ...(redeemed.idToken === undefined ? {} : { id_token: redeemed.idToken }),
  }
}
