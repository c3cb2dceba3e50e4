/**
 * Somebody enrols a contactless card in his login (`enroll/card`): for a card that proves something a challenge first, then the card. What
 * protects it is asked both times. When the tries of the enrolment are up it is closed in this login, which goes on without it.
 */
import { enrollableCards } from '#authentication/card-applications.ts'
import { NO_MORE, registerCard } from '#authentication/card-enrolment.ts'
import { readCard } from '#authentication/card-given.ts'
import type { Stepped } from '#authentication/login-answer.ts'
import { askedCard, cardOrigins, spentCard } from '#authentication/login-card.ts'
import { policyOf } from '#authentication/login-factor.ts'
import { changeOf, type Found, type Login } from '#authentication/login-find.ts'
import type { LoginNeeds } from '#authentication/login-needs.ts'
import { namedEnrolment, protectedBy } from '#authentication/login-protection.ts'
import { isOver, workflowOf } from '#authentication/login-step.ts'
import { ANY_CARD, type CardApplication, cardPolicyCode } from '#domain/card-application.ts'
import { decide } from '#domain/deciding-unit.ts'
import type { LoginUser } from '#domain/login.ts'
import { Refusal } from '#domain/refusal.ts'
import type { EnrolAction } from '#workflow/enrolment.ts'

export interface CardEnrolGiven {
  /** `AT_CARD`, the policy of an application, or the code of the enrolment. */
  readonly policy: string
  readonly enrolId: string | undefined
  readonly application: string | undefined
  /** The call shows a token of the login's own client. */
  readonly byClient: boolean
  readonly correlation: string
}

const MANY = 1000

/** `getchallenge`. */
export async function cardChallenge(needs: LoginNeeds, found: Found, given: CardEnrolGiven): Promise<Stepped> {
  const { action, user, applications } = await enrolling(needs, found, given)
  return askedCard(needs, found.login, 'enrol', action.id, applications, user.id)
}

/** `registercredential`. */
export async function enrolCard(
  needs: LoginNeeds,
  found: Found,
  given: CardEnrolGiven & { readonly credential: unknown },
): Promise<Stepped> {
  const { login } = found
  const { tenant, row } = login
  const presented = readCard(given.credential)
  const wanted = given.application ?? presented?.application
  const { action, user, applications } = await enrolling(needs, found, { ...given, application: wanted })
  const application = applications.find(({ types }) => presented && types.includes(presented.type)) ?? applications[0]
  const { challenge } = spentCard(needs, login, 'enrol', action.id, user.id)
  const { card: _, ...progress } = login.progress
  const spent: Login = { ...login, progress, row: { ...row, revision: row.revision + 1 } }
  const limit = action.retry ?? MANY
  const enrolment = {
    ...{ login, action, user, presented, correlation: given.correlation, application: application.code },
    nonce: challenge === undefined ? undefined : new Uint8Array(Buffer.from(challenge, 'base64url')),
    origins: cardOrigins(login),
    ids: await needs.ids.next(tenant.number, 2),
    take: needs.logins.takeTry(tenant.number, row.id, `enrol ${action.id}`, limit, row.revision),
    spend: needs.logins.change(tenant.number, row.id, changeOf(login, needs.clock.now(), progress)),
  }
  const done = await decide(needs, tenant, current => registerCard(needs, current, enrolment))
  if (!('reason' in done)) return { login: spent, answer: { kind: 'enrolled', device: done.device, name: undefined } }
  if (done.reason === NO_MORE) throw new Refusal('access_denied', 'No more cards may be tried in this login.')
  return { login: spent, answer: { kind: 'key refused', reason: TOLD.includes(done.reason) ? done.reason : 'refused' } }
}

/** Reasons that a page explains. Of a proof that failed nobody is told where. */
const TOLD = ['malformed', 'other_application', 'too_many_cards', 'known_card', 'no_pending_device', 'no_public_key']

interface Enrolling {
  readonly action: EnrolAction
  readonly user: LoginUser
  /** Never empty. */
  readonly applications: readonly [CardApplication, ...CardApplication[]]
}

/** Which enrolment the call means, and for whom; refuses whatever is not protected as its workflow says. */
async function enrolling(needs: LoginNeeds, found: Found, given: CardEnrolGiven): Promise<Enrolling> {
  const { login } = found
  if (isOver(login)) throw new Refusal('access_denied', 'The login is over.')
  const workflow = workflowOf(login)
  const { configuration } = login.tenant
  const { policy, enrolId, application } = given
  const meantBy = (action: EnrolAction) =>
    enrollableCards(configuration, action).filter(
      ({ code }) =>
        (application === undefined || application === code) &&
        (policy === action.code || policy === ANY_CARD || policy === cardPolicyCode(code)),
    )
  const action = namedEnrolment(
    workflow,
    'CARD',
    one => (enrolId === undefined || one.id === enrolId) && meantBy(one).length > 0,
  )
  const [one, ...more] = meantBy(action)
  if (!one) throw new Refusal('invalid_request', 'authType is no enrolment of this login.')
  policyOf(login, cardPolicyCode(one.code))
  const user = await protectedBy(needs, found, { ...action, code: cardPolicyCode(one.code) }, given.byClient)
  if (!user) {
    throw new Refusal('not_allowed', 'What protects the enrolment was not proved in this login, or too long ago.', {
      members: { reason: 'protection_needed' },
    })
  }
  return { action, user, applications: [one, ...more] }
}
