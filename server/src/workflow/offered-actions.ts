/** What a factor offers beside proving it. Names that lead nowhere, or whose criteria are not defined, are left out. */
import type { Action } from '#workflow/action.ts'
import { findCriteria } from '#workflow/criteria.ts'
import type { EnrolAction } from '#workflow/enrolment.ts'
import type { Factor } from '#workflow/factor.ts'
import type { Workflow } from '#workflow/workflow.ts'

/** In the order in which the factor names them. */
export function actionsOf(workflow: Workflow, { actions }: Factor): readonly Action[] {
  return actions.flatMap(({ id }) =>
    workflow.actions.filter(action => action.id === id && findCriteria(workflow, action.criteria) !== undefined),
  )
}

/** Offered to people who do not have the factor, too: that is what enrolling is for. */
export function enrolActionsOf(workflow: Workflow, { enrolActions }: Factor): readonly EnrolAction[] {
  return enrolActions.flatMap(({ id }) =>
    workflow.enrolActions.filter(action => action.id === id && findCriteria(workflow, action.criteria) !== undefined),
  )
}

/** The SET_PWD action that ends what this one began; undefined where it begins nothing, or names none. */
export function nextActionOf({ actions }: Workflow, { nextAction }: Action): Action | undefined {
  return actions.find(({ id, class: kind }) => id === nextAction?.id && kind === 'SET_PWD')
}

/** Does it bring a forgotten password back? */
export const isReset = (action: Action): boolean => action.class === 'RESET_PWD' || action.class === 'FORGOT_PWD'
