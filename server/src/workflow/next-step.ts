/**
 * The dispatcher: what a login asks for next. It looks only at what stands behind the login (its workflow, what the person owns, what was
 * proved) and never at what was called: steps do not call one another, they all come back here.
 */
import { pathsOfRequestedAcr } from '#workflow/acr.ts'
import type { Owned } from '#workflow/criteria.ts'
import type { Factor, FirstFactor, SecondFactor } from '#workflow/factor.ts'
import { type Path, pathsFor } from '#workflow/paths.ts'
import type { Workflow } from '#workflow/workflow.ts'

/** What the dispatcher knows of a login and its person. */
export interface Behind {
  readonly owned: Owned
  /** `acr_values` of the request. */
  readonly acrValues: readonly string[]
  /** Ids of the factors that were proved. */
  readonly first?: string | undefined
  readonly second?: string | undefined
}

export type Next =
  /** `seconds`: what may follow, whichever of them is taken. */
  | { readonly step: 'first'; readonly factors: readonly FirstFactor[]; readonly seconds: readonly SecondFactor[] }
  | { readonly step: 'second'; readonly first: FirstFactor; readonly factors: readonly SecondFactor[] }
  /** `last` says the acr of the login. */
  | { readonly step: 'proved'; readonly last: Factor }
  /** No template fits this person and this request. */
  | { readonly step: 'no way on' }

export function nextStep(workflow: Workflow, { owned, acrValues, first, second }: Behind): Next {
  const paths = pathsOfRequestedAcr(workflow, pathsFor(workflow, owned), acrValues)
  if (first === undefined) {
    if (paths.length === 0) return { step: 'no way on' }
    return { step: 'first', factors: distinct(paths.map(path => path.first)), seconds: secondsOf(paths) }
  }
  const ways = paths.filter(path => path.first.id === first)
  if (second !== undefined) {
    const way = ways.find(path => path.second?.id === second)
    return way?.second ? { step: 'proved', last: way.second } : { step: 'no way on' }
  }
  const [way] = ways
  if (way === undefined) return { step: 'no way on' }
  if (ways.some(path => path.second === undefined)) return { step: 'proved', last: way.first }
  return { step: 'second', first: way.first, factors: secondsOf(ways) }
}

/** Every policy that the workflow names: what somebody is offered of whom nothing is known yet. */
export function allPolicies({ firstFactors, secondFactors }: Workflow): Owned {
  return new Set([...firstFactors, ...secondFactors].map(({ code }) => code))
}

const secondsOf = (paths: readonly Path[]) =>
  distinct(paths.flatMap(({ second }) => (second === undefined ? [] : [second])))

const distinct = <T>(list: readonly T[]): readonly T[] => [...new Set(list)]
