/**
 * A card becomes true in one unit: a try of the enrolment, its challenge, its device (the one that waits under this serial number, or a new
 * one), its key, the authenticator where the user has none, the audit. Either all of it stands or nothing but the try, and a reason.
 * A serial number stands once in an application, whosever it is: the index of devices keeps it.
 */
import type { PresentedCard } from '#authentication/card-given.ts'
import { cardKeyOf, sealedCard } from '#authentication/card-key.ts'
import type { Login } from '#authentication/login-find.ts'
import type { LoginNeeds } from '#authentication/login-needs.ts'
import {
  type CardApplication,
  cardCredentialTypeCode,
  cardDeviceTypeCode,
  cardPolicyCode,
} from '#domain/card-application.ts'
import { LostRace, STALE } from '#domain/deciding-unit.ts'
import type { Device } from '#domain/device.ts'
import type { LoginUser } from '#domain/login.ts'
import type { CardRow } from '#domain/ports/card-queries.ts'
import { first, type Query, together, type Unit } from '#domain/ports/store.ts'
import type { Tenant } from '#domain/tenant.ts'
import { judgeCard } from '#factors/card/card.ts'
import type { EnrolAction } from '#workflow/enrolment.ts'

const DAY_MS = 86_400_000

export interface CardEnrolment {
  readonly login: Login
  readonly action: EnrolAction
  readonly user: LoginUser
  /** Code of the application. */
  readonly application: string
  /** Undefined: what came is no card. */
  readonly presented: PresentedCard | undefined
  readonly nonce: Uint8Array | undefined
  readonly origins: readonly string[]
  /** Numbers for a device and a credential. */
  readonly ids: readonly number[]
  readonly correlation: string
  /** Takes a try; no row: they are up, or the login moved. */
  readonly take: Query<object>
  /** Writes the login without its challenge; answers a row. */
  readonly spend: Query<object>
}

export type CardEnrolled = { readonly device: number } | { readonly reason: string }

export function* registerCard(
  needs: LoginNeeds,
  tenant: Tenant,
  enrolment: CardEnrolment,
): Unit<CardEnrolled | typeof STALE> {
  const { proofs, users, cardRows, devices, clock, count } = needs
  const { user, presented } = enrolment
  const application = tenant.configuration.findCardApplication(enrolment.application)
  const policy = cardPolicyCode(enrolment.application)
  const type = cardDeviceTypeCode(enrolment.application)
  const [[standing]] = yield* together(
    proofs.standingOf(tenant.number, user.id, policy),
    // Held, so that two cards of one person are counted one after the other.
    users.heldUser(tenant.number, user.id),
  )
  if (standing === undefined || standing.version > tenant.version) return STALE
  const [taken, spent] = yield* together(enrolment.take, enrolment.spend)
  if (taken.length === 0) return { reason: NO_MORE }
  if (spent.length === 0) throw new LostRace('the login went on meanwhile')
  // Whoever makes a device waits here for the others: one card is not enrolled twice.
  yield [count(tenant.number, 'device', 0)]
  const now = clock.now()
  const [rows, [active]] = yield* together(
    cardRows.cards(tenant.number, presented?.csn ?? ''),
    devices.activeDevices(tenant.number, user.id, type, 0),
  )
  const known = rows.find(({ deviceType }) => deviceType === type)
  const reason = !standing.active
    ? 'user_disabled'
    : (faultOfCard(needs, tenant, application, enrolment) ??
      faultOfPlace(tenant, enrolment, known, active?.total ?? 0, type, now))
  if (reason !== undefined || !presented) {
    yield cardEvent(needs, tenant, enrolment, { reason: reason ?? 'malformed' })
    return { reason: reason ?? 'malformed' }
  }
  const device = deviceOf(enrolment, presented.csn, type, known, now)
  const written = yield* first<object>(
    known
      ? devices.replaceDevice(tenant.number, device, known.deviceVersion)
      : devices.addDevice(tenant.number, device),
  )
  if (!written) throw new LostRace('the device was changed by somebody else meanwhile')
  const [, credential = 0] = enrolment.ids
  const { publicKey } = presented
  yield [
    ...cardRows.addCard(tenant.number, {
      ...{ credential, device: device.id, at: now, type: cardCredentialTypeCode(enrolment.application) },
      externalId: `${presented.csn}.${enrolment.application}`,
      secret: sealedCard(tenant, credential, {
        proof: application?.proof ?? 'none',
        ...(application?.proof === 'ecdsa' && publicKey
          ? { publicKey: Buffer.from(publicKey).toString('base64url') }
          : {}),
      }),
    }),
    ...(known ? [] : [count(tenant.number, 'device', 1)]),
    count(tenant.number, 'credential', 1),
    ...(standing.status === null ? authenticator(needs, tenant, user.id, policy, now) : []),
    ...cardEvent(needs, tenant, enrolment, { device, credential }),
  ]
  return { device: device.id }
}

