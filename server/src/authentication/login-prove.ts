/**
 * A factor of a login is proved (`grant_type=password` of POST `code`). The row of the login is written in the units of the proof.
 */
import type { Stepped } from '#authentication/login-answer.ts'
import { noTemplate } from '#authentication/login-error.ts'
import { actorOf, firstFactor, type Given, policyOf, secondFactor } from '#authentication/login-factor.ts'
import type { Login, Person } from '#authentication/login-find.ts'
import type { LoginNeeds } from '#authentication/login-needs.ts'
import { pushStep } from '#authentication/login-push.ts'
import { codeStep } from '#authentication/login-send.ts'
import {
  afterFirst,
  afterProofs,
  afterSecond,
  alongside,
  isOver,
  moved,
  type Right,
  wrong,
} from '#authentication/login-step.ts'
import type { Accepted, Proof } from '#authentication/proof.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Factor, FirstFactor, SecondFactor } from '#workflow/factor.ts'

export async function proveStep(
  needs: LoginNeeds,
  login: Login,
  person: Person | undefined,
  given: Given,
): Promise<Stepped> {
  if (isOver(login)) return { login, answer: { kind: 'over' } }
  if (login.progress.first === undefined) {
    const factor = firstFactor(login, given.policy, person)
    if (factor.class === 'CODE') return codeStep(needs, login, factor, person, given)
    return proveFirst(needs, login, factor, person, given)
  }
  const factor = await secondFactor(needs, login, given.policy, person)
  if (factor.class === 'PUSH') return pushStep(needs, login, factor, given)
  return proveSecond(needs, login, factor, given)
}

async function proveFirst(
  needs: LoginNeeds,
  login: Login,
  factor: FirstFactor,
  person: Person | undefined,
  given: Given,
): Promise<Stepped> {
  const now = needs.clock.now()
  const step = (accepted: Omit<Accepted, 'user'>) =>
    person === undefined ? undefined : afterFirst(login, factor, person, given.name, accepted, now)
  let done: ReturnType<typeof step>
  const verdict = await needs.authentication.prove(login.tenant, {
    ...proofOf(login, factor, given.name, given),
    alongside: alongside(needs, login, factor, accepted => {
      // The proof's unit may run again; the last run is the one that stands.
      done = accepted.user === person?.id ? step(accepted) : undefined
      return done?.right
    }),
  })
  if (verdict.outcome === 'rejected') return { login, answer: await wrong(needs, login, factor, verdict.reason) }
  if (!done) return noTemplate(needs, login)
  const after = moved(login, done.right)
  if (done.next.step === 'second') return { login: after, answer: { kind: 'second', factors: done.next.factors } }
  return { login: after, answer: await afterProofs(needs, after, verdict.expiresAt_ms) }
}

async function proveSecond(needs: LoginNeeds, login: Login, factor: SecondFactor, given: Given): Promise<Stepped> {
  const { user } = login.progress
  if (!user) throw new Refusal('invalid_request')
  const now = needs.clock.now()
  let right: Right | undefined
  const verdict = await needs.authentication.prove(login.tenant, {
    ...proofOf(login, factor, user.name, given),
    alongside: alongside(needs, login, factor, accepted => {
      right = accepted.user === user.id ? afterSecond(login, factor, accepted, now) : undefined
      return right
    }),
  })
  if (verdict.outcome === 'rejected') return { login, answer: await wrong(needs, login, factor, verdict.reason) }
  // A name that went to somebody else between the two factors.
  if (!right) return { login, answer: { kind: 'wrong', left: undefined } }
  const after = moved(login, right)
  return { login: after, answer: await afterProofs(needs, after, verdict.expiresAt_ms) }
}

export function proofOf(login: Login, factor: Pick<Factor, 'code'>, name: string, given: Given): Proof {
  const policy = policyOf(login, factor.code)
  return {
    name,
    secret: given.secret,
    policy,
    mode: 'SYNCHRONOUS',
    device: undefined,
    channel: login.client.document.userChannel,
    values: [],
    scope: '',
    session: false,
    client: login.client.clientId,
    actor: actorOf(login),
    correlation: given.correlation,
  }
}
