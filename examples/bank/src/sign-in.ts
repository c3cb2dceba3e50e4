/**
 * Somebody signs in: OpenID Connect by `openid-client`. The bank pushes its request (PAR, RFC 9126) with PKCE (RFC 7636), state and
 * nonce, the browser goes to the server's page and comes back with a code, by a redirect or by form_post (`code id_token`). Which
 * client the bank is decides the workflow. An error is no exception here: the person is told what it means.
 */
import * as openid from 'openid-client'
import type { Configuration, Way } from './configuration.ts'
import { type Connect, connection } from './server-connection.ts'

/** What the bank must remember until the browser is back. */
export interface Begun {
  readonly way: string
  readonly verifier: string
  readonly state: string
  readonly nonce: string
}

export interface Session {
  readonly id: string
  /** Title of the way. */
  readonly way: string
  /** By which the server knows the person. */
  readonly subject: string
  readonly name: string
  readonly acr: string
  readonly amr: readonly string[]
  readonly at_ms: number
  readonly until_ms: number
  /** What the person allowed the bank to know, beside the name. */
  readonly shared: readonly (readonly [string, string])[]
}

export interface NotSignedIn {
  readonly error: string
  readonly description: string
}

const SCOPE = 'openid profile email'
const SESSION_MS = 30 * 60_000

export const connectionOf = ({ issuer }: Configuration, { clientId, clientSecret, formPost }: Way): Connect =>
  connection({ issuer, clientId, clientSecret }, formPost ? [openid.useCodeIdTokenResponseType] : [])

type Connected = Way & { readonly connect: Connect }

/** Where the browser goes. `back` is the bank's own address for the answer. */
export async function beginSignIn(way: Connected, back: string, hint: string | undefined) {
  const verifier = openid.randomPKCECodeVerifier()
  const begun: Begun = { way: way.id, verifier, state: openid.randomState(), nonce: openid.randomNonce() }
  const address = await openid.buildAuthorizationUrlWithPAR(await way.connect(), {
    redirect_uri: back,
    scope: SCOPE,
    state: begun.state,
    nonce: begun.nonce,
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...(way.formPost ? { response_mode: 'form_post' } : {}),
    ...(hint === undefined ? {} : { login_hint: hint }),
  })
  return { address, begun }
}

/** What came back, checked: iss, state, nonce, signature, hashes; then the code is exchanged. */
export async function finishSignIn(
  way: Connected,
  begun: Begun,
  came: URL | Request,
  now_ms: number,
): Promise<Session | NotSignedIn> {
  try {
    const connected = await way.connect()
    const tokens = await openid.authorizationCodeGrant(connected, came, {
      pkceCodeVerifier: begun.verifier,
      expectedState: begun.state,
      expectedNonce: begun.nonce,
    })
    const claims = tokens.claims()
    if (!claims) throw new Error('there is no id_token')
    const about = await openid.fetchUserInfo(connected, tokens.access_token, claims.sub)
    return {
      ...{
        id: openid.randomState(),
        way: way.title,
        subject: claims.sub,
        at_ms: now_ms,
        until_ms: now_ms + SESSION_MS,
      },
      name: about.given_name ?? claims.sub,
      acr: String(claims.acr ?? ''),
      amr: Array.isArray(claims.amr) ? claims.amr.map(String) : [],
      shared: [...textOf('Given name', about.given_name), ...textOf('E-mail', about.email)],
    }
  } catch (error) {
    if (error instanceof openid.AuthorizationResponseError || error instanceof openid.ResponseBodyError) {
      return { error: error.error, description: error.error_description ?? '' }
    }
    // A check failed: what came is not an answer of this server to this request.
    if (error instanceof openid.ClientError) {
      console.error(error)
      return { error: 'answer_does_not_fit', description: '' }
    }
    throw error
  }
}

const textOf = (label: string, value: unknown): readonly (readonly [string, string])[] =>
  typeof value === 'string' ? [[label, value]] : []
