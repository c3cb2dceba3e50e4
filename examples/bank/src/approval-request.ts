/**
 * A transfer as a question for the customer's phone: CIBA (OpenID Connect Client-Initiated Backchannel Authentication Core 1.0) in poll
 * mode. Whom to ask and the exact text to be signed stand in `login_hint_token`, an unsigned JWT of parameters; the proof of the bank
 * is its secret. The answer also names two digits, which the bank shows and the customer types.
 */
import * as openid from 'openid-client'
import { type Connect, ownToken } from './server-connection.ts'

export interface Asked {
  readonly request: openid.BackchannelAuthenticationResponse
  /** The two digits to be typed on the phone. */
  readonly number: string
}

export type Outcome =
  | { readonly kind: 'approved'; readonly claims: Readonly<Record<string, unknown>> }
  | { readonly kind: 'declined'; readonly why: string | undefined }
  | { readonly kind: 'expired' }

export interface Refused {
  readonly refused: 'wait' | 'cannot be asked'
  readonly seconds?: number
}

const SCOPE = 'openid hid-tx-sign'
const ANSWER_SECONDS = 120
/** A decision in the last second still arrives. */
const GRACE_SECONDS = 15

/** Label and value of each line; the app shows them as a table. Values must not hold braces, labels no commas either. */
export const textOf = (pairs: readonly (readonly [string, string])[]): string =>
  pairs.map(([label, value]) => `{${label},${value}}`).join(',')

export async function askForApproval(connect: Connect, customer: string, text: string): Promise<Asked | Refused> {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const hint = { usercode: customer, authpol: 'AT_TDS', tds: text }
  try {
    const request = await openid.initiateBackchannelAuthentication(await connect(), {
      scope: SCOPE,
      login_hint_token: `${part({ alg: 'none', typ: 'JWT' })}.${part(hint)}.`,
      requested_expiry: String(ANSWER_SECONDS),
    })
    return { request, number: String(request.number ?? '') }
  } catch (error) {
    const refused = refusalIn(error)
    if (refused) return refused
    throw error
  }
}

/** Polls at the pace that the server asks for, until there is an answer. */
export async function outcomeOf(connect: Connect, { request }: Asked): Promise<Outcome> {
  const signal = AbortSignal.timeout((request.expires_in + GRACE_SECONDS) * 1000)
  try {
    const tokens = await openid.pollBackchannelAuthenticationGrant(await connect(), request, undefined, { signal })
    return { kind: 'approved', claims: tokens.claims() ?? {} }
  } catch (error) {
    if (error instanceof openid.ResponseBodyError && error.error === 'access_denied') {
      return { kind: 'declined', why: error.error_description }
    }
    if (error instanceof openid.ResponseBodyError && error.error === 'expired_token') return { kind: 'expired' }
    if (signal.aborted) return { kind: 'expired' }
    throw error
  }
}

/** A customer who said no, or was asked often, is left in peace for a while; one without a usable phone cannot be asked. */
function refusalIn(error: unknown): Refused | undefined {
  const cause = error instanceof Error ? error.cause : undefined
  const response = error instanceof openid.ResponseBodyError ? error.response : cause
  if (!(response instanceof Response)) return undefined
  if (response.status === 429) return { refused: 'wait', seconds: Number(response.headers.get('retry-after') ?? 60) }
  // `transaction_failed` has the status 500, and its body is not read by the library.
  return response.status === 500 ? { refused: 'cannot be asked' } : undefined
}

export interface Registered {
  readonly device: string
  /** RFC 7638, of the key that signs actions. */
  readonly thumbprint: string
}

/** The CIBA grant with the id of a provision: undefined while nobody has registered, 'over' when nobody will. */
export async function registrationOf(connect: Connect, provision: string): Promise<Registered | 'over' | undefined> {
  const endpoint = (await connect()).serverMetadata().token_endpoint ?? ''
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { authorization: `Bearer ${await ownToken(connect)}` },
    body: new URLSearchParams({ grant_type: 'urn:openid:params:grant-type:ciba', auth_req_id: provision }),
    signal: AbortSignal.timeout(10_000),
  })
  const body = (await response.json()) as { error?: string; deviceid?: string; key_thumbprint?: string }
  if (response.ok) return { device: body.deviceid ?? '', thumbprint: body.key_thumbprint ?? '' }
  return body.error === 'authorization_pending' || body.error === 'slow_down' ? undefined : 'over'
}
