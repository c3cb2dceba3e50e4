/**
 * The end of a login: an authorization code, an id_token, or the error that it kept. The login's row is also the code's: what was asked
 * for, who proved what and whether it was redeemed are one row, which changes once at each end (security.md P2, P3, P5).
 * OpenID Connect Core sections 3.1.2.5, 3.3.2.5; RFC 6749 sections 4.1.2, 4.1.2.1.
 */
import { makeIdToken } from '#authentication/id-token.ts'
import { consentNeeded } from '#authentication/login-consent.ts'
import { changeOf, type Login, type Person } from '#authentication/login-find.ts'
import type { LoginNeeds } from '#authentication/login-needs.ts'
import { allProved } from '#authentication/login-proved.ts'
import type { AuthorizationRequest, LoginProgress, ProvedFactor } from '#domain/login.ts'
import { first, type Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'

/** What the client is told, in the form that it asked for. */
export interface Ending {
  readonly request: AuthorizationRequest
  readonly parameters: {
    readonly code?: string
    readonly id_token?: string
    readonly error?: string
    readonly error_description?: string
    readonly state?: string
  }
}

/** A code is to be redeemed at once, by a program. RFC 6749 section 4.1.2: ten minutes at most. */
const CODE_MS = 60_000

export async function endLogin(
  needs: LoginNeeds,
  login: Login,
  person: Person | undefined,
  correlation: string,
): Promise<Ending> {
  const { progress } = login
  const kept = progress.error
  if (kept !== undefined && (kept.passing !== true || progress.user === undefined))
    return failed(needs, login, correlation)
  if (!(await allProved(needs, login, person)) || (await consentNeeded(needs, login))) {
    throw new Refusal('not_allowed', 'The login is not finished.')
  }
  return succeeded(needs, login, correlation)
}

/** The person gives up. */
export const cancelled = (login: Login): LoginProgress => ({
  ...login.progress,
  error: { error: 'access_denied', description: 'The user gave up.' },
})

async function failed(needs: LoginNeeds, login: Login, correlation: string): Promise<Ending> {
  const { request, progress } = login
  const { error = 'server_error', description = '' } = progress.error ?? {}
  const { store, logins, clock } = needs
  const change = changeOf(login, clock.now(), progress, { state: 'ENDED' })
  const event = eventOf(needs, login, correlation, error)
  await store.write(login.tenant.number, function* () {
    const done = yield* first(logins.change(login.tenant.number, login.row.id, change))
    if (done) yield event.queries
  })
  return { request, parameters: { error, error_description: description, ...stateOf(request) } }
}

async function succeeded(needs: LoginNeeds, login: Login, correlation: string): Promise<Ending> {
  const { request, client, tenant, row, progress } = login
  const { store, logins, handles, clock } = needs
  const now = clock.now()
  const code = request.responseType === 'id_token' ? undefined : handles.make('code', row.id)
  const claims = claimsOf(login)
  const id_token =
    request.responseType === 'code'
      ? undefined
      : await makeIdToken(needs, tenant, client, claims, code ? { code: code.text } : {})
  const event = eventOf(needs, login, correlation, undefined)
  const end = code
    ? logins.issueCode(tenant.number, row.id, row.revision, code.proof, now + CODE_MS)
    : logins.change(tenant.number, row.id, changeOf(login, now, progress, { state: 'ENDED' }))
  const done = await store.write(tenant.number, function* (): Unit<boolean> {
    if ((yield* first(end)) === undefined) return false
    yield event.queries
    return true
  })
  // Somebody ended it at the same moment: one of them has the code.
  if (!done) throw new Refusal('invalid_request_uri')
  return {
    request,
    parameters: {
      ...(code ? { code: code.text } : {}),
      ...(id_token === undefined ? {} : { id_token }),
      ...stateOf(request),
    },
  }
}

const stateOf = ({ state }: AuthorizationRequest) => (state === undefined ? {} : { state })

/** What every token of this login says; also asked when its code is redeemed. */
export function claimsOf({ request, progress, tenant }: Pick<Login, 'request' | 'progress' | 'tenant'>) {
  const last = lastProof(progress)
  return {
    iss: request.issuer,
    sub: progress.user?.externalId ?? '',
    auth_time: Math.floor(last.at_ms / 1000),
    nonce: request.nonce,
    acr: last.acr ?? tenant.configuration.findPolicy(last.policy)?.levelOfAssurance,
    amr: amrOf(progress),
  }
}

export function lastProof({ first: one, second }: LoginProgress): ProvedFactor {
  const last = second ?? one
  if (!last) throw new Refusal('not_allowed', 'Nobody has signed in yet.')
  return last
}

/** RFC 8176: with two factors also `mfa`. The first may have asked for nothing: class CODE where no activation code was registered. */
export function amrOf({ first: one, second }: LoginProgress): readonly string[] {
  const [before, after] = [one?.amr ?? [], second?.amr ?? []]
  return [...new Set([...before, ...after, ...(before.length > 0 && second ? ['mfa'] : [])])]
}

/** What the person agreed to, of what was asked for. */
export const scopeOf = ({ request, progress }: Pick<Login, 'request' | 'progress'>): string =>
  progress.consented?.join(' ') ?? request.scope

function eventOf({ recorder }: LoginNeeds, login: Login, correlation: string, error: string | undefined) {
  const { client, progress, row, tenant } = login
  return recorder.record(tenant.number, {
    action: 'endLogin',
    result: error === undefined ? 'SUCCESS' : 'FAILURE',
    ...(error === undefined ? {} : { reason: error }),
    actor: { kind: 'client', id: client.clientId },
    ...(progress.user === undefined ? {} : { user: progress.user.id }),
    parameters: {
      COI: correlation,
      TEXT1: String(row.id),
      TEXT2: [progress.first?.policy, progress.second?.policy].filter(Boolean).join(' '),
    },
  })
}
