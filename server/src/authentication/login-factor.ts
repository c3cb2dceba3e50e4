/**
 * Which factor a call means, by where its login stands and by the policy that it names. A first factor is looked for among all that the
 * workflow knows: whoever does not have it fails at its proof, with the same work and the same words as by a wrong password.
 */
import type { Login, Person } from '#authentication/login-find.ts'
import type { LoginNeeds } from '#authentication/login-needs.ts'
import { behind, ownedIn, workflowOf } from '#authentication/login-step.ts'
import type { Actor } from '#domain/event.ts'
import type { Policy } from '#domain/policy.ts'
import { Refusal } from '#domain/refusal.ts'
import type { FirstFactor, SecondFactor } from '#workflow/factor.ts'
import { allPolicies, nextStep } from '#workflow/next-step.ts'

/** What a call brings along for a step. */
export interface Given {
  readonly name: string
  readonly policy: string
  readonly secret: string
  readonly device: number | undefined
  readonly method: 'email' | 'sms' | undefined
  readonly correlation: string
}

/** As far as the workflow and the request tell; what the person owns is not asked. */
export function firstFactor(login: Login, policy: string, person: Person | undefined): FirstFactor {
  const workflow = workflowOf(login)
  const next = nextStep(workflow, behind(login, allPolicies(workflow)))
  const named = next.step === 'first' ? next.factors.filter(({ code }) => code === policy) : []
  const offered = nextStep(workflow, behind(login, person?.owned ?? new Set()))
  const factor =
    (offered.step === 'first' ? offered.factors.find(({ code }) => code === policy) : undefined) ?? named[0]
  if (!factor) throw new Refusal('invalid_request', 'authType is no factor of this login.')
  return factor
}

export async function secondFactor(
  needs: LoginNeeds,
  login: Login,
  policy: string,
  person: Person | undefined,
): Promise<SecondFactor> {
  const next = nextStep(workflowOf(login), behind(login, await ownedIn(needs, login, person)))
  const factor = next.step === 'second' ? next.factors.find(({ code }) => code === policy) : undefined
  if (!factor) throw new Refusal('invalid_request', 'authType is no factor of this login now.')
  return factor
}

export function policyOf({ tenant, client }: Login, code: string): Policy {
  const policy = tenant.configuration.findPolicy(code)
  if (!policy) throw new Refusal('invalid_request', 'authType is not an authentication policy of this tenant.')
  if (!policy.validChannels.includes(client.document.userChannel)) {
    throw new Refusal('invalid_request', `${code} may not be used on the channel of this client.`)
  }
  return policy
}

export const actorOf = ({ client }: Login): Actor => ({ kind: 'client', id: client.clientId })
