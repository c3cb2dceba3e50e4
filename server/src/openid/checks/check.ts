/**
 * What a check of an authorization request is: it looks at what was asked and hands back its part of the request, or refuses. Checks
 * know neither one another nor the endpoint; which of them an endpoint runs, and in which order, is the table of
 * `authorization-request.ts`.
 */
import type { KnownClient } from '#authentication/client-book.ts'
import type { AuthorizationRequest } from '#domain/login.ts'
import type { Signer } from '#domain/ports/signer.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import type { Parameters } from '#openid/checks/parameters.ts'

export interface Asked {
  readonly parameters: Parameters
  readonly client: KnownClient
  readonly tenant: Tenant
  /** The issuer under which the request came. */
  readonly issuer: string
  readonly signer: Pick<Signer, 'jwks'>
}

export type Part = Partial<AuthorizationRequest>
export type Check = (asked: Asked) => Part | Promise<Part>

export const NOTHING: Part = {}

export const invalid = (hint: string) => new Refusal('invalid_request', hint)

/** Words between blanks. */
export const wordsOf = (text: string | undefined): readonly string[] =>
  text === undefined ? [] : text.split(' ').filter(word => word !== '')
