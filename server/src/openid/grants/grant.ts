/**
 * A way to a token. The token endpoint owns the phases that every grant shares (reading the client's proof, refusing
 * what is unknown); a grant fills in its part and cannot forget them.
 */
import type { Authentication } from '#authentication/authenticate.ts'
import type { Callers } from '#authentication/callers.ts'
import type { Clients } from '#authentication/clients.ts'
import type { Actor } from '#domain/event.ts'
import type { ClientCall } from '#openid/client-proof/proof.ts'

export interface TokenParameters {
  readonly grant_type: string
  readonly scope?: string | undefined
  readonly username?: string | undefined
  readonly password?: string | undefined
  readonly authType?: string | undefined
  readonly mode?: string | undefined
  readonly device_id?: string | undefined
  readonly channel?: string | undefined
  readonly context?: string | undefined
  readonly noToken?: string | undefined
}

export interface GrantNeeds {
  readonly clients: Clients
  readonly callers: Callers
  readonly authentication: Authentication
}

export interface GrantCall extends ClientCall {
  readonly parameters: TokenParameters
}

export interface TokenAnswer {
  readonly access_token: string
  readonly token_type: 'Bearer'
  readonly expires_in?: number
  readonly scope?: string
}

export type Grant = (call: GrantCall, needs: GrantNeeds) => Promise<TokenAnswer>

/** Who asked, for the audit. */
export const clientActor = (id: string): Actor => ({ kind: 'client', id })
