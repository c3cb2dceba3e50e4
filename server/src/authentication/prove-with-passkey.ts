/**
 * A passkey: an assertion over a challenge of this login (Web Authentication Level 3 section 7.2). The challenge is the attempt: it is
 * taken away and committed before anything is verified, whatever comes of it. Verifying is asynchronous and stands between two units.
 * Failures are counted and lock nobody out: nothing is guessed here, and strangers could close the best factor that somebody has.
 *
 * A counter that went back is refused and told to the audit as perhaps a clone. The passkey stays as it was: which of the two is the
 * owner's cannot be told, and an administrator can suspend it.
 */
import type { Assertion } from '#authentication/assertion.ts'
import { type Obstacle, obstacleOf, usable } from '#authentication/may-authenticate.ts'
import type { AuthenticationNeeds } from '#authentication/needs.ts'
import type { PasskeyPlace } from '#authentication/passkey-place.ts'
import { handleText, openedRecord } from '#authentication/passkey-record.ts'
import type { Proof, Verdict } from '#authentication/proof.ts'
import { reserveStep } from '#authentication/reserve-step.ts'
import { settled, settlement } from '#authentication/settlement.ts'
import { decide, LostRace, STALE } from '#domain/deciding-unit.ts'
import type { HeldPasskey, PasskeyQueries } from '#domain/ports/passkey-queries.ts'
import type { PasskeyRecord, Passkeys, UserVerification } from '#domain/ports/passkeys.ts'
import { first, type Query, together, type Unit } from '#domain/ports/store.ts'
import type { Tenant } from '#domain/tenant.ts'

export interface PasskeyNeeds extends AuthenticationNeeds {
  readonly passkeyRows: PasskeyQueries
  readonly passkeys: Passkeys
}

export interface PasskeyProof extends Proof {
  readonly assertion: Assertion | undefined
  /** Undefined: none was asked, or too long ago. */
  readonly challenge: string | undefined
  readonly place: PasskeyPlace
  readonly userVerification: UserVerification
  /** Takes the challenge out of the login; answers a row, or the login moved. Absent where there is none. */
  readonly spend: Query<object> | undefined
}

interface Reserved {
  readonly user: number
  readonly obstacle: Obstacle | 'login_over' | undefined
  readonly keys: readonly HeldPasskey[]
  readonly tries: number | undefined
  readonly tenant: Tenant
}

type Answer =
  | {
      readonly accepted: true
      readonly key: Key
      readonly counter: number
      readonly backedUp: boolean
      readonly verified: boolean
    }
  | { readonly accepted: false; readonly reason: string; readonly key?: Key }

interface Key {
  readonly row: HeldPasskey
  readonly record: PasskeyRecord
}

export async function proveWithPasskey(needs: PasskeyNeeds, tenant: Tenant, proof: PasskeyProof): Promise<Verdict> {
  const reserved = await decide(needs, tenant, current => reserve(needs, current, proof))
  const answer = await verify(needs, reserved, proof)
  return decide<Verdict>(needs, reserved.tenant, current => settle(needs, current, proof, reserved, answer))
}

function* reserve(needs: PasskeyNeeds, tenant: Tenant, proof: PasskeyProof): Unit<Reserved | typeof STALE> {
  const { proofs, passkeyRows, clock } = needs
  const standing = yield* first(proofs.standing(tenant.number, proof.name, proof.policy.code))
  if (standing === undefined || standing.version > tenant.version) return STALE
  const tries = yield* reserveStep(proof)
  const user = standing.user ?? 0
  const [keys, spent] = yield* together(
    passkeyRows.passkeysOf(tenant.number, user),
    ...(proof.spend ? [proof.spend] : []),
  )
  if (typeof tries === 'number' && spent?.length === 0)
    throw new LostRace('somebody else spent the challenge meanwhile')
  const obstacle = tries === 'over' ? 'login_over' : obstacleOf(proof.policy, standing, clock.now())
  return { user, obstacle, keys, tries: typeof tries === 'number' ? tries : undefined, tenant }
}

