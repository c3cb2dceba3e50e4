/**
 * The unit that sends a code at a log-on: is the person known, is the activation code right where one is shown, by which way, and out
 * with it. An activation code is guarded like a password: an attempt is reserved before it is compared, and given back when it was
 * right, because nobody has signed in by it.
 */
import type { Attempt } from '#authentication/attempt.ts'
import { findAttempt } from '#authentication/find-attempt.ts'
import { maskedAddress, type OwnTemplates } from '#authentication/message-text.ts'
import type { OutOfBandNeeds } from '#authentication/oob-needs.ts'
import { openCode } from '#authentication/oob-open.ts'
import { oobSettingsOf, type Road, roadFor } from '#authentication/oob-road.ts'
import type { Alongside, Proof, Verdict } from '#authentication/proof.ts'
import { judgeCode } from '#authentication/prove-with-oob.ts'
import { reserveStep, within } from '#authentication/reserve-step.ts'
import { LostRace, STALE } from '#domain/deciding-unit.ts'
import type { Actor } from '#domain/event.ts'
import type { UserId } from '#domain/ids.ts'
import { activationPlace } from '#domain/oob.ts'
import type { MessageMethod } from '#domain/parcel.ts'
import type { Policy } from '#domain/policy.ts'
import type { OobRegistration } from '#domain/ports/oob-queries.ts'
import { type Query, together, type Unit } from '#domain/ports/store.ts'
import { sameText } from '#domain/same-text.ts'
import type { Tenant } from '#domain/tenant.ts'

export interface CodeRequest {
  readonly name: string
  /** With the factor `oob`. */
  readonly policy: Policy
  /** Absent, empty or `null`: none is shown. */
  readonly activationCode: string | undefined
  /** A step of a login proved the person before: no activation code is asked for. */
  readonly skipActivation: boolean
  /** Absent: the server picks. */
  readonly method: MessageMethod | undefined
  /** Of a workflow; absent: the tenant's. */
  readonly templates: OwnTemplates | undefined
  /** Who asks, as the person knows it: the name of the client. */
  readonly application: string
  readonly channel: string
  readonly client: string
  readonly actor: Actor
  readonly correlation: string
  /**
   * `settle` is told a person when somebody stands there who may have codes under this policy and has shown what is asked for:
   * the right activation code, or none where none is asked for.
   */
  readonly alongside?: Alongside
  /** What is shown may also be the code that was sent, to be proved then: the same text comes by the same call. */
  readonly orCode?: Proof
}

export type CodeAnswer =
  | {
      readonly outcome: 'sent'
      /** 0: nobody, or nobody who may have codes; the caller's own answer must not show it. */
      readonly user: UserId
      readonly method: MessageMethod
      /** Masked; only where the person was proved (activation code, or an earlier step) and there is a way to him. */
      readonly to: string | undefined
    }
  | { readonly outcome: 'rejected'; readonly reason: string }

/** Within this time a second request for the same is a double click, or a retry of the network. */
const REPEAT_MS = 10_000

export function* sendCode(
  needs: OutOfBandNeeds,
  tenant: Tenant,
  request: CodeRequest,
): Unit<CodeAnswer | Verdict | typeof STALE> {
  const { proofs, oob, messages } = needs
  const { policy, alongside } = request
  const found = yield* findAttempt(needs, tenant, request)
  if (found === STALE) return STALE
  const { user, attempt, now } = found
  const step = yield* reserveStep(request)
  const shown = shownIn(request)
  const [[registration], [code], [addresses], slots = []] = yield* together(
    oob.registration(tenant.number, user, policy.code),
    oob.code(tenant.number, user, policy.code),
    messages.addresses(tenant.number, user),
    ...(shown === undefined
      ? []
      : [proofs.reserve(tenant.number, { ...within(attempt, step), user, policy: policy.code, at: now })]),
  )
  const own = slots[0]?.started
  const obstacle = obstacleOf(tenant, {
    user,
    policy,
    attempt,
    step,
    registration,
    shown,
    own,
    skip: request.skipActivation,
  })
  const known = { user, own, now, tries: typeof step === 'number' ? step : undefined }
  if (step === 'over' || (shown !== undefined && obstacle !== undefined)) {
    if (request.orCode) return yield* judgeCode(needs, tenant, request.orCode, { ...found, step, own })
    return yield* rejected(needs, tenant, request, known, obstacle ?? 'login_over')
  }

  const road =
    obstacle === undefined && registration && addresses
      ? roadFor(tenant, { policy, registration, addresses, asked: request.method, everywhere: needs.inboxHere })
      : undefined
  const repeated =
    road !== undefined && code?.method === road.method && code.triesLeft > 0 && code.createdAt > now - REPEAT_MS
  const proved = shown !== undefined || request.skipActivation
  const opened = yield* openCode(needs, tenant, {
    user,
    proved,
    policy,
    settings: registration && oobSettingsOf(tenant, registration),
    road: repeated ? undefined : road,
    method: usualMethod(request),
    repeat_ms: REPEAT_MS,
    says: {
      kind: 'code',
      application: request.application,
      templates: request.templates,
      language: addresses?.language ?? undefined,
    },
  })
  const reason = obstacle ?? (road ? (repeated ? undefined : opened.obstacle) : 'no_road')
  const accepted =
    obstacle === undefined ? { user, amr: shown === undefined ? [] : ['pin'], device: undefined } : undefined
  yield* written(
    [
      ...opened.queries,
      ...eventOf(needs, tenant, request, user, road?.method, reason === 'repeated' ? undefined : reason),
      ...(own === undefined ? [] : [oob.giveBack(tenant.number, user, policy.code)]),
    ],
    alongside && known.tries !== undefined ? alongside.settle(accepted, known.tries) : [],
  )
  return answerOf(request, obstacle === undefined ? user : 0, proved ? road : undefined)
}

