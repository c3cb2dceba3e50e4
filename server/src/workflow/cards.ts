/**
 * Contactless cards in a workflow. A factor names the policy of one application, or `AT_CARD` for each that the workflow's enrolments
 * allow. A card that only identifies ends a login where somebody said so: `stepUp` `notRequired`, written out, on its only CARD factor.
 */
import type { FirstFactor } from '#workflow/factor.ts'
import type { Workflow } from '#workflow/workflow.ts'

/** Ids of the applications; undefined: all that the tenant has. */
export function allowedCards({ enrolActions }: Workflow): readonly string[] | undefined {
  const cards = enrolActions.filter(one => one.class === 'CARD')
  if (cards.length === 0 || cards.some(one => one.allowedCards === undefined)) return undefined
  return [...new Set(cards.flatMap(one => one.allowedCards ?? []))]
}

export function isEnoughAlone({ firstFactors, secondFactors }: Workflow, first: FirstFactor): boolean {
  const cards = [...firstFactors, ...secondFactors].filter(one => one.class === 'CARD')
  // Where nothing is written the place is that of the factor itself.
  return cards.length === 1 && first.stepUp === 'notRequired' && first.stepUpAt !== first.at
}
