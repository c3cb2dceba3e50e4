/**
 * Factors and actions as a page reads them (`flow`, and the answer that asks for a step up). Always `type` and `stepUp`, whichever
 * words the document has; templates of messages never leave, only the names of their methods.
 */
import type { FlowAnswer } from '@countersign/protocol/openid/sign-in.ts'
import { applicationsOf, enrollableCards } from '#authentication/card-applications.ts'
import { cardWire } from '#authentication/login-card.ts'
import type { FlowView, OfferedDevice } from '#authentication/login-flow.ts'
import { constraintsOf } from '#domain/password-constraints.ts'
import type { Tenant } from '#domain/tenant.ts'
import type { Action } from '#workflow/action.ts'
import type { EnrolAction, ProtectionFactor } from '#workflow/enrolment.ts'
import type { Factor, FirstFactor, SecondFactor } from '#workflow/factor.ts'
import { given } from '#workflow/given.ts'
import type { Reference } from '#workflow/reference.ts'
import type { Workflow } from '#workflow/workflow.ts'

/** For workflows that do not say it. */
const POLL_TIMEOUT_SECONDS = 60
const POLL_INTERVAL_SECONDS = 2

type Shown = Record<string, unknown>

export function flowWire(view: FlowView): FlowAnswer {
  const { login, step, name, first, second, actions, enrolActions, protectionFactors, protection, devices } = view
  const { tenant, workflow, progress } = login
  return {
    actions: actions.map(actionWire),
    firstFactors: first.map(one => firstWire(one, tenant, workflow)),
    secondFactors: second.map(one => secondWire(one, tenant, workflow, devices)),
    enrollActions: enrolActions.map(one => enrolWire(one, tenant)),
    enrollProtectionFactors: protectionFactors.map(protectionWire),
    progress: given({
      step,
      username: name,
      first: progress.first?.factorId,
      protection,
      error: progress.error?.error,
      error_description: progress.error?.description,
    }) as FlowAnswer['progress'],
  }
}

function firstWire(factor: FirstFactor, tenant: Tenant, workflow: Workflow | undefined): Shown {
  return { ...factorWire(factor, tenant, workflow), stepUp: factor.stepUp }
}

export function secondWire(
  factor: SecondFactor,
  tenant: Tenant,
  workflow: Workflow | undefined,
  devices: readonly OfferedDevice[],
): Shown {
  const upon = factor.upon?.map(({ id }) => id) ?? workflow?.firstFactors.map(({ id }) => id) ?? []
  return {
    ...factorWire(factor, tenant, workflow),
    upon,
    ...(factor.class === 'PUSH' ? pushWire(factor, devices) : {}),
  }
}

function factorWire(factor: Factor, tenant: Tenant, workflow: Workflow | undefined): Shown {
  const { id, criteria, code, acr, amr, retry, actions, enrolActions, oobMethods, labels } = factor
  const policy = tenant.configuration.findPolicy(code)
  return given({
    factorId: id,
    accessCriteriaId: criteria.id,
    acr,
    amr,
    code,
    type: factor.class,
    retry,
    expirationWarningThreshold: factor.expirationWarning_seconds,
    constraints: factor.class === 'LOGIN' && policy ? constraintsOf(policy) : undefined,
    actions: named(actions, workflow?.actions),
    enrollActions: named(enrolActions, workflow?.enrolActions),
    oobMethods: oobMethods?.map(({ method }) => method),
    ...(factor.class === 'FIDO' ? passkeyWire(factor) : {}),
    ...(factor.class === 'CARD' && workflow
      ? { cards: applicationsOf(tenant.configuration, workflow, code).map(cardWire) }
      : {}),
    localizationKeyRedefinition: labels.size === 0 ? undefined : Object.fromEntries(labels),
  })
}

/** `discoverCredentialsInDevice` is text where published workflows have it, and a boolean here. */
function passkeyWire({ passkey }: Factor): Shown {
  const { userVerification, discoverCredentialsInDevice } = passkey
  return { userVerification, discoverCredentialsInDevice: discoverCredentialsInDevice ?? false }
}

/** Names that lead nowhere are left out. */
function named(references: readonly Reference[], known: readonly { readonly id: string }[] = []) {
  const ids = references.map(({ id }) => id).filter(id => known.some(one => one.id === id))
  return ids.length === 0 ? undefined : ids
}

function pushWire({ push }: SecondFactor, devices: readonly OfferedDevice[]): Shown {
  return {
    pollTimeout: push.pollTimeout_seconds ?? POLL_TIMEOUT_SECONDS,
    pollInterval: push.pollInterval_seconds ?? POLL_INTERVAL_SECONDS,
    okStatus: push.okStatus ?? 'approved',
    allowUserDeviceSelection: push.allowUserDeviceSelection ?? false,
    devices: devices.map(({ id, name }) => ({ deviceId: id, deviceFriendlyName: name })),
  }
}

function actionWire({ id, criteria, class: type, retry, validity_seconds, nextAction, ...action }: Action): Shown {
  const methods = action.resetPasswordMethods.map(({ method }) => method)
  return given({
    actionId: id,
    accessCriteriaId: criteria.id,
    type,
    retry,
    validityPeriod: validity_seconds,
    resetPasswordMethods: methods.length === 0 ? undefined : methods,
    next_action: nextAction?.id,
  })
}

function enrolWire(action: EnrolAction, { configuration }: Tenant): Shown {
  const { id, criteria, class: type, code, retry, protectionFactor, deviceBinding, deviceType, allowedCards } = action
  return given({
    enrollId: id,
    accessCriteriaId: criteria.id,
    type,
    code,
    retry,
    protectionFactor: protectionFactor?.id,
    deviceBinding,
    deviceType,
    authenticatorAttachment: action.authenticatorAttachment,
    userVerification: action.userVerification,
    residentKey: action.residentKey,
    allowedCards,
    cards: type === 'CARD' ? enrollableCards(configuration, action).map(cardWire) : undefined,
  })
}

const protectionWire = ({ id, code, class: type, retry }: ProtectionFactor): Shown =>
  given({ protectionFactorId: id, code, type, retry })
