/** Names that lead nowhere, and things that nobody names. */
import { findCriteria } from '#workflow/criteria.ts'
import type { Factor } from '#workflow/factor.ts'
import { type Finding, quoted } from '#workflow/finding.ts'
import { below } from '#workflow/pointer.ts'
import type { Reference } from '#workflow/reference.ts'
import type { Workflow } from '#workflow/workflow.ts'

export function* lintReferences(workflow: Workflow): Generator<Finding> {
  const factors: readonly Factor[] = [...workflow.firstFactors, ...workflow.secondFactors]
  yield* deadCriteria(workflow, [...factors, ...workflow.actions, ...workflow.enrolActions])
  yield* dead(
    'unknown_action',
    'action',
    'actions',
    workflow.actions,
    factors.flatMap(({ actions }) => actions),
  )
  yield* dead(
    'unknown_enrol_action',
    'enrolment action',
    'enrollActions',
    workflow.enrolActions,
    factors.flatMap(({ enrolActions }) => enrolActions),
  )
  const upon = workflow.secondFactors.flatMap(factor => factor.upon ?? [])
  yield* dead('unknown_first_factor', 'first factor', 'firstFactors', workflow.firstFactors, upon)
  const next = workflow.actions.flatMap(({ nextAction }) => nextAction ?? [])
  yield* dead('unknown_next_action', 'action', 'actions', workflow.actions, next)
  const protection = workflow.enrolActions.flatMap(({ protectionFactor }) => protectionFactor ?? [])
  yield* dead(
    'unknown_protection_factor',
    'protection factor',
    'enrollProtectionFactors',
    workflow.protectionFactors,
    protection,
  )
  yield* unused(workflow, factors)
}

function* deadCriteria(workflow: Workflow, entries: readonly { readonly criteria: Reference }[]): Generator<Finding> {
  for (const { criteria } of entries) {
    if (findCriteria(workflow, criteria) !== undefined) continue
    yield {
      code: 'unknown_criteria',
      at: criteria.at,
      sentence: `There are no access criteria ${quoted(criteria.id)}, so this is offered to nobody.`,
      next: `Name one of accessCriteria${among(workflow.criteria)}, or define these.`,
    }
  }
}

function* dead(
  code: Finding['code'],
  what: string,
  list: string,
  there: readonly Named[],
  references: readonly Reference[],
): Generator<Finding> {
  for (const { id, at } of references) {
    if (there.some(one => one.id === id)) continue
    yield {
      code,
      at,
      sentence: `There is no ${what} ${quoted(id)}; the name is passed over.`,
      next: `Name one of ${list}${among(there)}, define it there, or take the name away.`,
    }
  }
}

interface Named {
  readonly id: string
  readonly at: string
}

const SHOWN = 4

function among(there: readonly Named[]): string {
  if (there.length === 0) return ' (there is none)'
  const names = there.slice(0, SHOWN).map(({ id }) => quoted(id))
  return ` (${names.join(', ')}${there.length > SHOWN ? ', …' : ''})`
}

function* unused(workflow: Workflow, factors: readonly Factor[]): Generator<Finding> {
  const { actions, enrolActions, protectionFactors, criteria } = workflow
  const named = (references: readonly (Reference | undefined)[]) => new Set(references.map(one => one?.id))
  const judged = [
    [
      'unused_criteria',
      'accessCriteriaId',
      criteria,
      named([...factors, ...actions, ...enrolActions].map(one => one.criteria)),
    ],
    [
      'unused_action',
      'actionId',
      actions,
      named([...factors.flatMap(one => one.actions), ...actions.map(one => one.nextAction)]),
    ],
    ['unused_enrol_action', 'enrollId', enrolActions, named(factors.flatMap(one => one.enrolActions))],
    [
      'unused_protection_factor',
      'protectionFactorId',
      protectionFactors,
      named(enrolActions.map(one => one.protectionFactor)),
    ],
  ] as const
  for (const [code, idName, entries, names] of judged) {
    for (const { id, at } of entries) {
      if (names.has(id)) continue
      const sentence = `Nothing names ${quoted(id)}, so nobody ever meets it.`
      yield { code, at: below(at, idName), sentence, next: 'Name it where it belongs, or take it away.' }
    }
  }
}
