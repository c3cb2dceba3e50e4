/**
 * Push as a factor of a login: the first call asks the person on his device, each one after it looks whether he has answered. A look is a
 * read and no attempt; however often it is started, one login asks once. What is answered is taken over in one unit, at the fourth
 * moment of an approval (security.md C1): whoever was locked or disabled meanwhile does not come in.
 */
import { bodyOf, issueObstacle } from '#authentication/approval-view.ts'
import type { Stepped } from '#authentication/login-answer.ts'
import { type Given, policyOf } from '#authentication/login-factor.ts'
import { changeOf, type Login } from '#authentication/login-find.ts'
import type { LoginNeeds } from '#authentication/login-needs.ts'
import { afterProofs, afterSecond, moved, TOO_MANY } from '#authentication/login-step.ts'
import { decide, LostRace } from '#domain/deciding-unit.ts'
import type { LoginProgress, StartedApproval } from '#domain/login.ts'
import type { Policy } from '#domain/policy.ts'
import type { ApprovalStanding } from '#domain/ports/approval-queries.ts'
import { first, together, type Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { SecondFactor } from '#workflow/factor.ts'
import { isExhausted } from '#workflow/retry.ts'

/** For workflows that do not say how long they wait. */
const WAIT_SECONDS = 60
/** Somebody who began to ask and never came back with it. */
const OPENING_MS = 15_000

export async function pushStep(needs: LoginNeeds, login: Login, factor: SecondFactor, given: Given): Promise<Stepped> {
  const started = login.progress.approval
  const same = started?.factorId === factor.id && (given.device === undefined || started.device === given.device)
  if (!started || !same) return ask(needs, login, factor, given)
  if (started.id === 0) {
    if (needs.clock.now() - started.at_ms > OPENING_MS) return ask(needs, login, factor, given)
    return { login, answer: { kind: 'pending', number: started.number } }
  }
  return look(needs, login, factor, started)
}

/** The login first says that it asks, then asks: of two calls at once one does. */
async function ask(needs: LoginNeeds, login: Login, factor: SecondFactor, given: Given): Promise<Stepped> {
  const policy = policyOf(login, factor.code)
  const now = needs.clock.now()
  const device = given.device === undefined ? {} : { device: given.device }
  const opening = { factorId: factor.id, id: 0, at_ms: now, ...device }
  const begun = await tried(needs, login, factor, { ...login.progress, approval: opening })
  if (begun === undefined) return { login, answer: { kind: 'over' } }
  const number = login.client.document.numberMatching === true ? twoDigits(needs) : undefined
  try {
    const { id } = await needs.approvals.open(login.tenant, openingOf(login, factor, policy, given, number))
    const approval: StartedApproval = { ...opening, id, ...(number === undefined ? {} : { number }) }
    const after = await kept(needs, begun, { ...begun.progress, approval })
    return { login: after, answer: { kind: 'pending', number } }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { approval: _, ...without } = begun.progress
    await kept(needs, begun, without)
    // Of this person it is known by now who he is; that none of his devices can be asked is no secret to him.
    throw error.code === 'unknown_user_id' ? new Refusal('transaction_failed') : error
  }
}

function openingOf(
  login: Login,
  factor: SecondFactor,
  policy: Policy,
  given: Given,
  number: string | undefined,
): Parameters<LoginNeeds['approvals']['open']>[1] {
  const { client, request, progress } = login
  const where = new URL(request.redirectUri)
  return {
    client,
    name: progress.user?.name ?? '',
    device: given.device,
    policy,
    channel: client.document.userChannel,
    scope: 'openid',
    session: false,
    dialect: 'portal',
    delivery: 'poll',
    body: {
      tds: `Sign in to ${client.document.name}`,
      ...(number === undefined ? {} : { number }),
      issuer: request.issuer,
      clientName: client.document.name,
      ...(where.origin === 'null' ? {} : { clientOrigin: where.origin }),
    },
    life_ms: (factor.push.pollTimeout_seconds ?? WAIT_SECONDS) * 1000,
    correlation: given.correlation,
  }
}

async function look(needs: LoginNeeds, login: Login, factor: SecondFactor, started: StartedApproval): Promise<Stepped> {
  const { store, approvalRows, clock } = needs
  const { tenant } = login
  const standing = await store.read(tenant.number, () => first(approvalRows.standing(tenant.number, started.id, 0)))
  const now = clock.now()
  if (standing?.state === 'OPEN' && now < standing.expiresAt) {
    return { login, answer: { kind: 'pending', number: started.number } }
  }
  const answered = standing?.state === 'ANSWERED' && now < standing.collectUntil
  if (answered && standing.positive === 1) return taken(needs, login, factor, standing)
  const { approval: _, ...progress } = login.progress
  return { login: await kept(needs, login, progress), answer: { kind: answered ? 'denied' : 'not answered' } }
}

async function taken(
  needs: LoginNeeds,
  login: Login,
  factor: SecondFactor,
  standing: ApprovalStanding,
): Promise<Stepped> {
  const { logins, approvalRows, recorder, clock } = needs
  const { tenant, row } = login
  const now = clock.now()
  const right = afterSecond(login, factor, { amr: ['swk'], device: standing.device ?? undefined }, now)
  const done = await decide(needs, tenant, function* (): Unit<'taken' | 'obstacle' | 'moved'> {
    const current = yield* first(approvalRows.standing(tenant.number, standing.approval, 0))
    if (current?.collectedAt !== null || current.forUser !== login.progress.user?.id) return 'moved'
    const obstacle = issueObstacle(needs, tenant, current)
    const event = recorder.record(tenant.number, {
      action: 'primaryAuthenticatePush',
      result: obstacle === undefined ? 'SUCCESS' : 'FAILURE',
      ...(obstacle === undefined ? {} : { reason: obstacle }),
      actor: { kind: 'client', id: login.client.clientId },
      user: current.forUser,
      parameters: { ATC: current.policy, TEXT1: String(standing.approval) },
    })
    if (obstacle !== undefined) {
      yield event.queries
      return 'obstacle'
    }
    const written = yield* together(
      logins.change(tenant.number, row.id, changeOf(login, now, right.progress)),
      approvalRows.collect(tenant.number, standing.approval, now),
    )
    // An answer is used up only together with the step that it proves.
    if (written.some(rows => rows.length === 0)) throw new LostRace('the login or its approval moved meanwhile')
    yield event.queries
    return 'taken'
  })
  if (done === 'obstacle') {
    const { approval: _, ...progress } = login.progress
    return { login: await kept(needs, login, progress), answer: { kind: 'denied' } }
  }
  if (done === 'moved') return { login, answer: { kind: 'pending', number: bodyOf(tenant, standing).number } }
  const after = moved(login, right)
  return { login: after, answer: await afterProofs(needs, after, undefined) }
}

/** Takes one of the tries, like a wrong password would, and writes; undefined when they are up. */
async function tried(
  needs: LoginNeeds,
  login: Login,
  factor: SecondFactor,
  progress: LoginProgress,
): Promise<Login | undefined> {
  const { store, logins, clock } = needs
  const { tenant, row } = login
  const limit = (factor.retry ?? 20) + 1
  const outcome = await store.write(tenant.number, function* () {
    const taken = yield* first(logins.takeTry(tenant.number, row.id, factor.id, limit, row.revision))
    if (!taken) return 'moved'
    const over = isExhausted({ retry: limit }, taken.tries)
    const written = over ? { ...login.progress, error: TOO_MANY } : progress
    const changed = yield* first(logins.change(tenant.number, row.id, changeOf(login, clock.now(), written)))
    return changed === undefined ? 'moved' : over ? 'over' : 'begun'
  })
  if (outcome === 'over') return undefined
  if (outcome === 'moved') throw new Refusal('authorization_pending')
  return { ...login, progress, row: { ...row, revision: row.revision + 1 } }
}

async function kept(needs: LoginNeeds, login: Login, progress: LoginProgress): Promise<Login> {
  const { store, logins, clock } = needs
  const { tenant, row } = login
  const change = changeOf(login, clock.now(), progress)
  const done = await store.write(tenant.number, () => first(logins.change(tenant.number, row.id, change)))
  return done ? { ...login, progress, row: { ...row, revision: row.revision + 1 } } : login
}

/** 10 to 99, each as likely. */
function twoDigits({ random }: LoginNeeds): string {
  for (;;) {
    const [byte = 255] = random.bytes(1)
    if (byte < 180) return String(10 + (byte % 90))
  }
}
