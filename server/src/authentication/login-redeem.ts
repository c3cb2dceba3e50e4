/**
 * An authorization code becomes tokens, once (RFC 6749 section 4.1.3). Shown again, it is refused and takes with it what it became
 * (section 4.1.2, security.md P5). Bound to its client, to the redirect URI and to the PKCE verifier of its request (RFC 7636 section 4.6).
 */
import type { KnownClient } from '#authentication/client-book.ts'
import { makeIdToken } from '#authentication/id-token.ts'
import { amrOf, claimsOf, lastProof, scopeOf } from '#authentication/login-end.ts'
import type { LoginNeeds } from '#authentication/login-needs.ts'
import { openSession, readySession } from '#authentication/open-session.ts'
import { pkceMatches } from '#authentication/pkce.ts'
import { decide, STALE } from '#domain/deciding-unit.ts'
import type { AuthorizationRequest, LoginProgress } from '#domain/login.ts'
import type { HeldLogin } from '#domain/ports/login-queries.ts'
import type { Standing } from '#domain/ports/proof-queries.ts'
import { first, together, type Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

export interface Redemption {
  readonly code: string
  /** Undefined: the client did not repeat it. */
  readonly redirectUri: string | undefined
  readonly codeVerifier: string | undefined
  readonly correlation: string
}

export interface Redeemed {
  readonly token: string
  readonly expires_in_seconds: number
  readonly scope: string
  /** Undefined where `openid` was not asked for. */
  readonly idToken: string | undefined
}

export async function redeemCode(
  needs: LoginNeeds,
  tenant: Tenant,
  client: KnownClient,
  asked: Redemption,
): Promise<Redeemed> {
  const { store, logins, handles, clock } = needs
  const handle = handles.read('code', asked.code)
  const row = handle && (await store.read(tenant.number, () => first(logins.login(tenant.number, handle.rowId))))
  const known =
    handle && row?.codeProof && handles.sameProof(row.codeProof, handle.proof) && row.client === client.clientId
  if (!row || !known) throw refused('unknown')
  if (row.state === 'REDEEMED') await revoke(needs, tenant, row, asked.correlation)
  if (row.state !== 'CODED' || clock.now() >= (row.codeExpiresAt ?? 0)) throw refused('used_or_late')
  const request = JSON.parse(row.request) as AuthorizationRequest
  if (asked.redirectUri !== undefined && asked.redirectUri !== request.redirectUri) throw refused('redirect_uri')
  if (!pkceMatches(request.codeChallenge, asked.codeVerifier)) throw refused('code_verifier')
  return redeemed(needs, tenant, client, row, request, asked)
}

async function redeemed(
  needs: LoginNeeds,
  tenant: Tenant,
  client: KnownClient,
  row: HeldLogin,
  request: AuthorizationRequest,
  { correlation }: Redemption,
): Promise<Redeemed> {
  const progress = JSON.parse(row.progress) as LoginProgress
  const scope = scopeOf({ request, progress })
  const ready = readySession(needs)
  const claims = claimsOf({ request, progress, tenant })
  const asked = scope.split(' ').includes('openid')
  const idToken = asked ? await makeIdToken(needs, tenant, client, claims, { accessToken: ready.token }) : undefined
  const unit = (current: Tenant) => issue(needs, current, { client, row, progress, scope, ready, correlation })
  const granted = await decide<Granted | Refusal>(needs, tenant, unit, current =>
    needs.book.load(current, client.clientId),
  )
  if (granted instanceof Refusal) {
    // Of two who showed it at the same moment one has stolen it, too.
    if (granted.reason === USED) await revokeWinner(needs, tenant, row.id, correlation)
    throw granted
  }
  return { ...granted, scope, idToken }
}

const USED = 'used'

type Owned = { readonly policy: string }
const NONE: readonly Owned[] = []

type Granted = Pick<Redeemed, 'token' | 'expires_in_seconds'>

interface Issue {
  readonly client: KnownClient
  readonly row: HeldLogin
  readonly progress: LoginProgress
  readonly scope: string
  readonly ready: ReturnType<typeof readySession>
  readonly correlation: string
}

function* issue(
  needs: LoginNeeds,
  tenant: Tenant,
  { client, row, progress, scope, ready, correlation }: Issue,
): Unit<Granted | Refusal | typeof STALE> {
  const { proofs, logins, recorder, clock } = needs
  const last = lastProof(progress)
  const user = progress.user?.id ?? 0
  const [[standing], owned = NONE] = yield* together(
    proofs.standingOf(tenant.number, user, last.policy),
    ...(progress.second ? [logins.ownedBy(tenant.number, user)] : []),
  )
  // Before anything is written: what a unit wrote stands, also when it says that it was stale.
  if (standing === undefined || standing.version > tenant.version) return STALE
  const redeemed = yield* first(logins.redeem(tenant.number, row.id, ready.id, clock.now()))
  const policy = tenant.configuration.findPolicy(last.policy)
  const obstacle = policy ? obstacleOf(standing, progress, owned) : 'no_policy'
  if (redeemed === undefined) return refused('used')
  const event = recorder.record(tenant.number, {
    action: 'redeemCode',
    result: obstacle === undefined ? 'SUCCESS' : 'FAILURE',
    ...(obstacle === undefined ? {} : { reason: obstacle }),
    actor: { kind: 'client', id: client.clientId },
    ...(user > 0 ? { user } : {}),
    parameters: { ATC: last.policy, COI: correlation, TEXT1: String(row.id) },
  })
  if (obstacle !== undefined || !policy) {
    yield event.queries
    return refused(obstacle ?? 'no_policy')
  }
  const { queries, grant } = openSession(needs, tenant, {
    user,
    client: client.clientId,
    policy,
    amr: amrOf(progress),
    scope,
    device: last.device ?? progress.first?.device ?? null,
    event: event.id,
    now_ms: clock.now(),
    ready,
    level: last.acr ?? policy.levelOfAssurance,
  })
  yield [...event.queries, ...queries]
  return grant
}

/** The fourth moment: who was disabled since he proved himself, or whose factors were, gets nothing. */
function obstacleOf(
  { active, status }: Standing,
  { first: one, second }: LoginProgress,
  owned: readonly Owned[],
): string | undefined {
  if (!active) return 'user_disabled'
  if (status !== 'ENABLED') return 'authenticator_disabled'
  const stands = !second || owned.some(({ policy }) => policy === one?.policy)
  return stands ? undefined : 'first_authenticator_disabled'
}

async function revokeWinner(needs: LoginNeeds, tenant: Tenant, id: number, correlation: string): Promise<void> {
  const row = await needs.store.read(tenant.number, () => first(needs.logins.login(tenant.number, id)))
  if (row?.state === 'REDEEMED') await revoke(needs, tenant, row, correlation)
}

/** Two show the same code: one of them has stolen it. */
async function revoke(needs: LoginNeeds, tenant: Tenant, row: HeldLogin, correlation: string): Promise<void> {
  const { store, logins, recorder, clock } = needs
  const { session } = row
  if (session === null) return
  await store.write(tenant.number, function* () {
    const event = recorder.record(tenant.number, {
      action: 'redeemCode',
      result: 'FAILURE',
      reason: 'replayed',
      actor: { kind: 'client', id: row.client },
      ...(row.userId === null ? {} : { user: row.userId }),
      parameters: { COI: correlation, TEXT1: String(row.id) },
    })
    yield [logins.endSession(tenant.number, session, clock.now()), ...event.queries]
  })
}

const refused = (reason: string) =>
  new Refusal('invalid_grant', 'The code is not known, was used, or is not of this request.', { reason })
