/** The applications that cards of a workflow are of, and what follows from whether these prove anything. */
import { ANY_CARD, type CardApplication, cardPolicyCode } from '#domain/card-application.ts'
import type { Configuration } from '#domain/configuration.ts'
import { allowedCards } from '#workflow/cards.ts'
import type { Owned } from '#workflow/criteria.ts'
import type { EnrolAction } from '#workflow/enrolment.ts'
import type { Factor } from '#workflow/factor.ts'
import type { Workflow } from '#workflow/workflow.ts'

/** Those that the code of a factor means. */
export function applicationsOf(
  { cardApplications }: Configuration,
  workflow: Workflow,
  code: string,
): readonly CardApplication[] {
  if (code !== ANY_CARD) return cardApplications.filter(one => cardPolicyCode(one.code) === code)
  const allowed = allowedCards(workflow)
  return allowed === undefined ? cardApplications : cardApplications.filter(one => allowed.includes(one.code))
}

/** Those that an enrolment takes. */
export const enrollableCards = ({ cardApplications }: Configuration, { allowedCards: allowed }: EnrolAction) =>
  cardApplications.filter(({ code }) => allowed === undefined || allowed.includes(code))

/** Whoever owns an authenticator of one of them has what `AT_CARD` asks for. */
export function withAnyCard(configuration: Configuration, workflow: Workflow, owned: Owned): Owned {
  if (owned.has(ANY_CARD) || configuration.cardApplications.length === 0) return owned
  const has = applicationsOf(configuration, workflow, ANY_CARD).some(({ code }) => owned.has(cardPolicyCode(code)))
  return has ? new Set([...owned, ANY_CARD]) : owned
}

/**
 * The workflow as it may be believed: a card that proves nothing claims neither the acr nor the amr that is written beside it, so that no
 * request for that acr is led to it. Where some of its applications prove and some do not, the card decides when it is shown.
 */
export function asProved(workflow: Workflow, configuration: Configuration): Workflow {
  const claims = (one: Factor) => one.class === 'CARD' && (one.acr !== undefined || one.amr !== undefined)
  const { firstFactors, secondFactors } = workflow
  if (![...firstFactors, ...secondFactors].some(claims)) return workflow
  const believed = <F extends Factor>(factor: F): F => {
    if (!claims(factor) || applicationsOf(configuration, workflow, factor.code).some(({ proof }) => proof))
      return factor
    const { acr: _, amr: __, ...rest } = factor
    return rest as F
  }
  return { ...workflow, firstFactors: firstFactors.map(believed), secondFactors: secondFactors.map(believed) }
}
