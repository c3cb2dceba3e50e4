/**
 * An endpoint is a value: method, path, who may call, what it accepts, what it answers, how it refuses.
 * Router, OpenAPI description, permission table and tests are derived from it.
 */
import type { Static, TSchema } from 'typebox'
import type { RefusalCode } from '#domain/refusal.ts'

/** Who may call. Every endpoint names one; there is no default. */
export type Access =
  | { readonly kind: 'anyone'; readonly why: string }
  /** A bearer token whose roles hold the permission. */
  | { readonly kind: 'bearer'; readonly permission: string }
  /** Any valid bearer token: the endpoint concerns the token itself. */
  | { readonly kind: 'any-bearer'; readonly why: string }
  /** The endpoint authenticates the client itself (token endpoint: Basic, body or bearer). */
  | { readonly kind: 'client-proof'; readonly why: string }
  /** The endpoint checks a signature over the call itself, by the device that makes it; `received` tells what was signed. */
  | { readonly kind: 'device-proof'; readonly why: string }
  /** The endpoint checks that the caller may go on with a login: its request_uri, csrf value and cookie. */
  | { readonly kind: 'login-proof'; readonly why: string }

export const anyone = (why: string): Access => ({ kind: 'anyone', why })
export const bearerMay = (permission: string): Access => ({ kind: 'bearer', permission })
export const anyBearer = (why: string): Access => ({ kind: 'any-bearer', why })
export const clientProof = (why: string): Access => ({ kind: 'client-proof', why })
export const loginProof = (why: string): Access => ({ kind: 'login-proof', why })
export const deviceProof = (why: string): Access => ({ kind: 'device-proof', why })

/** Whom the bearer token speaks for, as the room that knows tokens found it. */
export interface Caller {
  readonly kind: 'client' | 'user'
  /** Internal id of the user (a client is also a user). */
  readonly user: number
  /** For a client its client_id; for a user's token the client through which it was made. */
  readonly client: string
  readonly session: number
  readonly permissions: ReadonlySet<string>
  readonly roles: readonly string[]
}

/** A call as it came, for an endpoint that checks a signature over it. */
export interface Received {
  readonly method: string
  /** Without query, as sent. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** What a handler is told beside the request itself. `T` is the tenant as the server's composition knows it. */
export interface Situation<T = unknown> {
  readonly tenant: T
  readonly caller: Caller | undefined
  readonly correlation: string
  /** The peer's address after trusted proxies; `unknown` is never used to decide. */
  readonly source: string
  /** The public origin and prefix under which this request came: `https://host`. Only from configuration. */
  readonly origin: string
  readonly headers: Readonly<Record<string, string | undefined>>
  /** Only where access is `device-proof`. */
  readonly received?: Received
}

export interface Answer<Body> {
  readonly status?: number
  /** Names in lower case. A list writes the header several times (`set-cookie`). `content-type` here wins over the endpoint's. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  /** An object becomes JSON; text and bytes go out as they are unless the type is JSON (then only bytes do); an EventStream goes on. */
  readonly body: Body
}

export interface EndpointRequest<P extends TSchema, Q extends TSchema, B extends TSchema> {
  readonly path: Static<P>
  readonly query: Static<Q>
  readonly body: Static<B>
}

export interface EndpointShape<P extends TSchema, Q extends TSchema, B extends TSchema, A extends TSchema, T, Needs> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With `{name}` for parameters, starting with the door's prefix: `/{tenant}/authn/token`. */
  readonly path: string
  /** One sentence for the description. */
  readonly summary: string
  readonly access: Access
  readonly params?: P
  readonly query?: Q
  /** `form` reads urlencoded (and JSON where clients send it), `json` reads JSON, whatever the label says. */
  readonly accepts?: {
    readonly as: 'form' | 'json'
    readonly shape: B
    readonly maxBytes?: number
    /** Instead of the usual bound on one text of a JSON body: a file in Base64. */
    readonly maxTextCharacters?: number
    /** Parameters may also stand in the query string; the same name in both is refused. */
    readonly alsoInQuery?: true
    /** An empty body is read as an object without members. */
    readonly mayBeEmpty?: true
  }
  readonly answers: { readonly status: number; readonly shape: A; readonly type?: string }
  readonly refusals: readonly RefusalCode[]
  handle(request: EndpointRequest<P, Q, B>, situation: Situation<T>, needs: Needs): Promise<Answer<unknown>>
}

/** An endpoint whose shapes are erased: what router, description and tests work with. */
// biome-ignore lint/suspicious/noExplicitAny: the shapes of a list of endpoints differ; each was checked by `endpoint`.
export type Endpoint<Needs = any> = EndpointShape<any, any, any, any, any, Needs>

/** Checks an endpoint's types and hands it back as it is. */
export function endpoint<P extends TSchema, Q extends TSchema, B extends TSchema, A extends TSchema, T, Needs>(
  shape: EndpointShape<P, Q, B, A, T, Needs>,
): EndpointShape<P, Q, B, A, T, Needs> {
  return shape
}
