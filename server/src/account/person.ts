/**
 * Who calls this door: a person, by a token of the page's own client with its scope. Every endpoint of the door goes through
 * `forPerson`, so that none can forget to ask; a token of an application, or of a person made through one, opens nothing here.
 * Surprise: the token is read twice, as at `userinfo`: the carrier knows of a caller only what every endpoint needs.
 */
import type { Person } from '#administration/own-devices.ts'
import { ACCOUNT_CLIENT, ACCOUNT_SCOPE } from '#authentication/account-client.ts'
import type { Bearer, Callers } from '#authentication/callers.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import { type Answer, anyBearer, type Situation } from '#http/endpoint.ts'

export type Here = Situation<Tenant>
export type Caller = Person & { readonly bearer: Bearer }

export const personal = anyBearer(`it concerns the holder of a token with the scope ${ACCOUNT_SCOPE}`)
export const personalRefusals = ['forbidden', 'not_found', 'temporarily_unavailable'] as const

export const forPerson =
  <Request, Needs>(
    handle: (request: Request, here: Here, person: Caller, needs: Needs) => Promise<Answer<unknown>>,
  ): ((request: Request, here: Here, needs: Needs & { readonly callers: Callers }) => Promise<Answer<unknown>>) =>
  async (request, here, needs) => {
    const bearer = await needs.callers.find(here.tenant, here.headers.authorization?.replace(/^bearer +/i, '') ?? '')
    if (!bearer) throw new Refusal('invalid_token')
    const ours = bearer.kind === 'user' && bearer.client === ACCOUNT_CLIENT
    if (!ours || !bearer.scope.split(' ').includes(ACCOUNT_SCOPE)) throw new Refusal('forbidden')
    const { user, amr, device, openedAt_ms } = bearer
    return handle(request, here, { user, amr, device, openedAt_ms, correlation: here.correlation, bearer }, needs)
  }

export const timeOf = (at_ms: number): string => new Date(at_ms).toISOString()
export const maybeTime = (at_ms: number | null): string | null => (at_ms === null ? null : timeOf(at_ms))
