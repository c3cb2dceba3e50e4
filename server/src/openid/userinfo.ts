/**
 * GET and POST /{tenant}/authn/userinfo: who the token speaks for, as a signed JWT, or as plain JSON for clients that registered so.
 * OpenID Connect Core sections 5.3 and 5.4; addresses only with the scope for them, and where they are known.
 * Surprise: the token is read twice. The carrier let its holder in and knows only what every endpoint needs (`Caller`); names,
 * group and scope are looked up here, so that no other call pays for them.
 */
import { Type } from 'typebox'
import type { Bearer, Callers } from '#authentication/callers.ts'
import type { Clock } from '#domain/ports/clock.ts'
import type { SessionHolder } from '#domain/ports/session-queries.ts'
import type { Signer } from '#domain/ports/signer.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import { anyBearer, endpoint, type Situation } from '#http/endpoint.ts'
import { issuerOf } from '#openid/issuer.ts'

type Needs = { readonly signer: Signer; readonly callers: Callers; readonly clock: Clock }

const shared = {
  path: '/{tenant}/authn/userinfo',
  summary: 'Claims about the user or client a token speaks for, as a JWT signed with RS256, or as JSON.',
  access: anyBearer('it answers about the holder of the token'),
  answers: { status: 200, shape: Type.String(), type: 'application/jwt; charset=UTF-8' },
  refusals: ['unauthorized', 'not_found'],
} as const

async function handle(_: unknown, { tenant, origin, headers }: Situation<Tenant>, { signer, callers, clock }: Needs) {
  const bearer = await callers.find(tenant, headers.authorization?.replace(/^bearer +/i, '').trim() ?? '')
  const holder = bearer && (await callers.holder(tenant, bearer))
  if (!holder) throw new Refusal('unauthorized')
  const claims = claimsOf(bearer, holder)
  if (bearer.userinfoPlain) {
    return { headers: { 'content-type': 'application/json;charset=UTF-8' }, body: claims }
  }
  const iat = Math.floor(clock.now() / 1000)
  const around = { iss: issuerOf(origin, tenant), iat, aud: bearer.client }
  return { body: await signer.sign(tenant.number, { ...around, ...claims }) }
}

function claimsOf(bearer: Bearer, holder: SessionHolder): Record<string, unknown> {
  const scopes = bearer.scope.split(' ')
  const known = (scope: string, name: string, value: string | null) =>
    scopes.includes(scope) && value !== null ? { [name]: value } : {}
  return {
    sub: holder.externalId,
    groupids: [holder.group],
    roles: bearer.roles,
    preferred_username: holder.userName,
    acr: bearer.level,
    ...known('profile', 'given_name', holder.givenName),
    ...known('profile', 'family_name', holder.familyName),
    ...known('email', 'email', holder.email),
    ...known('phone', 'phone_number', holder.mobile),
  }
}

export const userinfo = endpoint({ ...shared, method: 'GET', handle })
export const userinfoByPost = endpoint({ ...shared, method: 'POST', handle })
