/**
 * What a first factor asks for once it is proved. `required`: a second one, and where there is none to offer nobody comes in.
 * `automatic`: a second one for those who have it. `notRequired`, or nothing said: no more.
 */
import { type Owned, secondFactorsAfter } from '#workflow/criteria.ts'
import type { FirstFactor, SecondFactor } from '#workflow/factor.ts'
import type { Workflow } from '#workflow/workflow.ts'

export type AfterFirst =
  | { readonly step: 'enough' }
  /** Never empty; one of them is to be proved. */
  | { readonly step: 'second'; readonly factors: readonly SecondFactor[] }
  /** No workflow fits this person by this factor. */
  | { readonly step: 'no way on' }

export function afterFirst(workflow: Workflow, first: FirstFactor, owned: Owned): AfterFirst {
  if (first.stepUp === 'notRequired') return { step: 'enough' }
  const offered = secondFactorsAfter(workflow, first, owned)
  // Automatic asks for what the person has, whether or not the criteria filter.
  const factors = first.stepUp === 'automatic' ? offered.filter(({ code }) => owned.has(code)) : offered
  if (factors.length > 0) return { step: 'second', factors }
  return { step: first.stepUp === 'automatic' ? 'enough' : 'no way on' }
}
