/**
 * `grant_type=api_otp`: a privileged client is given a code for a user and brings it to him itself. It is one of codes by mail and SMS:
 * used once, dead after a few wrong entries, the older one is over.
 */
import { Refusal } from '#domain/refusal.ts'
import { authenticateClient } from '#openid/client-proof/authenticate.ts'
import { clientActor, type Grant } from '#openid/grants/grant.ts'
import { readChannel, readPolicy } from '#openid/grants/password.ts'

export const apiOtp: Grant = async (call, needs) => {
  const { client, by } = await authenticateClient(call, needs)
  if (by === 'none' || !client.permissions.has('otp.generate')) throw new Refusal('unauthorized_client')
  const { username, authType, channel } = call.parameters
  if (!username || !authType) throw new Refusal('invalid_request', 'username and authType are needed.')
  const policy = readPolicy(authType, call.tenant)
  if (policy.factor !== 'oob' || policy.purpose === 'action')
    throw new Refusal('invalid_request', `${policy.code} has no codes that could be handed out.`)
  const handed = await needs.outOfBand.handOut(call.tenant, {
    name: username,
    policy,
    channel: readChannel(channel ?? client.document.userChannel, policy, call.tenant),
    actor: clientActor(client.clientId),
    correlation: call.correlation,
  })
  return { otp: handed.code, expires_in: handed.expires_in_seconds }
}
