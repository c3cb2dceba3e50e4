/**
 * What somebody would see: the dispatcher is asked as a login asks it, once for each thing that could have been proved. Nothing is
 * decided here. Whoever gets nowhere is told what he would have to own for each way that there is.
 */
import type { Owned } from '#workflow/criteria.ts'
import type { Factor, FirstFactor, SecondFactor } from '#workflow/factor.ts'
import { allPolicies, nextStep } from '#workflow/next-step.ts'
import type { Workflow } from '#workflow/workflow.ts'

export interface Ending<F extends Factor> {
  readonly factor: F
  /** Offered all the same where the criteria do not filter; then it cannot be proved. */
  readonly owned: boolean
  /** Undefined: something more is asked for, or nothing leads on. */
  readonly ends: { readonly acr: string | undefined } | undefined
}

export interface Beginning extends Ending<FirstFactor> {
  readonly seconds: readonly Ending<SecondFactor>[]
}

export interface Simulation {
  readonly beginnings: readonly Beginning[]
  /** Whether some way can be gone to its end with what is owned. */
  readonly getsIn: boolean
  /** Where nothing fits: the policies that each way wants and the person has not. */
  readonly lacking: readonly (readonly string[])[]
  /** Nothing fits because of the `acr_values` alone. */
  readonly acrAlone: boolean
}

export function simulate(workflow: Workflow, owned: Owned, acrValues: readonly string[]): Simulation {
  const beginnings = beginningsFor(workflow, owned, acrValues)
  const getsIn = beginnings.some(
    one => one.owned && (one.ends !== undefined || one.seconds.some(second => second.owned)),
  )
  return {
    beginnings,
    getsIn,
    lacking: getsIn ? [] : lackingFor(workflow, owned, acrValues),
    acrAlone: !getsIn && acrValues.length > 0 && simulate(workflow, owned, []).getsIn,
  }
}

function beginningsFor(workflow: Workflow, owned: Owned, acrValues: readonly string[]): readonly Beginning[] {
  const behind = { owned, acrValues }
  const begin = nextStep(workflow, behind)
  if (begin.step !== 'first') return []
  return begin.factors.map(factor => {
    const first = factor.id
    const after = nextStep(workflow, { ...behind, first })
    const following = after.step === 'second' ? after.factors : []
    return {
      ...ending(factor, owned, after),
      seconds: following.map(second =>
        ending(second, owned, nextStep(workflow, { ...behind, first, second: second.id })),
      ),
    }
  })
}

const ending = <F extends Factor>(factor: F, owned: Owned, after: ReturnType<typeof nextStep>): Ending<F> => ({
  factor,
  owned: owned.has(factor.code),
  ends: after.step === 'proved' ? { acr: after.last.acr } : undefined,
})

/** The shortest lists first; ways that want the same are told once. */
function lackingFor(workflow: Workflow, owned: Owned, acrValues: readonly string[]): readonly (readonly string[])[] {
  const all = [...workflow.firstFactors, ...workflow.secondFactors]
  // With one policy more at a time also those ways are met that `automatic` leaves to people who have nothing further.
  const sets = [allPolicies(workflow), ...all.map(({ code }) => new Set([...owned, code]))]
  const ways = sets.flatMap(set =>
    beginningsFor(workflow, set, acrValues).flatMap(({ factor, ends, seconds }) => [
      ...(ends ? [[factor.code]] : []),
      ...seconds.map(second => [factor.code, second.factor.code]),
    ]),
  )
  const wanted = ways.map(codes => [...new Set(codes)].filter(code => !owned.has(code)))
  const distinct = new Map(wanted.filter(codes => codes.length > 0).map(codes => [codes.join(' '), codes]))
  return [...distinct.values()].sort((a, b) => a.length - b.length)
}
