/**
 * A contactless card as a factor of a login: the page may ask for a challenge (`card_challenge`), and hands over what the card says
 * (`password`). The challenge stands in the row of the login, is good once and for two minutes, and the next one takes its place.
 * It is asked without looking at anybody, so it tells nothing about who has a card.
 *
 * The message and its nonce: docs/card-protocol.md. What a card without proof may do: docs/decisions/cards.md.
 */

import { applicationsOf } from '#authentication/card-applications.ts'
import { readCard } from '#authentication/card-given.ts'
import type { Stepped } from '#authentication/login-answer.ts'
import { keepChallenge } from '#authentication/login-challenge.ts'
import { noTemplate } from '#authentication/login-error.ts'
import { actorOf, firstFactor, policyOf, secondFactor } from '#authentication/login-factor.ts'
import { changeOf, type Found, type Login, type Person } from '#authentication/login-find.ts'
import type { LoginNeeds } from '#authentication/login-needs.ts'
import {
  afterFirst,
  afterProofs,
  afterSecond,
  alongside,
  behind,
  isOver,
  moved,
  type Right,
  workflowOf,
  wrong,
} from '#authentication/login-step.ts'
import type { Accepted, Verdict } from '#authentication/proof.ts'
import { type CardProof, proveWithCard } from '#authentication/prove-with-card.ts'
import type { CardApplication } from '#domain/card-application.ts'
import { decide } from '#domain/deciding-unit.ts'
import type { AskedCard } from '#domain/login.ts'
import { Refusal } from '#domain/refusal.ts'
import { isEnoughAlone } from '#workflow/cards.ts'
import { findCriteria } from '#workflow/criteria.ts'
import type { Factor, FirstFactor, SecondFactor } from '#workflow/factor.ts'
import { type Next, nextStep } from '#workflow/next-step.ts'

export interface CardGiven {
  readonly name: string
  readonly policy: string
  /** Object or JSON text, of a stranger. */
  readonly presented: unknown
  readonly correlation: string
}

const CHALLENGE_BYTES = 32
const CARD_CHALLENGE_MS = 120_000

/** `card_challenge`. */
export async function askCard(needs: LoginNeeds, { login, person }: Found, policy: string): Promise<Stepped> {
  if (isOver(login)) return { login, answer: { kind: 'over' } }
  const proved = login.progress.first !== undefined
  const factor = proved ? await secondFactor(needs, login, policy, person) : firstFactor(login, policy, person)
  assertCard(login, factor)
  const { configuration } = login.tenant
  return askedCard(needs, login, 'sign-in', factor.id, applicationsOf(configuration, workflowOf(login), factor.code))
}

/** What a page gets: the challenge, and which applications answer it how. */
export async function askedCard(
  needs: LoginNeeds,
  login: Login,
  use: AskedCard['use'],
  of: string,
  applications: readonly CardApplication[],
  user?: number,
): Promise<Stepped> {
  const challenge = Buffer.from(needs.random.bytes(CHALLENGE_BYTES)).toString('base64url')
  const asked = { use, of, challenge, at_ms: needs.clock.now(), ...(user === undefined ? {} : { user }) }
  const after = await keepChallenge(needs, login, 'card challenge', { card: asked })
  const options = { challenge, use, expires_in: CARD_CHALLENGE_MS / 1000, applications: applications.map(cardWire) }
  return { login: after, answer: { kind: 'options', options } }
}

export const cardWire = ({ code, types, proof }: CardApplication) => ({
  application: code,
  types: [...types],
  proof: proof ?? 'none',
})

function assertCard(login: Login, factor: Factor): void {
  if (factor.class !== 'CARD' || policyOf(login, factor.code).factor !== 'card') {
    throw new Refusal('invalid_request', 'authType is no card of this login.')
  }
}

/** `password`, with a card. */
export async function proveCardStep(needs: LoginNeeds, found: Found, given: CardGiven): Promise<Stepped> {
  const { login, person } = found
  if (isOver(login)) return { login, answer: { kind: 'over' } }
  if (login.progress.first === undefined) {
    return proveFirst(needs, login, firstFactor(login, given.policy, person), person, given)
  }
  return proveSecond(needs, login, await secondFactor(needs, login, given.policy, person), given)
}

async function proveFirst(
  needs: LoginNeeds,
  login: Login,
  factor: FirstFactor,
  person: Person | undefined,
  given: CardGiven,
): Promise<Stepped> {
  const now = needs.clock.now()
  const { spent, challenge } = spentCard(needs, login, 'sign-in', factor.id)
  let done: { readonly right: Right; readonly next: Next } | undefined
  const verdict = await prove(
    needs,
    { login, spent, challenge, given },
    factor,
    identifying(login, factor, person),
    accepted => {
      const same = person !== undefined && accepted.user === person.id
      done = same ? afterFirst(spent, factor, person, given.name, accepted, now) : undefined
      return done?.right
    },
  )
  if (verdict.outcome === 'rejected') return refused(needs, spent, factor, verdict.reason)
  if (!done) return noTemplate(needs, spent)
  const after = moved(spent, done.right)
  if (done.next.step === 'second') return { login: after, answer: { kind: 'second', factors: done.next.factors } }
  return { login: after, answer: await afterProofs(needs, after, verdict.expiresAt_ms) }
}

