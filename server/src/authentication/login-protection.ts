/**
 * What protects an enrolment: a factor named by `protectionFactor`, proved in this very login and not long ago (POST `enroll/code`). It
 * signs nobody in, and a factor that signed somebody in stands for it only when it is of the same policy. Whoever enrols a passkey or a
 * card asks `protectedBy`, and gets nobody where anything is unclear (security.md H4, R1).
 */
import type { Stepped } from '#authentication/login-answer.ts'
import { type Given, policyOf } from '#authentication/login-factor.ts'
import type { Found, Login } from '#authentication/login-find.ts'
import type { LoginNeeds } from '#authentication/login-needs.ts'
import { proofOf } from '#authentication/login-prove.ts'
import { allProved } from '#authentication/login-proved.ts'
import { alongside, behind, isOver, moved, ownedIn, type Right, workflowOf, wrong } from '#authentication/login-step.ts'
import type { LoginUser, ProvedProtection } from '#domain/login.ts'
import { Refusal } from '#domain/refusal.ts'
import { type EnrolAction, PROTECTING, type ProtectionFactor } from '#workflow/enrolment.ts'
import { nextStep } from '#workflow/next-step.ts'
import { enrolActionsOf } from '#workflow/offered-actions.ts'
import type { Workflow } from '#workflow/workflow.ts'

/** How long after it a key may be enrolled. */
const FRESH_MS = 600_000

/** `grant_type=password` of `enroll/code`. */
export async function protectStep(needs: LoginNeeds, { login, person }: Found, given: Given): Promise<Stepped> {
  if (isOver(login)) return { login, answer: { kind: 'over' } }
  const factor = namedProtection(workflowOf(login), given.policy)
  // Its tries are its own, also where a factor of the login has the same id.
  const step = { id: `protect ${factor.id}`, ...(factor.retry === undefined ? {} : { retry: factor.retry }) }
  const at_ms = needs.clock.now()
  let right: Right | undefined
  const verdict = await needs.authentication.prove(login.tenant, {
    ...proofOf(login, factor, given.name, given),
    alongside: alongside(needs, login, step, ({ user, amr }) => {
      const same = person !== undefined && user === person.id
      right = same
        ? rightOf(login, {
            protectionFactorId: factor.id,
            policy: factor.code,
            user: { id: person.id, externalId: person.externalId, name: given.name },
            ...{ amr, at_ms },
          })
        : undefined
      return right
    }),
  })
  if (verdict.outcome === 'rejected') return { login, answer: await wrong(needs, login, step, verdict.reason) }
  if (!right) return { login, answer: { kind: 'wrong', left: undefined } }
  const expiresIn_seconds = verdict.expiresAt_ms == null ? undefined : Math.floor((verdict.expiresAt_ms - at_ms) / 1000)
  return { login: moved(login, right), answer: { kind: 'protected', expiresIn_seconds } }
}

const rightOf = ({ progress, row }: Login, protection: ProvedProtection): Right => ({
  progress: { ...progress, protection },
  csrf: row.csrf,
})

/** Only what protects something that the workflow offers. */
function namedProtection(workflow: Workflow, policy: string): ProtectionFactor {
  const offered = offeredEnrolments(workflow).map(({ protectionFactor }) => protectionFactor?.id)
  const factor = workflow.protectionFactors.find(({ id, code }) => code === policy && offered.includes(id))
  if (!factor) throw new Refusal('invalid_request', 'authType protects no enrolment of this workflow.')
  if (!PROTECTING.includes(factor.class)) {
    throw new Refusal('invalid_request', `An enrolment is not protected by a factor of class ${factor.class} here.`)
  }
  return factor
}

/** What a workflow lets people enrol, whoever they are: each that a factor of it names. */
function offeredEnrolments(workflow: Workflow): readonly EnrolAction[] {
  const { firstFactors, secondFactors } = workflow
  return [...new Set([...firstFactors, ...secondFactors].flatMap(factor => enrolActionsOf(workflow, factor)))]
}

/** The enrolment that a call means by its policy; `fits` tells what else it says. */
export function namedEnrolment(
  workflow: Workflow,
  kind: EnrolAction['class'],
  fits: (action: EnrolAction) => boolean,
): EnrolAction {
  const action = offeredEnrolments(workflow).find(one => one.class === kind && fits(one))
  if (!action) throw new Refusal('invalid_request', 'authType is no enrolment of this login.')
  return action
}

/**
 * For whom this may be enrolled now; undefined: for nobody. Without a protection factor it is the person who signed in, by all factors once
 * he has one of this policy, so that half a sign-in adds no key beside his own; or whom the client names, when it shows its own
 * token with the call (`byClient`): an administrator wrote the workflow that asks for nothing more.
 */
export async function protectedBy(
  needs: LoginNeeds,
  found: Found,
  action: EnrolAction,
  byClient: boolean,
): Promise<LoginUser | undefined> {
  const { login, person, name } = found
  if (isOver(login)) return undefined
  const user = action.protectionFactor
    ? provedUser(login, action, needs.clock.now())
    : await unprotectedUser(needs, found, action, byClient)
  if (user === undefined || (login.progress.user !== undefined && login.progress.user.id !== user.id)) return undefined
  // Whom the call names, if anybody, is he.
  return name === undefined || person?.id === user.id ? user : undefined
}

function provedUser({ progress, workflow }: Login, action: EnrolAction, now: number): LoginUser | undefined {
  const factor = workflow?.protectionFactors.find(({ id }) => id === action.protectionFactor?.id)
  if (!factor) return undefined
  const { protection, first, second, user } = progress
  if (protection?.protectionFactorId === factor.id && isFresh(protection, now)) return protection.user
  const same = [first, second].some(one => one?.policy === factor.code && isFresh(one, now))
  return same ? user : undefined
}

const isFresh = ({ at_ms }: { readonly at_ms: number }, now: number) => now - at_ms < FRESH_MS

async function unprotectedUser(
  needs: LoginNeeds,
  { login, person, name }: Found,
  action: EnrolAction,
  byClient: boolean,
): Promise<LoginUser | undefined> {
  const { user } = login.progress
  if (user !== undefined) {
    const owned = await ownedIn(needs, login, person)
    // Who has a second factor to show does not make himself another one instead (security.md R1).
    const next = nextStep(workflowOf(login), behind(login, owned))
    const asked = next.step === 'second' && next.factors.some(({ code }) => owned.has(code))
    const has = asked || owned.has(policyOf(login, action.code).code)
    return !has || (await allProved(needs, login, person)) ? user : undefined
  }
  if (!byClient || person === undefined || name === undefined) return undefined
  return { id: person.id, externalId: person.externalId, name }
}

/** The protection that stands now, for the page. */
export function standingProtection({ progress }: Login, now: number): ProvedProtection | undefined {
  return progress.protection && isFresh(progress.protection, now) ? progress.protection : undefined
}
