/** The ways through a workflow: one factor, or two. */
import { firstFactorsFor, type Owned } from '#workflow/criteria.ts'
import type { Factor, FirstFactor, SecondFactor } from '#workflow/factor.ts'
import { afterFirst } from '#workflow/step-up.ts'
import type { Workflow } from '#workflow/workflow.ts'

export interface Path {
  readonly first: FirstFactor
  readonly second?: SecondFactor
}

export const lastOf = ({ first, second }: Path): Factor => second ?? first

/** The ways that end in a sign-in for this person; a first factor that leads nowhere for him has none. */
export function pathsFor(workflow: Workflow, owned: Owned): readonly Path[] {
  return firstFactorsFor(workflow, owned).flatMap(first => {
    const after = afterFirst(workflow, first, owned)
    if (after.step === 'second') return after.factors.map(second => ({ first, second }))
    return after.step === 'enough' ? [{ first }] : []
  })
}
