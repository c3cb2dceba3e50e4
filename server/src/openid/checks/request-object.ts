/**
 * `request`: the parameters as a JWT that the client signed. RFC 9101, OpenID Connect Core section 6.1. Algorithm and key come from the
 * registration (rule H6); `alg` none is no signature; encrypted ones are refused. Its claims win over what stands beside it, and
 * nothing beside it counts for clients that registered `require_signed_request_object`.
 */
import type { KnownClient } from '#authentication/client-book.ts'
import { goodUntil, isMeantForUs, isSignedByClient, readClientJws } from '#authentication/client-signature.ts'
import { Refusal } from '#domain/refusal.ts'
import { type Parameters, readClaims } from '#openid/checks/parameters.ts'

const LONGEST_LIFE_S = 3600
/** Section 10.8: a token that was made for something else says so. */
const TYPES = [undefined, 'JWT', 'jwt', 'oauth-authz-req+jwt']

const wrong = (hint: string) => new Refusal('invalid_request_object', hint)

/** The parameters with those of the request object, if there is one. */
export function withRequestObject(
  parameters: Parameters,
  client: KnownClient,
  issuer: string,
  now_ms: number,
): Parameters {
  const { request, ...beside } = parameters
  const { requiresSigned } = client.document
  if (request === undefined) {
    if (requiresSigned) throw new Refusal('invalid_request', 'This client registered that its requests are signed.')
    return parameters
  }
  const claims = readClaims(judged(request, client, issuer, now_ms))
  if (claims.request !== undefined || claims.request_uri !== undefined)
    throw wrong('A request object holds no other one.')
  if (claims.client_id !== undefined && claims.client_id !== client.clientId)
    throw wrong('The client_id of the request object is not that of the client.')
  if (beside.request_uri !== undefined) throw new Refusal('invalid_request', 'request stands beside request_uri.')
  return requiresSigned ? claims : { ...beside, ...claims }
}

/** The claims, when the client signed them, for us and now. */
function judged(request: string, client: KnownClient, issuer: string, now_ms: number) {
  if (request.split('.').length === 5) throw wrong('Encrypted request objects are not supported; send it signed.')
  const jws = readClientJws(request)
  if (!jws) throw wrong('The request object could not be read.')
  const { header, claims } = jws
  if (!TYPES.includes(header.typ as string | undefined)) throw wrong('typ says that this is no request object.')
  if (!isSignedByClient(jws, client.document, client.document.requestAlgorithm))
    throw wrong('The request object is not signed by a key and algorithm that the client registered.')
  if (claims.iss !== client.clientId) throw wrong('iss of the request object is not the client.')
  // An assertion of the client would else do as a request of his: section 10.8.
  if (claims.sub === client.clientId) throw wrong('sub of the request object is the client: this is an assertion.')
  if (!namesUs(claims.aud, issuer)) throw wrong('aud of the request object is not the issuer.')
  const until = goodUntil(claims, Math.floor(now_ms / 1000), LONGEST_LIFE_S)
  if (until === 'expiry') throw wrong(`exp of the request object is needed, within ${LONGEST_LIFE_S} seconds.`)
  if (until === 'early') throw wrong('The request object is not good yet.')
  return claims
}

/** A request may be meant for several servers: it proves nobody, and the client is proved or asked otherwise. */
const namesUs = (aud: unknown, issuer: string) =>
  isMeantForUs(Array.isArray(aud) ? aud.find(one => one === issuer) : aud, [issuer])
