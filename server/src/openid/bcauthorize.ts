/**
 * POST /{tenant}/authn/bcauthorize: a client asks a user, out of band, to approve something. CIBA Core 1.0 section 7, in the reference's
 * dialect for a client with its bearer token and in the standard's for one that authenticates here; Basic is refused, as the
 * reference says. Opening writes the request, the audit event and what is to be told in one unit; nothing is sent from here.
 */
import {
  type BcauthorizeRequest,
  bcauthorizeAnswer,
  bcauthorizeRequest,
  type HintClaims,
} from '@countersign/protocol/openid/bcauthorize.ts'
import type { Approvals } from '#authentication/approvals.ts'
import type { Callers } from '#authentication/callers.ts'
import type { Clients } from '#authentication/clients.ts'
import type { Random } from '#domain/ports/random.ts'
import type { Signer } from '#domain/ports/signer.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import { clientProof, endpoint, type Situation } from '#http/endpoint.ts'
import { type Asking, readDevice, readOpening, readUserless, USERLESS } from '#openid/backchannel-request.ts'
import { authenticateClient } from '#openid/client-proof/authenticate.ts'
import { clientCall } from '#openid/client-proof/proof.ts'
import { CIBA_GRANT } from '#openid/grants/ciba.ts'
import { readIdTokenHint } from '#openid/id-token-hint.ts'
import { issuerOf } from '#openid/issuer.ts'
import { readLoginHint } from '#openid/login-hint.ts'

interface Needs {
  readonly clients: Clients
  readonly callers: Callers
  readonly approvals: Approvals
  readonly signer: Signer
  readonly random: Random
}

const INTERVAL_SECONDS = 5
const GUARDED = { 'x-xss-protection': '1; mode=block', 'x-frame-options': 'DENY' } as const

export const bcauthorize = endpoint({
  method: 'POST',
  path: '/{tenant}/authn/bcauthorize',
  summary: 'Asks a user to approve a log-on or an action on his device.',
  access: clientProof('the client proves itself by its bearer token, or by the method it registered but Basic'),
  accepts: { as: 'form', shape: bcauthorizeRequest, maxBytes: 65_536 },
  answers: { status: 200, shape: bcauthorizeAnswer },
  refusals: [
    'invalid_request',
    'invalid_client',
    'invalid_scope',
    'invalid_token',
    'unknown_user_id',
    'missing_user_code',
    'unauthorized_client',
    'transaction_failed',
    'too_many_requests',
    'temporarily_unavailable',
    'not_found',
  ],

  async handle({ body }, situation: Situation<Tenant>, needs: Needs) {
    const asking = await readAsking(body, situation, needs)
    const { hint } = asking
    const opening = readOpening(asking, needs.random)
    const { tenant } = situation
    const handed =
      hint.mode === USERLESS
        ? await needs.approvals.openUserless(tenant, { ...opening, ...readUserless(asking, opening.policy) })
        : await needs.approvals.open(tenant, {
            ...opening,
            name: hint.usercode ?? '',
            device: readDevice(hint.deviceid),
          })
    const { number } = opening.body
    return {
      headers: GUARDED,
      body: {
        auth_req_id: handed.handle,
        interval: INTERVAL_SECONDS,
        expires_in: opening.life_ms / 1000,
        ...(number === undefined ? {} : { number }),
        ...(handed.scan === undefined ? {} : { txid: handed.scan }),
      },
    }
  },
})

async function readAsking(request: BcauthorizeRequest, situation: Situation<Tenant>, needs: Needs): Promise<Asking> {
  const { tenant, origin, correlation } = situation
  const { client, by } = await whoAsks(request, situation, needs)
  if (!client.permissions.has('push.validate')) throw new Refusal('unauthorized_client')
  const dialect = by === 'bearer' ? 'reference' : 'standard'
  if (dialect === 'standard' && !client.document.grantTypes.includes(CIBA_GRANT))
    throw new Refusal('unauthorized_client')
  const hint = await readHint(request, client.clientId, dialect, tenant, needs)
  if (hint.mode !== undefined && hint.mode !== '' && hint.mode !== USERLESS) {
    throw new Refusal('invalid_request', `mode is ${USERLESS} or left out.`)
  }
  if (hint.mode !== USERLESS && !hint.usercode) throw new Refusal('missing_user_code')
  return { request, hint, client, dialect, tenant, issuer: issuerOf(origin, tenant), correlation }
}

async function whoAsks(request: BcauthorizeRequest, situation: Situation<Tenant>, needs: Needs) {
  const call = clientCall(situation, request, 'bcauthorize')
  if (call.proof.by === 'secret-basic') {
    throw new Refusal('invalid_client', 'Basic is not supported here; send a bearer token, or the proof in the body.')
  }
  if (call.proof.by === 'bearer') {
    return authenticateClient(call, needs).catch(error => {
      if (error instanceof Refusal && error.code === 'unauthorized') throw new Refusal('invalid_token')
      throw error
    })
  }
  return authenticateClient(call, needs)
}

/** Exactly one hint (CIBA Core section 7.1); a standard client may also send the reference's. */
async function readHint(
  request: BcauthorizeRequest,
  client: string,
  dialect: Asking['dialect'],
  tenant: Tenant,
  { signer }: Needs,
): Promise<HintClaims> {
  const given = [request.login_hint_token, request.login_hint, request.id_token_hint].filter(Boolean)
  if (given.length !== 1) throw new Refusal('invalid_request', 'Send one hint that says whom to ask.')
  if (request.login_hint_token) return readLoginHint(request.login_hint_token)
  if (dialect === 'reference') throw new Refusal('invalid_request', 'Send a login_hint_token.')
  if (request.login_hint) return { usercode: request.login_hint }
  return { usercode: await readIdTokenHint(signer, tenant, client, request.id_token_hint ?? '') }
}
