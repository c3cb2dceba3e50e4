/**
 * A way to a token. The token endpoint owns the phases that every grant shares (reading the client's proof, refusing
 * what is unknown); a grant fills in its part and cannot forget them.
 */
import type { Approvals } from '#authentication/approvals.ts'
import type { Authentication } from '#authentication/authenticate.ts'
import type { Callers } from '#authentication/callers.ts'
import type { KnownClient } from '#authentication/client-book.ts'
import type { Clients } from '#authentication/clients.ts'
import type { OutOfBand } from '#authentication/out-of-band.ts'
import type { RegistrationBody } from '#authentication/registration-result.ts'
import type { Actor } from '#domain/event.ts'
import type { Tenant } from '#domain/tenant.ts'
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
  readonly auth_req_id?: string | undefined
  readonly code?: string | undefined
  readonly redirect_uri?: string | undefined
  readonly code_verifier?: string | undefined
}

/** What redeems the code of a login. */
export interface Redeemer {
  redeem(
    tenant: Tenant,
    client: KnownClient,
    shown: {
      readonly code: string
      readonly redirectUri: string | undefined
      readonly codeVerifier: string | undefined
      readonly correlation: string
    },
  ): Promise<{
    readonly token: string
    readonly expires_in_seconds: number
    readonly scope: string
    readonly idToken: string | undefined
  }>
}

export interface GrantNeeds {
  readonly clients: Clients
  readonly callers: Callers
  readonly authentication: Authentication
  readonly approvals: Approvals
  readonly outOfBand: OutOfBand
  readonly logins: Redeemer
  collectRegistration(tenant: Tenant, client: KnownClient, id: number, issuer: string): Promise<RegistrationBody>
}

export interface GrantCall extends ClientCall {
  readonly parameters: TokenParameters
  readonly issuer: string
}

export interface TokenAnswer {
  readonly access_token: string
  readonly token_type: 'Bearer'
  readonly expires_in?: number
  readonly id_token?: string
  readonly auth_req_id?: string
  readonly scope?: string
  readonly context?: Readonly<Record<string, string>>
}

/** A code that the client brings to a user itself. */
export interface CodeAnswer {
  readonly otp: string
  readonly expires_in: number
}

export type Grant = (call: GrantCall, needs: GrantNeeds) => Promise<TokenAnswer | CodeAnswer>

/** Who asked, for the audit. */
export const clientActor = (id: string): Actor => ({ kind: 'client', id })
