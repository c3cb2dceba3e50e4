/**
 * What a page is to offer now (`flow`): the factors of the workflow that fit this person and this request, what may be done beside them,
 * the devices that can be asked. Where nothing fits, the error is kept in the login for its client. An unknown person gets what a
 * known one without any authenticator gets (security.md E1).
 */

import { consentNeeded } from '#authentication/login-consent.ts'
import { keepError } from '#authentication/login-error.ts'
import type { Login, Person } from '#authentication/login-find.ts'
import type { LoginNeeds } from '#authentication/login-needs.ts'
import { standingProtection } from '#authentication/login-protection.ts'
import { behind, isOver, NO_TEMPLATE, ownedIn, workflowOf } from '#authentication/login-step.ts'
import { deviceObstacle } from '#authentication/may-approve.ts'
import type { UserId } from '#domain/ids.ts'
import { together } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import { nameKey } from '#domain/user.ts'
import type { Action } from '#workflow/action.ts'
import type { Owned } from '#workflow/criteria.ts'
import type { EnrolAction, ProtectionFactor } from '#workflow/enrolment.ts'
import type { Factor, FirstFactor, SecondFactor } from '#workflow/factor.ts'
import { allPolicies, nextStep } from '#workflow/next-step.ts'
import { actionsOf, enrolActionsOf, nextActionOf } from '#workflow/offered-actions.ts'
import type { Workflow } from '#workflow/workflow.ts'

export interface OfferedDevice {
  readonly id: number
  readonly name: string
}

export interface FlowView {
  readonly login: Login
  readonly step: 'first' | 'second' | 'consent' | 'ready' | 'failed'
  /** As the caller or the client named him. */
  readonly name: string | undefined
  readonly first: readonly FirstFactor[]
  readonly second: readonly SecondFactor[]
  readonly actions: readonly Action[]
  readonly enrolActions: readonly EnrolAction[]
  /** What protects these. */
  readonly protectionFactors: readonly ProtectionFactor[]
  /** The one that was proved, while it is fresh. */
  readonly protection: string | undefined
  readonly devices: readonly OfferedDevice[]
}

/** `name` is what the call says; without it the one the client gave. */
export async function viewFlow(
  needs: LoginNeeds,
  login: Login,
  person: Person | undefined,
  name: string | undefined,
): Promise<FlowView> {
  const shownName = login.progress.user?.name ?? name
  const protection = standingProtection(login, needs.clock.now())?.protectionFactorId
  const nothing = { first: [], second: [], actions: [], enrolActions: [], protectionFactors: [], devices: [] }
  const empty = { login, name: shownName, protection, ...nothing }
  if (isOver(login)) return { ...empty, step: 'failed' }
  const workflow = workflowOf(login)
  const owned = shownName === undefined ? allPolicies(workflow) : await ownedIn(needs, login, person)
  const next = nextStep(workflow, behind(login, owned))
  const enrolments = enrolmentsOf(workflow, login)
  if (next.step === 'no way on') {
    const kept = await keepError(needs, login, NO_TEMPLATE)
    // Nobody comes in yet; who enrols what is offered may.
    if (login.progress.first !== undefined || enrolments.enrolActions.length === 0) {
      throw new Refusal('no_template_found_for_criteria')
    }
    return { ...empty, login: kept, step: 'first', ...enrolments }
  }
  const kept = await keepError(needs, login, undefined)
  if (next.step === 'proved') {
    const asked = await consentNeeded(needs, kept)
    return { ...empty, login: kept, step: asked ? 'consent' : 'ready' }
  }
  const first = next.step === 'first' ? next.factors : [next.first]
  const second = next.step === 'first' ? next.seconds : next.factors
  const user = login.progress.user?.id ?? person?.id
  return {
    login: kept,
    step: next.step,
    name: shownName,
    first,
    second,
    actions: offered(workflow, next.step === 'first' ? [...first, ...second] : second),
    ...enrolments,
    protection,
    devices: mayShowDevices(kept, shownName) ? await devicesFor(needs, kept, second, user, owned) : [],
  }
}

/** Also of factors that the person does not have: that is what enrolling is for. It tells nothing of him. */
function enrolmentsOf(workflow: Workflow, login: Login): Pick<FlowView, 'enrolActions' | 'protectionFactors'> {
  if (workflow.enrolActions.length === 0) return { enrolActions: [], protectionFactors: [] }
  const next = nextStep(workflow, behind(login, allPolicies(workflow)))
  const seconds = next.step === 'second' ? next.factors : []
  const factors = next.step === 'first' ? [...next.factors, ...next.seconds] : seconds
  const enrolActions = [...new Set(factors.flatMap(factor => enrolActionsOf(workflow, factor)))]
  const protecting = new Set(enrolActions.map(({ protectionFactor }) => protectionFactor?.id))
  return { enrolActions, protectionFactors: workflow.protectionFactors.filter(({ id }) => protecting.has(id)) }
}

/** With each reset the action that ends it, so that a page can show both. */
function offered(workflow: Workflow, factors: readonly Factor[]): readonly Action[] {
  const named = factors.flatMap(factor => actionsOf(workflow, factor))
  const ends = named.flatMap(action => {
    const end = nextActionOf(workflow, action)
    return end ? [end] : []
  })
  return [...new Set([...named, ...ends])]
}

/**
 * Before anybody proved who he is, names of his devices are for clients that can keep a secret: one that pushed his name, or whose
 * own front end asks. Whoever only types a name into a page is told none.
 */
function mayShowDevices({ progress, row, request }: Login, name: string | undefined): boolean {
  if (progress.user !== undefined || row.browser === null) return true
  return (
    request.vouched === true && request.loginHint !== undefined && nameKey(request.loginHint) === nameKey(name ?? '')
  )
}

/** Devices of the person that a push factor could ask now. */
export async function devicesFor(
  { store, apps, devices, clock }: LoginNeeds,
  { tenant }: Login,
  factors: readonly SecondFactor[],
  user: UserId | undefined,
  owned: Owned,
): Promise<readonly OfferedDevice[]> {
  const push = factors.find(factor => factor.class === 'PUSH' && owned.has(factor.code))
  if (!push || user === undefined) return []
  const purpose = tenant.configuration.findPolicy(push.code)?.purpose ?? 'logon'
  const now = clock.now()
  return store.read(tenant.number, function* () {
    const [rows] = yield* together(apps.reachable(tenant.number, user, purpose))
    const usable = rows.filter(row => deviceObstacle(row, now) === undefined)
    if (usable.length === 0) return []
    const [named] = yield* together(
      devices.devices(
        tenant.number,
        usable.map(({ device }) => device),
      ),
    )
    return named.map(({ id, friendlyName, externalId }) => ({ id, name: friendlyName ?? externalId }))
  })
}
