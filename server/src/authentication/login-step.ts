/**
 * What every step of a login shares: how it is moved by a proof (which try it takes, what stands in the row when it is right, when its
 * last try is spent), and what is asked for next. The row is written in the units of the proof itself, see `Alongside`.
 */

import { withAnyCard } from '#authentication/card-applications.ts'
import type { StepAnswer } from '#authentication/login-answer.ts'
import { consentNeeded } from '#authentication/login-consent.ts'
import { changeOf, type Login, type Person } from '#authentication/login-find.ts'
import type { LoginNeeds } from '#authentication/login-needs.ts'
import type { Accepted, Alongside } from '#authentication/proof.ts'
import type { LoginError, LoginProgress, ProvedFactor } from '#domain/login.ts'
import type { LoginChange } from '#domain/ports/login-queries.ts'
import { rowsOf } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import { nameKey } from '#domain/user.ts'
import type { Owned } from '#workflow/criteria.ts'
import type { Factor, FirstFactor, SecondFactor } from '#workflow/factor.ts'
import { type Next, nextStep } from '#workflow/next-step.ts'
import { isExhausted } from '#workflow/retry.ts'
import type { Workflow } from '#workflow/workflow.ts'

/** A factor or action without `retry`: the lockout of the policy alone counts. */
const MANY = 1000

export const TOO_MANY: LoginError = { error: 'access_denied', description: 'Too many wrong answers.' }
export const NO_TEMPLATE: LoginError = {
  error: 'no_template_found_for_criteria',
  description: 'User does not meet the access criteria, no authentication template applies',
  passing: true,
}

/** What a step asks to be written when it was right. */
export interface Right {
  readonly progress: LoginProgress
  /** Values rotate when a second factor is asked for. */
  readonly csrf: number
}

/** The tries of a factor or an action in this login, and what stands in its row after the proof. */
export function alongside(
  { logins, clock }: Pick<LoginNeeds, 'logins' | 'clock'>,
  login: Login,
  step: { readonly id: string; readonly retry?: number },
  right: (accepted: Accepted) => Right | undefined,
): Alongside {
  const { row, tenant } = login
  const write = (progress: LoginProgress, more: Partial<LoginChange> = {}) =>
    logins.change(tenant.number, row.id, changeOf(login, clock.now(), progress, more))
  return {
    reserve: logins.takeTry(tenant.number, row.id, step.id, step.retry ?? MANY, row.revision),
    settle(accepted, tries) {
      if (accepted) {
        const done = right(accepted)
        // A right answer that moves nothing (a password was changed, or the new one broke a rule) costs no try.
        return [done ? write(done.progress, { csrf: done.csrf }) : logins.giveTry(tenant.number, row.id, step.id)]
      }
      return isExhausted(step, tries) ? [write({ ...login.progress, error: TOO_MANY })] : []
    },
  }
}

export function workflowOf({ workflow }: Login): Workflow {
  if (!workflow) throw new Refusal('no_template_found_for_criteria')
  return workflow
}

/** Nothing goes on once an error stands that ends the login. */
export const isOver = ({ progress }: Login): boolean => progress.error !== undefined && progress.error.passing !== true

/** What the person of the login owns; of the one that is named before anybody proved who he is. */
export async function ownedIn(needs: LoginNeeds, login: Login, person: Person | undefined): Promise<Owned> {
  const { user } = login.progress
  if (user === undefined) return person?.owned ?? new Set()
  if (person?.id === user.id) return person.owned
  const { store, logins } = needs
  const { number } = login.tenant
  const rows = await store.read(number, () => rowsOf(logins.ownedBy(number, user.id)))
  return new Set(rows.map(({ policy }) => policy))
}

/** The name that a call gives must be that of whoever proved the first factor. */
export function sameUser({ progress }: Login, name: string | undefined): void {
  const { user } = progress
  if (user === undefined || name === undefined || name === '') return
  const key = nameKey(name)
  if (key !== nameKey(user.name) && key !== nameKey(user.externalId)) {
    throw new Refusal('invalid_request', 'The username is not that of the first factor.')
  }
}

