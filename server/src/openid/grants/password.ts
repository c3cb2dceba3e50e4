/**
 * `grant_type=password`: a client has a user's credential validated: password, one-time code, response to a challenge,
 * transaction signature. RFC 6749 section 4.3, with `authType`, `mode`, `device_id`, `channel`, `context`, `noToken`.
 * Surprise: `noToken=1` answers the access token `IA==` (one blank) and no `expires_in`.
 */

import type { KnownClient } from '#authentication/client-book.ts'
import { grantedScope } from '#authentication/clients.ts'
import type { Mode, Proof } from '#authentication/proof.ts'
import type { ClientDocument } from '#domain/client.ts'
import { idOf } from '#domain/ids.ts'
import type { Policy } from '#domain/policy.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import { authenticateClient } from '#openid/client-proof/authenticate.ts'
import { clientActor, type Grant, type GrantCall, type GrantNeeds, type TokenParameters } from '#openid/grants/grant.ts'
import { sendOrProve, transactionIn } from '#openid/grants/oob-code.ts'
import { readSigningContext, signingValues } from '#openid/signing-context.ts'

const NO_TOKEN = 'IA=='
const modes: ReadonlySet<string> = new Set(['SYNCHRONOUS', 'ASYNCHRONOUS', 'SIGNING'])

export const password: Grant = async (call, needs) => {
  const client = await authenticatingClient(call, needs)
  const proof = readProof(call, client)
  const verdict =
    proof.policy.factor === 'oob'
      ? await sendOrProve(call.tenant, client, proof, needs)
      : await needs.authentication.prove(call.tenant, proof)
  if (verdict === 'sent') {
    return { access_token: NO_TOKEN, token_type: 'Bearer', context: { AUTHENTICATION_OOB_SENT: 'true' } }
  }
  if (verdict.outcome === 'rejected') throw new Refusal('invalid_grant', undefined, { reason: verdict.reason })
  if (!verdict.grant) return { access_token: NO_TOKEN, token_type: 'Bearer' }
  return { access_token: verdict.grant.token, token_type: 'Bearer', expires_in: verdict.grant.expires_in_seconds }
}

/** A client that may authenticate users; a user's token does not do. */
async function authenticatingClient(call: GrantCall, needs: GrantNeeds): Promise<KnownClient> {
  const { client, by } = await authenticateClient(call, needs)
  // A client that anybody can pose as hands nobody's password on.
  if (by === 'none') throw new Refusal('unauthorized_client')
  if (!client.permissions.has('user.authenticate')) throw new Refusal('forbidden')
  if (!client.document.grantTypes.includes('password')) throw new Refusal('unauthorized_client')
  return client
}

function readProof({ parameters, tenant, correlation }: GrantCall, client: KnownClient): Proof {
  const { username, password: secret } = parameters
  if (!username || secret === undefined) throw new Refusal('invalid_request', 'username and password are needed.')
  const policy = readPolicy(parameters.authType ?? client.document.userPolicy, tenant)
  const mode = readMode(parameters, policy)
  return {
    name: username,
    secret,
    policy,
    mode,
    device: readDevice(parameters.device_id),
    channel: readChannel(parameters.channel ?? client.document.userChannel, policy, tenant),
    values: mode === 'SIGNING' ? readValues(parameters.context) : [],
    ...(policy.factor === 'oob' && policy.purpose === 'action' ? transactionIn(parameters.context) : {}),
    scope: readScope(parameters.scope, client.document),
    session: readNoToken(parameters.noToken) === false,
    client: client.clientId,
    actor: clientActor(client.clientId),
    correlation,
  }
}

function readScope(asked: string | undefined, document: ClientDocument): string {
  const granted = grantedScope(document, asked)
  if (granted === undefined) throw new Refusal('invalid_scope')
  return granted
}

export function readPolicy(code: string, tenant: Tenant): Policy {
  const policy = tenant.configuration.findPolicy(code)
  if (!policy) throw new Refusal('invalid_request', 'authType is not an authentication policy of this tenant.')
  return policy
}

function readMode({ mode, context }: TokenParameters, policy: Policy): Mode {
  if (mode === undefined) {
    if (policy.factor === 'oath' && context !== undefined && /(^| )sign1:/.test(context)) {
      throw new Refusal('invalid_request', 'mode=SIGNING is needed when context holds values to sign.')
    }
    return 'SYNCHRONOUS'
  }
  if (!modes.has(mode)) throw new Refusal('invalid_request', 'mode is SYNCHRONOUS, ASYNCHRONOUS or SIGNING.')
  if ((policy.factor === 'password' || policy.factor === 'oob') && mode !== 'SYNCHRONOUS') {
    throw new Refusal('invalid_request', `${policy.code} serves no mode but SYNCHRONOUS.`)
  }
  return mode as Mode
}

function readDevice(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined
  const id = idOf(text)
  if (id === undefined) throw new Refusal('invalid_request', 'device_id is not an internal device id.')
  return id
}

export function readChannel(code: string, policy: Policy, tenant: Tenant): string {
  if (!tenant.configuration.findChannel(code))
    throw new Refusal('invalid_request', 'channel is not known to this tenant.')
  if (!policy.validChannels.includes(code)) {
    throw new Refusal('invalid_request', `${policy.code} may not be used on this channel.`)
  }
  return code
}

function readValues(context: string | undefined) {
  if (!context) throw new Refusal('invalid_request', 'mode=SIGNING needs context with the values to sign.')
  const values = signingValues(readSigningContext(context))
  if (values.length === 0) throw new Refusal('invalid_request', 'context must hold sign1, sign2 and sign3.')
  return values
}

function readNoToken(text: string | undefined): boolean {
  if (text === undefined || text === '0' || text === 'false' || text === '') return false
  if (text === '1' || text === 'true') return true
  throw new Refusal('invalid_request', 'noToken is 0 or 1.')
}
