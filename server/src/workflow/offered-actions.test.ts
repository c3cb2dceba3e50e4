/** Actions of a factor: those that are there; the reset finds its end; enrolling is offered to people without the factor. */
import { describe, expect, it } from 'vitest'
import type { Action } from '#workflow/action.ts'
import type { Factor } from '#workflow/factor.ts'
import { actionsOf, enrolActionsOf, isReset, nextActionOf } from '#workflow/offered-actions.ts'
import { type Sample, workflowOf } from '../../test/workflow/samples.ts'

function offered(name: Sample, n: number, changes: Record<string, unknown> = {}) {
  const workflow = workflowOf(name, changes)
  return actionsOf(workflow, workflow.firstFactors[n] as Factor).map(({ id }) => id)
}

describe('actions of a factor', () => {
  it('in its order', () => {
    const sample = 'temporary-or-password-push'
    expect(offered(sample, 1)).toEqual(['action.change_password', 'action.request_reset_password'])
    expect(offered(sample, 0)).toEqual([])
  })

  it('without names that lead nowhere', () => {
    expect(offered('password-or-otp', 0)).toEqual(['action.request_reset_password'])
    expect(offered('password-otp-oob', 0)).toEqual([])
  })

  it('without those whose criteria are not defined', () => {
    const changes = { '/payload/actions/0/accessCriteriaId': 'gone' }
    expect(offered('temporary-or-password-push', 1, changes)).toEqual(['action.request_reset_password'])
  })
})

describe('a reset', () => {
  const next = (changes: Record<string, unknown> = {}) => {
    const workflow = workflowOf('password-push-automatic', changes)
    return nextActionOf(workflow, workflow.actions.find(isReset) as Action)?.id
  }

  it('ends with the action that it names, of class SET_PWD', () => {
    expect(next()).toBe('action.reset_password')
    expect(next({ '/payload/actions/1/next_action': undefined })).toBeUndefined()
    expect(next({ '/payload/actions/1/next_action': 'gone' })).toBeUndefined()
    expect(next({ '/payload/actions/0/class': 'CHANGE_PWD' })).toBeUndefined()
  })

  it('is RESET_PWD or FORGOT_PWD', () => {
    const kinds = ['RESET_PWD', 'FORGOT_PWD', 'CHANGE_PWD', 'SET_PWD']
    const resets = kinds.map(
      kind => workflowOf('password-push-automatic', { '/payload/actions/1/class': kind }).actions[1],
    )
    expect(resets.map(action => isReset(action as Action))).toEqual([true, true, false, false])
  })
})

it('enrolling is offered by the factor that names it', () => {
  for (const [sample, n] of [
    ['card', 0],
    ['passkey', 1],
  ] as const) {
    const workflow = workflowOf(sample)
    expect(enrolActionsOf(workflow, workflow.firstFactors[n] as Factor)).toEqual(workflow.enrolActions)
  }
  const workflow = workflowOf('card', { '/payload/enrollActions/0/accessCriteriaId': 'gone' })
  expect(enrolActionsOf(workflow, workflow.firstFactors[0] as Factor)).toEqual([])
})