/** The tries are up, or the login moved. */
export const NO_MORE = 'login_over'

/** What it says of itself, and whether it proves it where its application asks for that. */
function faultOfCard(
  { cardCryptography, verifier }: LoginNeeds,
  tenant: Tenant,
  application: CardApplication | undefined,
  { presented, nonce, origins }: CardEnrolment,
): string | undefined {
  if (!presented) return 'malformed'
  if (!application?.types.includes(presented.type)) return 'other_application'
  if (application.proof === 'ecdsa' && presented.publicKey === undefined) return 'no_public_key'
  const { csn, origin, answer, publicKey } = presented
  const evidence = { use: 'enrol', application: application.code, csn, origin, origins, nonce, answer } as const
  return judgeCard(cardKeyOf(tenant, application, { publicKey }), evidence, { cards: cardCryptography, verifier })
}

/** Whether it may be his: it waits for him under its number, or nobody knows it. */
function faultOfPlace(
  { configuration }: Tenant,
  { action, user }: CardEnrolment,
  known: CardRow | undefined,
  active: number,
  type: string,
  now: number,
): string | undefined {
  const most = configuration.findDeviceType(type)?.maximumDevicePerUser ?? 0
  if (most >= 0 && active >= most) return 'too_many_cards'
  const open = known?.deviceExpiryAt === null || now < (known?.deviceExpiryAt ?? 0)
  const waits = known?.deviceStatus === 'PENDING' && known.credential === null && known.owner === user.id && open
  if (known && !waits) return 'known_card'
  return action.deviceBinding === 'required' && !waits ? 'no_pending_device' : undefined
}

function deviceOf(
  { ids, user }: CardEnrolment,
  csn: string,
  type: string,
  known: CardRow | undefined,
  now: number,
): Device {
  const [id = 0] = ids
  return {
    id: known?.device ?? id,
    ...{ externalId: known?.deviceExternalId ?? csn, type, owner: user.id, friendlyName: null, status: 'ACTIVE' },
    startAt_ms: Math.min(known?.deviceStartAt ?? now, now),
    expiryAt_ms: known?.deviceExpiryAt ?? null,
    ...{ createdAt_ms: now, version: known?.deviceVersion ?? 1 },
  }
}

function authenticator(
  { authenticators, count }: LoginNeeds,
  tenant: Tenant,
  user: number,
  policy: string,
  now: number,
): readonly Query[] {
  const days = tenant.configuration.findPolicy(policy)?.validDaysAdd ?? -1
  return [
    authenticators.addAuthenticator(tenant.number, {
      ...{ user, policy, status: 'ENABLED', version: 1, startAt_ms: now, createdAt_ms: now },
      expiryAt_ms: days < 0 ? null : now + days * DAY_MS,
    }),
    authenticators.addState(tenant.number, user, policy),
    count(tenant.number, 'authenticator', 1),
  ]
}

/** The administrator sees which card it was, and why it was refused. */
function cardEvent(
  { recorder }: LoginNeeds,
  tenant: Tenant,
  { login, user, application, presented, correlation }: CardEnrolment,
  what: { readonly reason: string } | { readonly device: Device; readonly credential: number },
): readonly Query[] {
  const refusal = 'reason' in what ? what.reason : undefined
  const only = tenant.configuration.findCardApplication(application)?.proof === undefined
  return recorder.record(tenant.number, {
    action: 'registerCard',
    result: refusal === undefined ? 'SUCCESS' : 'FAILURE',
    ...(refusal === undefined ? {} : { reason: refusal }),
    actor: refusal === undefined ? { kind: 'user', id: user.id } : { kind: 'client', id: login.client.clientId },
    user: user.id,
    parameters: {
      ATC: cardPolicyCode(application),
      CHC: login.client.document.userChannel,
      COI: correlation,
      DTC: cardDeviceTypeCode(application),
      ...(presented ? { DSN: presented.csn } : {}),
      ...('device' in what ? { DID: what.device.id, CID: what.credential } : {}),
      ...(only ? { TEXT1: 'identifier only' } : {}),
    },
  }).queries
}
