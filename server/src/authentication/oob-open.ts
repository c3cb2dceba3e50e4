/**
 * Opens a code and tells it: budgets, the row of the code, the row of the outbox. For whoever is told nothing the same statements run
 * over no rows and a decoy goes to the outbox, so that the outside sees no difference (security.md E1).
 */

import { spendMessage } from '#authentication/message-budgets.ts'
import { composeMessage, type OwnTemplates, renderTemplate, validityText } from '#authentication/message-text.ts'
import { messageNews } from '#authentication/messages.ts'
import type { OutOfBandNeeds } from '#authentication/oob-needs.ts'
import { lifeOf, type Road } from '#authentication/oob-road.ts'
import type { OobSettings } from '#domain/credential-type.ts'
import type { ChallengeId, UserId } from '#domain/ids.ts'
import { codePlace } from '#domain/oob.ts'
import type { MessageMethod } from '#domain/parcel.ts'
import type { Policy } from '#domain/policy.ts'
import { type Query, together, type Unit } from '#domain/ports/store.ts'
import type { Tenant } from '#domain/tenant.ts'
import { makeCode } from '#factors/oob/oob.ts'

export interface Opening {
  readonly user: UserId
  readonly policy: Policy
  readonly settings: OobSettings | undefined
  /** Undefined: nothing is told, and nothing was ever to be told. */
  readonly road: Road | undefined
  /** See `Recipient`. */
  readonly proved: boolean
  /** What the decoy pretends to be. */
  readonly method: MessageMethod
  /** One that is younger than this still stands: nothing new is sent. In milliseconds; 0: always a new one. */
  readonly repeat_ms: number
  readonly says: Saying
}

export type Saying =
  | {
      readonly kind: 'code'
      readonly application: string
      readonly templates: OwnTemplates | undefined
      readonly language: string | undefined
    }
  | {
      readonly kind: 'transaction'
      readonly text: string
      readonly correlation: string | undefined
    }

export interface Opened {
  readonly id: ChallengeId
  /** Undefined: the code is on its way. */
  readonly obstacle: 'over_budget' | 'repeated' | undefined
  /** To be written in this unit. */
  readonly queries: readonly Query[]
}

/** The code for a person that is told by others than us (`api_otp`), too. */
export function* openCode(needs: OutOfBandNeeds, tenant: Tenant, opening: Opening): Unit<Opened> {
  const { proofs, oob, clock, happenings, random } = needs
  const { user, policy, settings, road, proved, repeat_ms, says } = opening
  const real = road !== undefined && settings !== undefined
  const limit = policy.challengeDisableThreshold < 0 ? Number.MAX_SAFE_INTEGER : policy.challengeDisableThreshold
  const [counted] = yield* together(proofs.countChallenge(tenant.number, real ? user : 0, policy.code, limit))
  const method = road?.method ?? opening.method
  const mayTell = yield* spendMessage(needs, tenant, { user, method, to: real ? road.to : undefined, proved })
  const may = mayTell && counted[0] !== undefined

  const now = clock.now()
  const id = happenings.next()
  const secret = makeCode(settings?.digits ?? USUAL_DIGITS, random)
  const correlation = says.kind === 'transaction' ? says.correlation : undefined
  const sealed = tenant.sealer.seal(
    codePlace(id),
    Buffer.from(JSON.stringify({ code: secret, ...(correlation === undefined ? {} : { correlation }) })),
  )
  const expiresAt = now + lifeOf(policy) * 1000
  const row = { id, method, body: sealed, triesLeft: settings?.tries ?? 1, createdAt: now, expiresAt }
  const [, opened] = yield* together(...oob.open(tenant.number, may ? user : 0, policy.code, row, now - repeat_ms))
  const told = may && opened[0] !== undefined
  const { queries } = messageNews(needs, tenant, {
    user,
    method,
    to: told && road ? road.to : undefined,
    ...textOf(tenant, policy, method, secret, says),
    gateways: policy.deliveryGateways,
    purpose: says.kind === 'code' ? 'oob' : 'transaction',
    notAfter: expiresAt,
  })
  return { id, obstacle: told || !real ? undefined : may ? 'repeated' : 'over_budget', queries }
}

const USUAL_DIGITS = 6

function textOf(tenant: Tenant, policy: Policy, method: MessageMethod, secret: string, says: Saying) {
  if (says.kind === 'transaction') {
    const text = renderTemplate(says.text, { secret })
    const values = { application: tenant.name }
    const { subject } = composeMessage(tenant.configuration, { purpose: 'transaction', method, values })
    return subject === undefined ? { text } : { subject, text }
  }
  const { application, templates, language } = says
  const values = { secret, application, validity: validityText(lifeOf(policy)) }
  return composeMessage(tenant.configuration, { purpose: 'oob', method, language, templates, values })
}
