/**
 * A contactless card. One unit: which application its serial number is of, the attempt, the challenge taken out of the login, the card
 * as it is now, what comes of it. Whose card it is decides the row, never the page. The attempt is that of the application's
 * own policy, so that a workflow's `AT_CARD` has no counter beside it.
 *
 * Of a card that only identifies the audit says so, and the login claims nothing by it.
 */
import type { PresentedCard } from '#authentication/card-given.ts'
import { cardKeyOf } from '#authentication/card-key.ts'
import { findAttempt } from '#authentication/find-attempt.ts'
import { usable } from '#authentication/may-authenticate.ts'
import type { AuthenticationNeeds } from '#authentication/needs.ts'
import type { Proof, Verdict } from '#authentication/proof.ts'
import { reserveStep, within } from '#authentication/reserve-step.ts'
import { settled, settlement } from '#authentication/settlement.ts'
import { type CardApplication, cardDeviceTypeCode, cardPolicyCode } from '#domain/card-application.ts'
import { LostRace, STALE } from '#domain/deciding-unit.ts'
import type { CardCryptography } from '#domain/ports/card-cryptography.ts'
import type { CardQueries, CardRow } from '#domain/ports/card-queries.ts'
import type { Candidate } from '#domain/ports/proof-queries.ts'
import { type Query, rowsOf, together, type Unit } from '#domain/ports/store.ts'
import type { Verifier } from '#domain/ports/verifier.ts'
import type { Tenant } from '#domain/tenant.ts'
import { cardAmr, judgeCard } from '#factors/card/card.ts'

export interface CardNeeds extends AuthenticationNeeds {
  readonly cardRows: CardQueries
  readonly cardCryptography: CardCryptography
  readonly verifier: Verifier
}

export interface CardProof extends Proof {
  readonly presented: PresentedCard | undefined
  /** Codes of those that count here. */
  readonly applications: readonly string[]
  /** Undefined: none was asked, or too long ago. */
  readonly nonce: Uint8Array | undefined
  /** Of pages that may hold a reader. */
  readonly origins: readonly string[]
  /** Whether a card may end this login that only identifies. */
  readonly identifying: 'enough' | 'not enough'
  /** Takes the challenge out of the login; answers a row, or the login moved. Undefined: there is none. */
  readonly spend: Query<object> | undefined
}

const NO_CSN = 'no card'

export function* proveWithCard(needs: CardNeeds, tenant: Tenant, proof: CardProof): Unit<Verdict | typeof STALE> {
  const { proofs, cardRows } = needs
  const csn = proof.presented?.csn ?? NO_CSN
  const known = yield* rowsOf(cardRows.cards(tenant.number, csn))
  const application = meant(tenant, proof, known)
  const policy = tenant.configuration.findPolicy(application ? cardPolicyCode(application.code) : '') ?? proof.policy
  const found = yield* findAttempt(needs, tenant, { name: proof.name, policy })
  if (found === STALE) return STALE
  const { user, attempt, now, expiryAt } = found
  const tries = yield* reserveStep(proof)
  const [[slot], rows, spent = []] = yield* together(
    proofs.reserve(tenant.number, { ...within(attempt, tries), user, policy: policy.code, at: now }),
    // Once more: the reservation orders all who show this card.
    cardRows.cards(tenant.number, csn),
    ...(proof.spend && tries !== 'over' ? [proof.spend] : []),
  )
  if (proof.spend && tries !== 'over' && (spent as readonly object[]).length === 0) {
    throw new LostRace('somebody else spent the challenge meanwhile')
  }
  const own = tries === 'over' ? undefined : slot?.started
  const row = application && ownCard(rows as readonly CardRow[], application, user, now)
  const judged = answerOf(needs, tenant, proof, application, row)
  // Of no application there is no authenticator that could stand in the way.
  const standing = application ? (attempt.obstacle ?? (slot ? undefined : 'locked')) : undefined
  const obstacle = tries === 'over' ? 'login_over' : standing
  const rejection = obstacle ?? judged.rejection
  const end = settlement(
    needs,
    tenant,
    { ...proof, policy },
    {
      action: 'primaryAuthenticateCard',
      user,
      own,
      now_ms: now,
      device: row && { id: row.device, type: row.deviceType, externalId: row.deviceExternalId },
      amr: rejection === undefined ? judged.amr : [],
      rejection,
      expiresAt_ms: expiryAt,
      identifiesOnly: application !== undefined && application.proof === undefined,
      ...(typeof tries === 'number' ? { tries } : {}),
    },
  )
  if (rejection !== undefined || !row) return yield* settled(end)
  return yield* settled(
    end,
    proofs.advance(tenant.number, row.credential, row.stateVersion, { next: 0, drift: 0 }, now),
  )
}

/** By its name; else the one that has this card; else the first whose makes fit. */
function meant(
  { configuration }: Tenant,
  { presented, applications }: CardProof,
  known: readonly CardRow[],
): CardApplication | undefined {
  if (!presented) return undefined
  const fitting = applications
    .flatMap(code => configuration.findCardApplication(code) ?? [])
    .filter(({ types }) => types.includes(presented.type))
  if (presented.application !== undefined) return fitting.find(({ code }) => code === presented.application)
  return fitting.find(one => known.some(({ deviceType }) => deviceType === cardDeviceTypeCode(one.code))) ?? fitting[0]
}

type OwnCard = CardRow & Candidate

function ownCard(rows: readonly CardRow[], { code }: CardApplication, user: number, now: number): OwnCard | undefined {
  const type = cardDeviceTypeCode(code)
  return rows
    .filter((row): row is OwnCard => row.credential !== null)
    .find(row => row.deviceType === type && row.owner === user && row.held === 0 && usable(row, now))
}

interface Judged {
  readonly rejection: string | undefined
  readonly amr: readonly string[]
}

function answerOf(
  { cardCryptography, verifier }: CardNeeds,
  tenant: Tenant,
  { presented, nonce, origins, identifying }: CardProof,
  application: CardApplication | undefined,
  row: OwnCard | undefined,
): Judged {
  if (!presented) return { rejection: 'malformed', amr: [] }
  if (!application) return { rejection: 'other_application', amr: [] }
  const key = cardKeyOf(tenant, application, { row })
  const { csn, origin, answer } = presented
  const evidence = { use: 'sign-in', application: application.code, csn, origin, origins, nonce, answer } as const
  const rejection = judgeCard(key, evidence, { cards: cardCryptography, verifier })
  if (!row) return { rejection: 'no_card', amr: [] }
  if (key.proof === 'none' && identifying !== 'enough') return { rejection: 'identifier_only', amr: [] }
  return { rejection, amr: cardAmr(key) }
}
