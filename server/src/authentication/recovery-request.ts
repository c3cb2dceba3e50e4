/**
 * Somebody has forgotten his password and asks for a code by mail or SMS. Always the same answer, the same statements and one row of the
 * outbox, whoever is named: for somebody who gets none, code and message are decoys (security.md E1). A newer code ends the older. The
 * link of a message leads to the configured origin, never to what a request said of itself (R2).
 */
import { mayChangeExpired, obstacleOf } from '#authentication/may-authenticate.ts'
import { spendMessage } from '#authentication/message-budgets.ts'
import { composeMessage, type OwnTemplates, validityText } from '#authentication/message-text.ts'
import { addressFor, messageNews } from '#authentication/messages.ts'
import type { Alongside } from '#authentication/proof.ts'
import type { RecoveryNeeds } from '#authentication/recovery-needs.ts'
import { linkOf, makeCode } from '#authentication/recovery-secret.ts'
import { reserveStep } from '#authentication/reserve-step.ts'
import { type Asking, passwordEvent } from '#authentication/set-password.ts'
import { decide, STALE } from '#domain/deciding-unit.ts'
import type { UserId } from '#domain/ids.ts'
import type { MessageMethod } from '#domain/parcel.ts'
import type { Policy } from '#domain/policy.ts'
import type { RecoveryRow } from '#domain/ports/recovery-queries.ts'
import { type Query, together, type Unit } from '#domain/ports/store.ts'
import type { Tenant } from '#domain/tenant.ts'
import { nameKey } from '#domain/user.ts'

const VALID_SECONDS = 900
const HOUR_MINUTES = 60
const MINUTE_MS = 60_000
/** security.md M1. */
const CODES_AN_HOUR = 3
/** Who presses twice gets one message. */
const SAME_REQUEST_MS = 10_000
const DECOYS = 64
const BUDGET = 'password_resets'

export interface ResetRequest extends Asking {
  readonly name: string
  readonly policy: Policy
  readonly action: {
    readonly id: string
    readonly validity_seconds?: number
    readonly methods: readonly { readonly method: MessageMethod; readonly template: string; readonly html: boolean }[]
  }
  readonly method: MessageMethod
  readonly client: string
  /** What the person knows the client by. */
  readonly application: string
  /** The configured public origin. */
  readonly origin: string
  /** The login where alone the code will count; undefined: outside of any. */
  readonly loginId: number | undefined
  /** Of that login; no message has it, a link opens no login. */
  readonly requestUri?: string
  /** Asked for a try; nothing is settled, because nobody was proved and nothing was wrong. */
  readonly alongside?: Pick<Alongside, 'reserve'>
}

export async function requestReset(
  needs: RecoveryNeeds,
  tenant: Tenant,
  request: ResetRequest,
): Promise<{ readonly sent: MessageMethod }> {
  await decide<true>(needs, tenant, current => unit(needs, current, request))
  needs.nudge()
  return { sent: request.method }
}

interface Known {
  readonly user: UserId
  /** Where the message goes; undefined with a reason. */
  readonly to: string | undefined
  readonly reason: string | undefined
  readonly passwordVersion: number
  readonly language: string | null
}

function* unit(needs: RecoveryNeeds, tenant: Tenant, request: ResetRequest): Unit<true | typeof STALE> {
  const { recoveries, happenings, handles, codes, random, clock } = needs
  const { policy, action, method } = request
  const known = yield* find(needs, tenant, request)
  if (known === STALE) return STALE
  const tries = yield* reserveStep(request)
  const reached = tries === 'over' ? { ...known, to: undefined, reason: known.reason ?? 'login_over' } : known
  const { user, to, reason } = yield* budgeted(needs, tenant, request, reached)

  const now = clock.now()
  const validity = action.validity_seconds ?? VALID_SECONDS
  const id = happenings.next()
  const code = makeCode(random)
  const { text, proof } = handles.make('reset', id)
  const values = {
    secret: code,
    link: linkOf(request.origin, tenant.name, text),
    application: request.application,
    validity: validityText(validity),
  }
  const said = composeMessage(tenant.configuration, {
    ...{ purpose: 'reset', method, values, templates: templatesOf(action) },
    ...(known.language === null ? {} : { language: known.language }),
  })
  const expiresAt = now + validity * 1000
  const row = {
    ...{ user: to === undefined ? decoyOf(request.name) : user, policy: policy.code, id, action: action.id },
    ...{ client: request.client, login: request.loginId ?? 0, method, passwordVersion: known.passwordVersion },
    ...{ codeProof: codes.codeProof(tenant.number, id, code), linkProof: proof, createdAt: now, expiresAt },
  }
  const news = messageNews(needs, tenant, { user, method, to, ...said, purpose: 'reset', notAfter: expiresAt })
  const told = { action: 'requestPasswordReset', user, policy: policy.code, reason } as const
  yield [recoveries.put(tenant.number, row), ...news.queries, ...passwordEvent(needs, tenant, told, request)]
  return true
}

