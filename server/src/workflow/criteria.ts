/**
 * Which factors somebody is offered: those whose criteria fit. Criteria that are not defined fit nobody, so that a misspelled
 * name never opens a way in. Whether an authenticator may be used right now is asked elsewhere, when it is used.
 */
import type { Factor, FirstFactor, SecondFactor } from '#workflow/factor.ts'
import type { Reference } from '#workflow/reference.ts'
import type { AccessCriteria, Workflow } from '#workflow/workflow.ts'

/** The policies for which somebody has an authenticator. */
export type Owned = ReadonlySet<string>

export function findCriteria({ criteria }: Workflow, { id }: Reference): AccessCriteria | undefined {
  return criteria.find(one => one.id === id)
}

/** In the order of the document. Without filtering also factors that the person does not have: the answer tells nothing about him. */
export function firstFactorsFor(workflow: Workflow, owned: Owned): readonly FirstFactor[] {
  return workflow.firstFactors.filter(factor => fits(workflow, factor, 'firstFactorsFiltering', owned))
}

/** What may follow a first factor: those that name it in `upon`, or name none. */
export function secondFactorsAfter(workflow: Workflow, first: FirstFactor, owned: Owned): readonly SecondFactor[] {
  return workflow.secondFactors.filter(
    second => isUpon(second, first) && fits(workflow, second, 'secondFactorsFiltering', owned),
  )
}

export function isUpon({ upon }: SecondFactor, { id }: FirstFactor): boolean {
  return upon === undefined || upon.some(one => one.id === id)
}

function fits(
  workflow: Workflow,
  { criteria, code }: Factor,
  filtering: 'firstFactorsFiltering' | 'secondFactorsFiltering',
  owned: Owned,
): boolean {
  const found = findCriteria(workflow, criteria)
  return found !== undefined && (!found[filtering] || owned.has(code))
}
