/**
 * What a workflow that is saved should know of its cards: applications that are not there, and cards that only identify. These claim
 * neither acr nor amr, are no second factor, and end a login only where `stepUp` `notRequired` is written at the one CARD factor.
 */
import { applicationsOf } from '#authentication/card-applications.ts'
import type { Configuration } from '#domain/configuration.ts'
import { isEnoughAlone } from '#workflow/cards.ts'
import type { Workflow } from '#workflow/workflow.ts'

export interface Warning {
  readonly at: string
  readonly code: string
  readonly sentence: string
  readonly next: string
}

export function cardWarnings(workflow: Workflow, configuration: Configuration): readonly Warning[] {
  const { enrolActions, firstFactors, secondFactors } = workflow
  const unknown = enrolActions
    .filter(one => one.class === 'CARD')
    .flatMap(({ at, allowedCards = [] }) =>
      allowedCards.flatMap((code, n) =>
        configuration.findCardApplication(code) ? [] : [unknownApplication(`${at}/allowedCards/${n}`)],
      ),
    )
  const enough = new Set(firstFactors.filter(one => isEnoughAlone(workflow, one)).map(({ at }) => at))
  const identifying = [...firstFactors, ...secondFactors]
    .filter(one => one.class === 'CARD')
    .flatMap(({ at, code }) => {
      const bare = applicationsOf(configuration, workflow, code).filter(({ proof }) => proof === undefined)
      if (bare.length === 0) return []
      const names = bare
        .map(one => one.code)
        .slice(0, NAMED)
        .join(', ')
      return [enough.has(at) ? identifiesOnly(at, names) : neverEnough(at, names)]
    })
  return [...unknown, ...identifying]
}

const NAMED = 4

const unknownApplication = (at: string): Warning => ({
  at,
  code: 'unknown_card_application',
  sentence: 'This tenant has no card application of this name: no card of it can be enrolled.',
  next: 'Name one of Application/CardAuth, or make it.',
})

const identifiesOnly = (at: string, names: string): Warning => ({
  at,
  code: 'card_identifies_only',
  sentence: `Cards of ${names} prove nothing: whoever knows the serial number of one is signed in. No acr and no amr of this factor is claimed for them.`,
  next: 'Give the application a proof, or say stepUp required and add a second factor; leave it if that is meant.',
})

const neverEnough = (at: string, names: string): Warning => ({
  at,
  code: 'card_never_enough',
  sentence: `Cards of ${names} prove nothing, so they are refused here unless another factor follows.`,
  next: 'Give the application a proof, add a second factor, or write stepUp notRequired at the only CARD factor.',
})
