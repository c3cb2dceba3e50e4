/**
 * From the parameters of `par` or `login` to an authorization request: judged once, when it comes. RFC 6749 section 4.1.1, OpenID
 * Connect Core section 3.1.2.2. First what must be right before anything may be told by redirect (the client, its signature, the
 * redirect URI: RFC 6749 section 4.1.2.1), then the table below, in its order; who reviews it sees a missing tick.
 */
import type { KnownClient } from '#authentication/client-book.ts'
import type { AuthorizationRequest } from '#domain/login.ts'
import type { Clock } from '#domain/ports/clock.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import type { Asked, Check, Part } from '#openid/checks/check.ts'
import { maySignIn, noAddress, noAddressPushed, pushedOnly } from '#openid/checks/client.ts'
import { type Parameters, readParameters } from '#openid/checks/parameters.ts'
import { proofKey, proofKeyOfPusher } from '#openid/checks/proof-key.ts'
import { registeredRedirect } from '#openid/checks/redirect-uri.ts'
import { withRequestObject } from '#openid/checks/request-object.ts'
import { modeForErrors, nonce, responseMode, responseType } from '#openid/checks/response.ts'
import { acrValues, locales, loginHint, maxAge, prompt, scope, state } from '#openid/checks/wishes.ts'
import type { Back } from '#openid/redirect-answer.ts'

export interface Asking {
  /** As they came: of a form, a JSON object or a query. */
  readonly parameters: Readonly<Record<string, unknown>>
  readonly client: KnownClient
  readonly tenant: Tenant
  /** The issuer under which the request came. */
  readonly issuer: string
  readonly at: 'par' | 'login'
}

/** A refusal that the client may be told by redirect; `par` tells it straight. */
export class RefusedToClient extends Refusal {
  readonly back: Back

  constructor({ code, hint, reason }: Refusal, back: Back) {
    super(code, hint, reason === undefined ? {} : { reason })
    this.back = back
  }
}

// biome-ignore format: a row is a check, a column an endpoint
const table: readonly { readonly check: Check; readonly par: boolean; readonly login: boolean }[] = [
  { check: noAddressPushed,  par: true,  login: false },
  { check: noAddress,        par: false, login: true },
  { check: pushedOnly,       par: false, login: true },
  { check: maySignIn,        par: true,  login: true },
  { check: responseType,     par: true,  login: true },
  { check: responseMode,     par: true,  login: true },
  { check: scope,            par: true,  login: true },
  { check: state,            par: true,  login: true },
  { check: nonce,            par: true,  login: true },
  { check: proofKey,         par: true,  login: true },
  { check: proofKeyOfPusher, par: true,  login: false },
  { check: maxAge,           par: true,  login: true },
  { check: acrValues,        par: true,  login: true },
  { check: locales,          par: true,  login: true },
  { check: loginHint,        par: true,  login: true },
  { check: prompt,           par: true,  login: true },
]

type Needs = Pick<Asked, 'signer'> & { readonly clock: Clock }

/** Throws a Refusal; one that the client may be told by redirect is a RefusedToClient. */
export async function readAuthorizationRequest(
  { parameters: raw, client, tenant, issuer, at }: Asking,
  { signer, clock }: Needs,
): Promise<AuthorizationRequest> {
  const given = readParameters(raw)
  if (client.obstacle !== undefined) throw new Refusal('unauthorized_client', 'The client is disabled.')
  if (given.client_id !== undefined && given.client_id !== client.clientId)
    throw new Refusal('invalid_request', 'The client_id is not that of the client.')
  const parameters = withRequestObject(given, client, issuer, clock.now())
  const redirectUri = registeredRedirect(parameters.redirect_uri, client.document)
  try {
    return await checked({ parameters, client, tenant, issuer, signer }, redirectUri, at)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw new RefusedToClient(error, backOf(parameters, redirectUri, issuer))
  }
}

async function checked(asked: Asked, redirectUri: string, at: Asking['at']): Promise<AuthorizationRequest> {
  const request: Part = { redirectUri, issuer: asked.issuer }
  for (const row of table) {
    if (!row[at]) continue
    const part = row.check(asked)
    Object.assign(request, part instanceof Promise ? await part : part)
  }
  return request as AuthorizationRequest
}

function backOf(parameters: Parameters, redirectUri: string, issuer: string): Back {
  const { state: given } = parameters
  const mode = modeForErrors(parameters)
  // What cannot be posted to is told otherwise.
  const responseMode = mode === 'form_post' && !/^https?:/i.test(redirectUri) ? 'query' : mode
  return { redirectUri, issuer, responseMode, ...(given === undefined ? {} : { state: given }) }
}