function answerOf(request: CodeRequest, user: UserId, road: Road | undefined): CodeAnswer {
  return {
    outcome: 'sent',
    user,
    method: road?.method ?? usualMethod(request),
    to: road && maskedAddress(road.method, road.to),
  }
}

/** The word `null` means none (tolerance T11). */
function shownIn({ activationCode, skipActivation }: CodeRequest): string | undefined {
  if (skipActivation || !activationCode || activationCode === 'null') return undefined
  return activationCode
}

/** What is told to whoever has proved nothing must not depend on whom he names. */
const usualMethod = ({ method, policy }: CodeRequest): MessageMethod => method ?? policy.methods?.[0] ?? 'sms'

interface Judged {
  readonly user: UserId
  readonly policy: Policy
  readonly attempt: Attempt
  readonly step: number | 'over' | undefined
  readonly registration: OobRegistration | undefined
  readonly shown: string | undefined
  readonly own: number | undefined
  readonly skip: boolean
}

function obstacleOf(tenant: Tenant, judged: Judged): string | undefined {
  const { user, policy, attempt, step, registration, shown, own, skip } = judged
  if (step === 'over') return 'login_over'
  if (attempt.obstacle !== undefined) return attempt.obstacle
  if (shown !== undefined && own === undefined) return 'locked'
  if (!registration) return 'not_registered'
  if (skip) return undefined
  if (registration.activation === null) return shown === undefined ? undefined : 'wrong'
  const expected = Buffer.from(
    tenant.sealer.unseal(activationPlace(user, policy.code), registration.activation),
  ).toString('utf8')
  // Compared also with nothing, which is never right.
  const fits = sameText(expected, shown ?? '')
  return fits && shown !== undefined ? undefined : shown === undefined ? 'no_activation_code' : 'wrong'
}

interface Known {
  readonly user: UserId
  readonly own: number | undefined
  readonly now: number
  readonly tries: number | undefined
}

function* rejected(
  needs: OutOfBandNeeds,
  tenant: Tenant,
  request: CodeRequest,
  { user, own, now, tries }: Known,
  reason: string,
): Unit<CodeAnswer> {
  const counters = needs.proofs.settle(tenant.number, {
    user: own === undefined ? 0 : user,
    policy: request.policy.code,
    own: own ?? 0,
    accepted: false,
    at: now,
    channel: request.channel,
    device: null,
    uses: -1,
  })
  yield* written(
    [counters, ...eventOf(needs, tenant, request, user, undefined, reason)],
    request.alongside && tries !== undefined ? request.alongside.settle(undefined, tries) : [],
  )
  return { outcome: 'rejected', reason }
}

function* written(queries: readonly Query[], must: readonly Query<object>[]): Unit<void> {
  const rows = yield [...queries, ...must]
  if (rows.slice(queries.length).some(one => one.length === 0)) {
    throw new LostRace('the login was moved by somebody else meanwhile')
  }
}

/** Where it went is told by the way alone, never by the address. */
function eventOf(
  { recorder }: OutOfBandNeeds,
  tenant: Tenant,
  { policy, channel, actor, correlation }: CodeRequest,
  user: UserId,
  method: MessageMethod | undefined,
  reason: string | undefined,
): readonly Query[] {
  return recorder.record(tenant.number, {
    action: 'deliverChallenge',
    result: reason === undefined ? 'SUCCESS' : 'FAILURE',
    ...(reason === undefined ? {} : { reason }),
    actor,
    ...(user > 0 ? { user } : {}),
    parameters: {
      ATC: policy.code,
      CHC: channel,
      COI: correlation,
      ...(method === undefined ? {} : { TEXT1: method }),
    },
  }).queries
}
