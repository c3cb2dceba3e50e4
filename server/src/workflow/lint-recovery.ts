/** Forgotten passwords, lost devices, enrolment: what keeps people out for good, or lets others in. */
import type { Action } from '#workflow/action.ts'
import { type EnrolAction, PROTECTING, type ProtectionFactor } from '#workflow/enrolment.ts'
import type { FactorClass } from '#workflow/factor.ts'
import { type Finding, quoted } from '#workflow/finding.ts'
import type { Message } from '#workflow/message.ts'
import { actionsOf, enrolActionsOf, isReset, nextActionOf } from '#workflow/offered-actions.ts'
import { below } from '#workflow/pointer.ts'
import type { Workflow } from '#workflow/workflow.ts'

/** The place of the code in a text. */
const SECRET = '{$secret}'

const LOST_WITH_A_THING: readonly FactorClass[] = ['OTP', 'PKI', 'FIDO', 'CARD']

export function* lintRecovery(workflow: Workflow): Generator<Finding> {
  yield* noRecovery(workflow)
  for (const action of workflow.actions.filter(isReset)) yield* lintReset(workflow, action)
  const factors = [...workflow.firstFactors, ...workflow.secondFactors]
  for (const { oobMethods = [] } of factors) yield* oobMethods.flatMap(withoutCode)
  for (const action of workflow.enrolActions) yield* lintEnrolment(action)
  yield* workflow.protectionFactors.flatMap(notProvable)
  for (const factor of factors)
    for (const [n, reference] of factor.enrolActions.entries()) {
      const action = enrolActionsOf(workflow, factor).find(({ id }) => id === reference.id)
      if (!action || action.class === factor.class) continue
      yield {
        code: 'enrolment_of_other_class',
        at: factor.enrolActions[n]?.at ?? factor.at,
        sentence: `${quoted(factor.id)} is of class ${factor.class} and offers to enrol a ${action.class}.`,
        next: 'Name an enrolment action of the same class.',
      }
    }
}

function* noRecovery(workflow: Workflow): Generator<Finding> {
  const { firstFactors } = workflow
  const passwords = firstFactors.filter(factor => factor.class === 'LOGIN')
  const resets = firstFactors.some(factor => actionsOf(workflow, factor).some(isReset))
  const only = firstFactors.length === 1 ? firstFactors[0] : undefined
  const lost = only && LOST_WITH_A_THING.includes(only.class) && enrolActionsOf(workflow, only).length === 0
  if (passwords[0] && !resets)
    yield {
      code: 'no_recovery',
      at: passwords[0].at,
      sentence: 'No first factor offers to reset a forgotten password.',
      next: 'Define an action of class RESET_PWD with its SET_PWD action, and name it in actions of this factor.',
    }
  if (lost)
    yield {
      code: 'no_recovery',
      at: only.at,
      sentence: `Whoever loses what ${quoted(only.id)} needs has no other way in.`,
      next: 'Add another first factor, or an enrolment action with a protection factor.',
    }
}

function* lintReset(workflow: Workflow, action: Action): Generator<Finding> {
  yield* action.resetPasswordMethods.flatMap(withoutCode)
  if (action.resetPasswordMethods.length === 0)
    yield {
      code: 'reset_without_methods',
      at: action.at,
      sentence: `${quoted(action.id)} has no way to send its code.`,
      next: 'Add resetPasswordMethods with email, sms or both.',
    }
  const known = action.nextAction && workflow.actions.some(({ id }) => id === action.nextAction?.id)
  if (!action.nextAction && action.class === 'RESET_PWD')
    yield {
      code: 'reset_without_next_action',
      at: action.at,
      sentence: `Whoever got the code of ${quoted(action.id)} can set no password with it.`,
      next: 'Name an action of class SET_PWD in next_action.',
    }
  if (action.nextAction && known && !nextActionOf(workflow, action))
    yield {
      code: 'next_action_sets_nothing',
      at: action.nextAction.at,
      sentence: `${quoted(action.nextAction.id)} is not of class SET_PWD, so the reset never ends.`,
      next: 'Name an action of class SET_PWD.',
    }
}

function withoutCode({ at, template }: Message): readonly Finding[] {
  if (template.includes(SECRET)) return []
  return [
    {
      code: 'message_without_code',
      at: below(at, 'template'),
      sentence: `The text has no place for the code, so it is sent without.`,
      next: `Write ${SECRET} where the code belongs.`,
    },
  ]
}

function notProvable({ at, id, class: name }: ProtectionFactor): readonly Finding[] {
  if (PROTECTING.includes(name)) return []
  return [
    {
      code: 'protection_not_provable',
      at,
      sentence: `${quoted(id)} is of class ${name}, which cannot be proved before an enrolment, so nobody enrols what it protects.`,
      next: `Name a policy of class ${PROTECTING.join(' or ')}.`,
    },
  ]
}

function* lintEnrolment(action: EnrolAction): Generator<Finding> {
  if (!action.protectionFactor)
    yield {
      code: 'enrolment_unprotected',
      at: action.at,
      sentence: `${quoted(action.id)} asks for no proof of its own: one factor of a first sign-in enrols, and the client for whom it names.`,
      next: 'Name an entry of enrollProtectionFactors in protectionFactor.',
    }
  // The type of a card's device is that of its application.
  if (action.class === 'FIDO' && action.deviceBinding === 'required' && !action.deviceType)
    yield {
      code: 'binding_without_device_type',
      at: below(action.at, 'deviceBinding'),
      sentence: 'A waiting device is required, and nothing says of which type.',
      next: 'Name the type in deviceType, or say notRequired.',
    }
}