function* find(
  { proofs, users, recoveries, authenticators, messages, clock }: RecoveryNeeds,
  tenant: Tenant,
  { name, policy, action, method, loginId: login = 0 }: ResetRequest,
): Unit<Known | typeof STALE> {
  const [[now]] = yield* together(proofs.standing(tenant.number, name, policy.code))
  if (now === undefined || now.version > tenant.version) return STALE
  const user = now.user ?? 0
  // Held first, so that one of many requests at once finds none before it.
  const [, [open], [kept], [where]] = yield* together(
    users.heldUser(tenant.number, user),
    recoveries.recovery(tenant.number, user, policy.code),
    authenticators.password(tenant.number, user, policy.code),
    messages.addresses(tenant.number, user),
  )
  const now_ms = clock.now()
  const to = action.methods.some(one => one.method === method) ? addressFor(method, where) : undefined
  const obstacle = obstacleOf(policy, now, now_ms)
  const reasons = [
    obstacle === 'authenticator_expired' && mayChangeExpired(policy, kept?.expiredChanges) ? undefined : obstacle,
    to === undefined ? 'no_address' : undefined,
    open && isRepeated(open, { action: action.id, method, login }, now_ms) ? 'repeated' : undefined,
  ]
  const reason = reasons.find(one => one !== undefined)
  return {
    ...{ user, reason, to: reason === undefined ? to : undefined },
    ...{ passwordVersion: kept?.version ?? 0, language: where?.language ?? null },
  }
}

const isRepeated = (
  { usedAt, createdAt, ...open }: RecoveryRow,
  asked: { readonly action: string; readonly method: string; readonly login: number },
  now_ms: number,
) =>
  usedAt === null &&
  now_ms - createdAt < SAME_REQUEST_MS &&
  open.action === asked.action &&
  open.method === asked.method &&
  open.login === asked.login

/** Counts in this unit, so that parallel requests meet the same limits; for whoever gets none on rows that bound nothing. */
function* budgeted(
  needs: RecoveryNeeds,
  tenant: Tenant,
  { method, name }: ResetRequest,
  known: Known,
): Unit<Pick<Known, 'user' | 'to' | 'reason'>> {
  const minutes = Math.floor(needs.clock.now() / MINUTE_MS)
  // Numbered by the minute in which it ends, so that whoever sweeps old periods needs not know how long they are.
  const period = (Math.floor(minutes / HOUR_MINUTES) + 1) * HOUR_MINUTES
  const [subject, limit] =
    known.to === undefined ? [String(decoyOf(name)), Number.MAX_SAFE_INTEGER] : [String(known.user), CODES_AN_HOUR]
  const taking: Query<object> = needs.budgets.takeSlice(tenant.number, { name: BUDGET, subject, period }, 1, limit)
  const [taken] = yield* together(taking)
  const own = taken.length > 0 ? known.to : undefined
  const may = yield* spendMessage(needs, tenant, { user: known.user, method, to: own })
  return {
    user: known.user,
    to: may ? own : undefined,
    reason: known.reason ?? (may ? undefined : 'budget'),
  }
}

/** Whose row a decoy stands in: spread, so that requests for nobody do not wait for one another. */
function decoyOf(name: string): UserId {
  let sum = 0
  for (const character of nameKey(name)) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % DECOYS
  return -1 - sum
}

function templatesOf({ methods }: ResetRequest['action']): OwnTemplates {
  const of = (method: MessageMethod) => methods.find(one => one.method === method)
  const [email, sms] = [of('email'), of('sms')]
  return { ...(email === undefined ? {} : { email }), ...(sms === undefined ? {} : { sms }) }
}