/** Without a key of the person the same work is done with nobody's. */
async function verify(needs: PasskeyNeeds, reserved: Reserved, proof: PasskeyProof): Promise<Answer> {
  const { assertion, challenge, place, userVerification } = proof
  if (!assertion) return { accepted: false, reason: 'malformed' }
  if (challenge === undefined || reserved.obstacle === 'login_over') return { accepted: false, reason: 'no_challenge' }
  const keys = candidatesOf(needs, reserved, assertion)
  let refused: Answer = { accepted: false, reason: 'unknown_passkey' }
  for (const key of keys.length > 0 ? keys : [undefined]) {
    const verdict = await needs.passkeys.verifyAssertion({
      ...{ assertion: assertion.whole, challenge, userVerification, ...place },
      record: key?.record ?? NOBODYS,
    })
    if (!key) continue
    if (verdict.verdict === 'accepted') {
      const { counter, backedUp, userVerified: verified } = verdict
      return { accepted: true, key, counter, backedUp, verified }
    }
    refused = { accepted: false, reason: verdict.reason, key }
    // Only the holder of the key gets so far; no other key is meant.
    if (verdict.reason === WENT_BACK) break
  }
  return refused
}

const WENT_BACK = 'counter_went_back'

/** Keys that may be meant. A response without an id names none, so each of the person's is tried. */
function candidatesOf(
  { clock }: PasskeyNeeds,
  { keys, obstacle, tenant }: Reserved,
  { credentialId, userHandle }: Assertion,
): readonly Key[] {
  if (obstacle !== undefined) return []
  const now = clock.now()
  return keys
    .filter(row => usable(row, now))
    .filter(row => userHandle === undefined || handleText(row.handle) === userHandle)
    .map(row => ({ row, record: openedRecord(tenant, row) }))
    .filter(({ record }) => credentialId === undefined || record.credentialId === credentialId)
}

/** The base point of P-256: work for strangers, of which nothing is looked at. */
const NOBODYS = {
  credentialId: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  publicKey: 'pQECAyYgASFYIGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWIlggT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU',
  counter: 0,
  transports: [],
  backupEligible: false,
} as const

function* settle(
  needs: PasskeyNeeds,
  tenant: Tenant,
  proof: PasskeyProof,
  { user, obstacle, tries }: Reserved,
  answer: Answer,
): Unit<Verdict | typeof STALE> {
  const { proofs, passkeyRows, clock } = needs
  const [[standing], keys] = yield* together(
    proofs.standingOf(tenant.number, user, proof.policy.code),
    passkeyRows.passkeysOf(tenant.number, user),
  )
  if (standing === undefined || standing.version > tenant.version) return STALE
  const now = clock.now()
  const row = keys.find(({ credential }) => credential === answer.key?.row.credential)
  const rejection =
    obstacle ??
    obstacleOf(proof.policy, standing, now) ??
    (answer.accepted ? lastWord(answer, row, now) : answer.reason)
  const device = answer.key?.row
  const end = settlement(needs, tenant, proof, {
    action: 'primaryAuthenticateFIDO',
    user,
    // Counted in the statistics, and never a failure in a row; a success forgives what other doors counted.
    own: obstacle === undefined ? (standing.started ?? 0) : undefined,
    now_ms: now,
    device: device && { id: device.device, type: device.deviceType, externalId: device.deviceExternalId },
    amr: answer.accepted ? amrOf(answer) : [],
    rejection,
    expiresAt_ms: standing.expiryAt,
    ...(tries === undefined ? {} : { tries }),
  })
  if (rejection !== undefined || !answer.accepted || !row) return yield* settled(end)
  const { counter, backedUp } = answer
  return yield* settled(end, passkeyRows.use(tenant.number, row.credential, { counter, backedUp, at: now }))
}

/** What changed while it was verified: the passkey may be suspended, or its counter have come further by another login. */
function lastWord(
  { counter }: Answer & { readonly accepted: true },
  row: HeldPasskey | undefined,
  now: number,
): string | undefined {
  if (!row || !usable(row, now)) return 'unknown_passkey'
  return (counter > 0 || row.next > 0) && counter <= row.next ? WENT_BACK : undefined
}

/** RFC 8176: `hwk` only where a trusted maker vouches that the key cannot leave its hardware. The check of the person is a second factor. */
function amrOf({ key, verified }: Answer & { readonly accepted: true }): readonly string[] {
  const { attestation, backupEligible } = key.record
  const held = attestation.trusted && !backupEligible ? 'hwk' : 'pop'
  return verified ? [held, 'user', 'mfa'] : [held, 'user']
}