export const behind = ({ request, progress, workflow, tenant }: Login, owned: Owned) => ({
  owned: workflow ? withAnyCard(tenant.configuration, workflow, owned) : owned,
  acrValues: request.acrValues,
  first: progress.first?.factorId,
  second: progress.second?.factorId,
})

function provedFactor(factor: Factor, accepted: Omit<Accepted, 'user'>, at_ms: number): ProvedFactor {
  const { policy = factor.code, identifiesOnly } = accepted
  const { id: factorId, acr } = identifiesOnly ? { id: factor.id } : factor
  return {
    factorId,
    policy,
    amr: factor.amr === undefined || identifiesOnly ? accepted.amr : [...new Set([...accepted.amr, factor.amr])],
    at_ms,
    ...(acr === undefined ? {} : { acr }),
    ...(accepted.device === undefined ? {} : { device: accepted.device }),
    ...(identifiesOnly ? { identifiesOnly } : {}),
  }
}

/** The login after its first factor; undefined when no way leads on from it for this person. */
export function afterFirst(
  login: Login,
  factor: FirstFactor,
  person: Person,
  name: string,
  accepted: Omit<Accepted, 'user'>,
  at_ms: number,
): { readonly right: Right; readonly next: Next } | undefined {
  const { error: _, ...before } = login.progress
  const progress: LoginProgress = {
    ...before,
    user: { id: person.id, externalId: person.externalId, name },
    first: provedFactor(factor, accepted, at_ms),
  }
  const next = nextStep(workflowOf(login), behind({ ...login, progress }, person.owned))
  if (next.step === 'no way on') return undefined
  return { right: { progress, csrf: login.row.csrf + (next.step === 'second' ? 1 : 0) }, next }
}

export function afterSecond(
  { row, progress: before }: Login,
  factor: SecondFactor,
  accepted: Omit<Accepted, 'user'>,
  now: number,
): Right {
  const { approval: _, sent: __, error: ___, ...kept } = before
  const { acr, ...proved } = provedFactor(factor, accepted, now)
  // What follows a card that proves nothing is one factor, whatever its acr says of two.
  const second = kept.first?.identifiesOnly || acr === undefined ? proved : { ...proved, acr }
  const progress: LoginProgress = { ...kept, second }
  return { progress, csrf: row.csrf }
}

/** What the answer says of a wrong one: how many tries are left, that the login is over, that the password must be changed. */
export async function wrong(
  needs: LoginNeeds,
  { tenant, row }: Login,
  { id, retry }: Pick<Factor, 'id' | 'retry'>,
  reason: string,
): Promise<StepAnswer> {
  if (reason === 'login_over') return { kind: 'over' }
  if (reason === 'password_expired') return { kind: 'change needed' }
  if (retry === undefined) return { kind: 'wrong', left: undefined }
  const { store, logins } = needs
  const rows = await store.read(tenant.number, () => rowsOf(logins.tries(tenant.number, row.id)))
  const tries = rows.find(({ what }) => what === id)
  const left = Math.max(0, retry - (tries?.tries ?? 0))
  return left === 0 ? { kind: 'over' } : { kind: 'wrong', left }
}

/** What is asked for when all factors are proved. */
export async function afterProofs(
  needs: LoginNeeds,
  login: Login,
  expiresAt_ms: number | null | undefined,
): Promise<StepAnswer> {
  if (await consentNeeded(needs, login)) return { kind: 'consent' }
  if (expiresAt_ms === undefined || expiresAt_ms === null) return { kind: 'ready' }
  return { kind: 'ready', expiresIn_seconds: Math.max(0, Math.floor((expiresAt_ms - needs.clock.now()) / 1000)) }
}

/** The login as the units of the step left it. */
export function moved(login: Login, { progress, csrf }: Right): Login {
  return { ...login, progress, row: { ...login.row, csrf, revision: login.row.revision + 1 } }
}
