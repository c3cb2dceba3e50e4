/**
 * GET and POST /{tenant}/authn/userinfo: who the token speaks for, as a signed JWT. OpenID Connect Core section 5.3.
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
  summary: 'Claims about the user or client a token speaks for, as a JWT signed with RS256.',
  access: anyBearer('it answers about the holder of the token'),
  answers: { status: 200, shape: Type.String(), type: 'application/jwt; charset=UTF-8' },
  refusals: ['unauthorized', 'not_found'],
} as const

async function handle(_: unknown, { tenant, origin, headers }: Situation<Tenant>, { signer, callers, clock }: Needs) {
  const bearer = await callers.find(tenant, headers.authorization?.replace(/^bearer +/i, '').trim() ?? '')
  const holder = bearer && (await callers.holder(tenant, bearer))
  if (!holder) throw new Refusal('unauthorized')
  const claims = {
    iss: issuerOf(origin, tenant),
    iat: Math.floor(clock.now() / 1000),
    aud: bearer.client,
    ...claimsOf(bearer, holder),
  }
  return { body: await signer.sign(tenant.number, claims) }
}

function claimsOf(bearer: Bearer, holder: SessionHolder): Record<string, unknown> {
  const scopes = bearer.scope.split(' ')
  const profile = scopes.includes('profile')
  return {
    sub: holder.externalId,
    groupids: [holder.group],
    roles: bearer.roles,
    preferred_username: holder.userName,
    acr: bearer.level,
    ...(profile && holder.givenName !== null ? { given_name: holder.givenName } : {}),
    ...(profile && holder.familyName !== null ? { family_name: holder.familyName } : {}),
  }
}

export const userinfo = endpoint({ ...shared, method: 'GET', handle })
export const userinfoByPost = endpoint({ ...shared, method: 'POST', handle })
