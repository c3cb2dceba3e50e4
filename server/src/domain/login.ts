/**
 * A login in the browser, or of an application's own front end: what a client asked for (PAR, or the query of `login`) and how
 * far somebody has come with it. One row from the request to the redemption of its code; all of it stays here, nothing at the client.
 */
import type { UserId } from '#domain/ids.ts'

export const RESPONSE_TYPES = ['code', 'code id_token', 'id_token'] as const
export type ResponseType = (typeof RESPONSE_TYPES)[number]

export const RESPONSE_MODES = ['query', 'fragment', 'form_post'] as const
export type ResponseMode = (typeof RESPONSE_MODES)[number]

/** An authorization request as it was judged once, when it came; nothing of it is read again from a later call. */
export interface AuthorizationRequest {
  readonly responseType: ResponseType
  readonly responseMode: ResponseMode
  readonly redirectUri: string
  /** Blank-separated; granted to the client. */
  readonly scope: string
  readonly state?: string
  readonly nonce?: string
  /** What the user signs in with, where the client knows it. */
  readonly loginHint?: string
  /** A client that proved itself said so: what a page shows of this person before he proved himself was the client's to ask. */
  readonly vouched?: true
  /** `acr_values`, split at blanks. */
  readonly acrValues: readonly string[]
  /** S256 of the PKCE verifier, RFC 7636 section 4.2. */
  readonly codeChallenge?: string
  readonly prompt?: string
  readonly maxAge_seconds?: number
  /** `ui_locales`. */
  readonly locales?: string
  /** The issuer under which the request came: `https://host/{tenant}/authn`, or with `/idp`. */
  readonly issuer: string
}

/** OPEN until its end is decided; CODED: a code is out; REDEEMED: it became tokens; ENDED: it came to an end without a code. */
export type LoginState = 'OPEN' | 'CODED' | 'REDEEMED' | 'ENDED'

/** A factor that was proved in this login. */
export interface ProvedFactor {
  readonly factorId: string
  readonly policy: string
  /** RFC 8176 values. */
  readonly amr: readonly string[]
  readonly acr?: string
  readonly at_ms: number
  readonly device?: number
  /** A card that only identifies: it claims nothing, nor does a factor after it. */
  readonly identifiesOnly?: true
}

/** Who proved himself, and by which name. */
export interface LoginUser {
  readonly id: UserId
  readonly externalId: string
  readonly name: string
}

/** What had to be proved before a passkey or a card may be enrolled (`enrollProtectionFactors`). It signs nobody in. */
export interface ProvedProtection {
  readonly protectionFactorId: string
  readonly policy: string
  readonly user: LoginUser
  readonly amr: readonly string[]
  readonly at_ms: number
}

/** A challenge that waits for a passkey; the last one that was asked. */
export interface AskedPasskey {
  readonly kind: 'prove' | 'enrol'
  /** Of the factor, or of the enrolment. */
  readonly of: string
  /** base64url. */
  readonly challenge: string
  readonly at_ms: number
  /** Enrolment: for whom, and as what his authenticator is to know him. */
  readonly user?: UserId
  readonly handle?: string
}

/** `id` is 0 while it is being opened. */
export interface StartedApproval {
  readonly factorId: string
  readonly id: number
  /** As the caller named it. */
  readonly device?: number
  readonly at_ms: number
  /** To be shown to the person, who types it on the device. */
  readonly number?: string
}

export interface LoginError {
  readonly error: string
  readonly description: string
  /** The login may go on all the same: another name may fit the workflow. */
  readonly passing?: true
}

/** A challenge that waits for a card; the last one that was asked. */
export interface AskedCard {
  readonly use: 'sign-in' | 'enrol'
  /** Of the factor, or of the enrolment. */
  readonly of: string
  /** base64url. */
  readonly challenge: string
  readonly at_ms: number
  /** Enrolment: for whom. */
  readonly user?: UserId
}

/** What happened in a login so far; JSON in its row. */
export interface LoginProgress {
  readonly user?: LoginUser
  readonly first?: ProvedFactor
  readonly second?: ProvedFactor
  readonly protection?: ProvedProtection
  readonly passkey?: AskedPasskey
  readonly card?: AskedCard
  /** An approval that was started, by its factor; the same is polled again. */
  readonly approval?: StartedApproval
  /** By which road a code was sent for a factor. */
  readonly sent?: { readonly factorId: string; readonly method: string }
  /** Scopes that the person agreed to in this login. */
  readonly consented?: readonly string[]
  /** Told to the client by the redirect: an OAuth error with its description. */
  readonly error?: LoginError
}

export const NO_PROGRESS: LoginProgress = {}