async function proveSecond(needs: LoginNeeds, login: Login, factor: SecondFactor, given: CardGiven): Promise<Stepped> {
  const { user } = login.progress
  if (!user) throw new Refusal('invalid_request')
  const now = needs.clock.now()
  const { spent, challenge } = spentCard(needs, login, 'sign-in', factor.id)
  let right: Right | undefined
  const asking = { login, spent, challenge, given: { ...given, name: user.name } }
  // A number that anybody can read is no second factor.
  const verdict = await prove(needs, asking, factor, 'not enough', accepted => {
    right = accepted.user === user.id ? afterSecond(spent, factor, accepted, now) : undefined
    return right
  })
  if (verdict.outcome === 'rejected') return refused(needs, spent, factor, verdict.reason)
  if (!right) return { login: spent, answer: { kind: 'wrong', left: undefined } }
  const after = moved(spent, right)
  return { login: after, answer: await afterProofs(needs, after, verdict.expiresAt_ms) }
}

/** The login without its challenge, as the unit leaves it, and the challenge where it is the one of this step and still good. */
export function spentCard(
  { clock }: LoginNeeds,
  login: Login,
  use: AskedCard['use'],
  of: string,
  user?: number,
): { readonly spent: Login; readonly challenge: string | undefined } {
  const { card: asked, ...progress } = login.progress
  if (!asked) return { spent: login, challenge: undefined }
  const mine = asked.use === use && asked.of === of && asked.user === user
  const open = mine && clock.now() - asked.at_ms < CARD_CHALLENGE_MS
  const spent: Login = { ...login, progress, row: { ...login.row, revision: login.row.revision + 1 } }
  return { spent, challenge: open ? asked.challenge : undefined }
}

/** Pages that may hold a reader: ours, and those that may read our answers. */
export function cardOrigins({ request, tenant }: Login): readonly string[] {
  return [new URL(request.issuer).origin, ...tenant.configuration.cors.origins]
}

/**
 * Whether a card that only identifies may be this step: where somebody wrote that it is enough, or where another factor follows.
 * Never where a client asked for some acr, and got this way by it.
 */
function identifying(login: Login, factor: FirstFactor, person: Person | undefined): CardProof['identifying'] {
  const workflow = workflowOf(login)
  const honoured = findCriteria(workflow, factor.criteria)?.acrFiltering === true
  if (honoured && login.request.acrValues.length > 0) return 'not enough'
  if (isEnoughAlone(workflow, factor)) return 'enough'
  const after = nextStep(workflow, { ...behind(login, person?.owned ?? new Set()), first: factor.id })
  return after.step === 'second' ? 'enough' : 'not enough'
}

interface Asking {
  readonly login: Login
  readonly spent: Login
  readonly challenge: string | undefined
  readonly given: CardGiven
}

/** The try is taken from the login as it was read, what comes of it is written over the one whose challenge is spent. */
async function prove(
  needs: LoginNeeds,
  { login, spent, challenge, given }: Asking,
  factor: Factor,
  identifying: CardProof['identifying'],
  right: (accepted: Accepted) => Right | undefined,
): Promise<Verdict> {
  assertCard(login, factor)
  const { tenant, client, row } = login
  const applications = applicationsOf(tenant.configuration, workflowOf(login), factor.code)
  const { reserve } = alongside(needs, login, factor, right)
  const proof: CardProof = {
    ...{ name: given.name, correlation: given.correlation, identifying },
    presented: readCard(given.presented),
    applications: applications.map(({ code }) => code),
    nonce: challenge === undefined ? undefined : new Uint8Array(Buffer.from(challenge, 'base64url')),
    origins: cardOrigins(login),
    policy: policyOf(login, factor.code),
    spend:
      spent === login
        ? undefined
        : needs.logins.change(tenant.number, row.id, changeOf(login, needs.clock.now(), spent.progress)),
    alongside: { ...alongside(needs, spent, factor, right), reserve },
    ...{ secret: '', mode: 'SYNCHRONOUS', device: undefined, values: [], scope: '', session: false },
    channel: client.document.userChannel,
    client: client.clientId,
    actor: actorOf(login),
  }
  const verdict = await decide(needs, tenant, current => proveWithCard(needs, current, proof))
  if (verdict.outcome === 'rejected') await needs.authentication.failed(tenant)
  return verdict
}

async function refused(needs: LoginNeeds, spent: Login, factor: Factor, reason: string): Promise<Stepped> {
  return { login: spent, answer: await wrong(needs, spent, factor, reason) }
}
