/** What `workflow simulate` prints: each way with what is asked for, what follows, how it ends; and where there is none, what to do. */
import type { Owned } from '#workflow/criteria.ts'
import type { Factor, FactorClass } from '#workflow/factor.ts'
import { actionsOf, enrolActionsOf, nextActionOf } from '#workflow/offered-actions.ts'
import type { Ending, Simulation } from '#workflow/simulation.ts'
import type { Workflow } from '#workflow/workflow.ts'

export interface AskedSimulation {
  readonly workflow: Workflow
  /** As the sentence begins. */
  readonly who: string
  readonly owned: Owned
  readonly acrValues: readonly string[]
  /** Whether the tenant has this policy; undefined where no tenant is asked. */
  readonly known: ((code: string) => boolean) | undefined
}

const asks: Readonly<Record<FactorClass, string>> = {
  LOGIN: 'a password',
  OTP: 'a one-time code',
  PUSH: 'an approval on a device',
  OOB: 'a code that is sent',
  CODE: 'an activation code, by which a code is sent',
  PKI: 'a certificate',
  FIDO: 'a passkey',
  CARD: 'a card',
}

const MOST_WAYS = 5

export function simulationLines(asked: AskedSimulation, { beginnings, ...simulation }: Simulation): readonly string[] {
  const { workflow, who, owned, acrValues } = asked
  const has = owned.size === 0 ? 'nothing to sign in with' : [...owned].sort().join(', ')
  return [
    `${who} has ${has}.`,
    ...(acrValues.length === 0 ? [] : [`The request asks for acr ${acrValues.join(' or ')}.`]),
    ...(beginnings.length === 0 ? [] : [`${workflow.id} offers:`]),
    ...beginnings.flatMap(({ seconds, ...one }, n) => [
      ...factorLines(asked, one, `${n + 1}.`, '   '),
      ...seconds.flatMap(second => factorLines(asked, second, '   then', '        ')),
    ]),
    ...outcome(asked, { beginnings, ...simulation }),
  ]
}

function factorLines(asked: AskedSimulation, one: Ending<Factor>, mark: string, indent: string): readonly string[] {
  const { workflow, known } = asked
  const { factor, owned, ends } = one
  const by = factor.oobMethods === undefined ? '' : ` by ${factor.oobMethods.map(({ method }) => method).join(' or ')}`
  const offers = [
    ...actionsOf(workflow, factor).map(action => actionText(workflow, action)),
    ...enrolActionsOf(workflow, factor).map(({ id, class: kind }) => `${id} (enrol a ${kind})`),
  ]
  return [
    `${mark} ${factor.id}: ${asks[factor.class]}${by} (${factor.code}, ${factor.class})`,
    ...(factor.retry === undefined ? [] : [`${indent}${factor.retry} wrong answers end the login`]),
    ...(offers.length === 0 ? [] : [`${indent}beside it: ${offers.join('; ')}`]),
    ...(owned
      ? []
      : [`${indent}is offered to everybody and cannot be proved: there is no enabled authenticator of ${factor.code}`]),
    ...(known?.(factor.code) === false ? [`${indent}the tenant has no policy ${factor.code}`] : []),
    ...(ends === undefined
      ? []
      : [`${indent}ends the login, ${ends.acr === undefined ? 'without an acr' : `acr ${ends.acr}`}`]),
  ]
}

function actionText(workflow: Workflow, action: ReturnType<typeof actionsOf>[number]): string {
  const methods = action.resetPasswordMethods.map(({ method }) => method)
  const next = nextActionOf(workflow, action)
  return `${action.id} (${action.class}${methods.length === 0 ? '' : ` by ${methods.join(' or ')}`}${next ? `, then ${next.id}` : ''})`
}

function outcome(
  { acrValues }: AskedSimulation,
  { getsIn, lacking, acrAlone, beginnings }: Simulation,
): readonly string[] {
  if (getsIn) return []
  const shown = lacking.slice(0, MOST_WAYS).map(codes => codes.join(' and '))
  return [
    beginnings.length === 0
      ? 'No way leads in: the portal answers no_template_found_for_criteria.'
      : 'No way leads in: nothing that is offered can be proved.',
    ...(acrAlone ? [`Without acr_values ${acrValues.join(' ')} there would be one.`] : []),
    lacking.length === 0
      ? 'No authenticator would help. See: countersign workflow check FILE'
      : `Give an enabled authenticator of ${shown.join(', or of ')}${lacking.length > MOST_WAYS ? ', or others' : ''}.`,
  ]
}

export function simulationData({ workflow, owned, acrValues }: AskedSimulation, simulation: Simulation): unknown {
  const factorData = ({ factor, owned: has, ends }: Ending<Factor>) => ({
    factorId: factor.id,
    code: factor.code,
    type: factor.class,
    owned: has,
    retry: factor.retry ?? null,
    oobMethods: factor.oobMethods?.map(({ method }) => method) ?? [],
    actions: actionsOf(workflow, factor).map(({ id }) => id),
    enrollActions: enrolActionsOf(workflow, factor).map(({ id }) => id),
    ends: ends ? { acr: ends.acr ?? null } : null,
  })
  const { beginnings, getsIn, lacking } = simulation
  return {
    workflow: workflow.id,
    owned: [...owned].sort(),
    acr_values: acrValues,
    getsIn,
    firstFactors: beginnings.map(({ seconds, ...one }) => ({
      ...factorData(one),
      secondFactors: seconds.map(factorData),
    })),
    lacking,
  }
}
