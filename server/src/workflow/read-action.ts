/** An entry of `actions`. */
import { ACTION_CLASSES, type Action } from '#workflow/action.ts'
import { bounds } from '#workflow/bounds.ts'
import { given } from '#workflow/given.ts'
import { membersOf } from '#workflow/members.ts'
import type { Notes } from '#workflow/problem.ts'
import { readClass, readCriteriaName } from '#workflow/read-factor.ts'
import { readMessages } from '#workflow/read-messages.ts'

const ACTION = [
  ...['actionId', 'accessCriteriaId', 'type', 'class', 'retry'],
  ...['validityPeriod', 'resetPasswordMethods', 'next_action'],
]

export function readAction(value: unknown, at: string, notes: Notes): Action | undefined {
  const members = membersOf(value, at, notes, ACTION)
  if (!members) return undefined
  return {
    at,
    id: members.neededText('actionId'),
    criteria: readCriteriaName(members),
    class: readClass(members, ACTION_CLASSES),
    resetPasswordMethods: readMessages(members, 'resetPasswordMethods'),
    ...given({
      retry: members.whole('retry', bounds.retry),
      validity_seconds: members.whole('validityPeriod', bounds.seconds),
      nextAction: members.reference('next_action'),
    }),
  }
}
