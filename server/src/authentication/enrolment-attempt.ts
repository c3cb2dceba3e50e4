/**
 * Whether an activation knows the code of an invitation. Everything that can be checked without an attempt is checked first and for
 * every name alike, also for one that nobody has; then one unit counts a typed code before it is compared, and records how it ended
 * (security.md C13, E1). Surprise: a source that used up its five typed codes does not touch the twenty of all sources any more.
 */
import {
  type ActivationRequest,
  proofBytes,
  type TranscriptParts,
  transcriptBytes,
} from '@countersign/protocol/approve/activation.ts'
import { readService } from '@countersign/protocol/approve/service-root.ts'
import type { ApprovalNeeds } from '#authentication/approval-needs.ts'
import { type CheckedKeys, checkKeys, evidenceFits, keysFit } from '#authentication/enrolment-keys.ts'
import { type Enrolling, enrolmentEvent, lockInvited } from '#authentication/enrolment-unit.ts'
import { loadPushModel } from '#authentication/policy-document.ts'
import type { STALE } from '#domain/deciding-unit.ts'
import { idOf } from '#domain/ids.ts'
import type { InvitedRow } from '#domain/ports/provision-queries.ts'
import { first, type Unit } from '#domain/ports/store.ts'
import { TYPED_IN_ALL, TYPED_PER_SOURCE } from '#domain/provision.ts'
import type { Tenant } from '#domain/tenant.ts'

const NO_INVITATION = 0
const NO_SECRET = new Uint8Array(48)
const INVITE_KEY_BYTES = 32

export interface EnrolmentFacts {
  readonly row: InvitedRow | undefined
  readonly checked: CheckedKeys | undefined
  readonly transcript: Uint8Array
  readonly proofKey: Uint8Array
  /** Why it fails whatever the code is. */
  readonly reason: string | undefined
}

export async function enrolmentFacts(
  needs: ApprovalNeeds,
  tenant: Tenant,
  request: ActivationRequest,
): Promise<EnrolmentFacts> {
  const { secrets, clock, signer } = needs
  const row = await find(needs, tenant, request)
  const now = clock.now()
  const { rootThumbprint } = await signer.identity(tenant.number)
  const isOurs = secrets.isOurNonce(tenant.number, request.uid, request.nonce, Math.floor(now / 1000))
  const checked = checkKeys(needs, request.keys)
  const said = { tenant: tenant.name, uid: request.uid, root: request.root, nonce: request.nonce }
  const proven = checked && evidenceFits(needs, request.keys, checked, request.evidence, said)
  const transcript = secrets.sha256(transcriptBytes(partsOf(tenant, request, checked)))
  const secret = secretOf(tenant, row)
  const [inviteKey, random] = [secret.subarray(0, INVITE_KEY_BYTES), secret.subarray(INVITE_KEY_BYTES)]
  const scanned = request.method === 'qr'
  const tag = secrets.mac(random, proofBytes('qr', transcript))
  const reasons = [
    isOurs && request.root === rootThumbprint ? undefined : 'stale',
    proven ? undefined : 'keys',
    row?.secret ? invitationObstacle(row, request, now) : 'unknown',
    !scanned || secrets.sameBytes(tag, Buffer.from(request.tag ?? '', 'base64url')) ? undefined : 'tag',
    // Who types cannot know the type's algorithm: such keys are taken, approve nothing, and are renewed at once.
    row && scanned && !keysFit(tenant, loadPushModel(tenant, row.deviceType).push, request.keys) ? 'keys' : undefined,
  ]
  const reason = reasons.find(one => one !== undefined)
  return { row, checked, transcript, proofKey: scanned ? secrets.scannedKey(inviteKey, random) : inviteKey, reason }
}

/** The invitation, when the proof is right; else nothing, and the audit knows why. */
export function* attemptEnrolment(
  needs: ApprovalNeeds,
  tenant: Tenant,
  request: ActivationRequest,
  { row: found, checked, transcript, proofKey, reason: early }: EnrolmentFacts,
  coming: Pick<Enrolling, 'source' | 'correlation'>,
): Unit<{ readonly row: InvitedRow; readonly checked: CheckedKeys } | undefined | typeof STALE> {
  const row = yield* lockInvited(needs, tenant, found?.id ?? NO_INVITATION)
  if (typeof row === 'symbol') return row
  const reason = early ?? (row ? invitationObstacle(row, request, needs.clock.now()) : 'unknown')
  const counted = reason === undefined && row ? row.id : NO_INVITATION
  const free = request.method === 'qr' || (yield* count(needs, tenant, counted, coming.source))
  const proof = needs.secrets.mac(proofKey, proofBytes('device', transcript))
  const right = needs.secrets.sameBytes(proof, Buffer.from(request.proof, 'base64url'))
  const end = reason ?? (free ? undefined : 'locked') ?? (right ? undefined : 'wrong')
  if (end === undefined && row && checked) return { row, checked }
  yield enrolmentEvent(needs, tenant, found, { request, ...coming }, end ?? 'unknown')
  return undefined
}

/** Counts a typed code by its source, then in all. For no invitation as much is asked, and nothing kept. */
function* count({ provisions }: ApprovalNeeds, tenant: Tenant, id: number, source: string): Unit<boolean> {
  const own = yield* first<object>(
    id === NO_INVITATION
      ? provisions.countTyped(tenant.number, id, TYPED_IN_ALL)
      : provisions.countTypedFrom(tenant.number, id, source, TYPED_PER_SOURCE),
  )
  const all = yield* first(provisions.countTyped(tenant.number, own ? id : NO_INVITATION, TYPED_IN_ALL))
  return own !== undefined && all !== undefined
}

function find({ store, provisions }: ApprovalNeeds, tenant: Tenant, { method, dir, uid }: ActivationRequest) {
  return store.read(tenant.number, () =>
    first(
      method === 'qr'
        ? provisions.invited(tenant.number, idOf(dir) ?? NO_INVITATION)
        : provisions.invitedByName(tenant.number, uid),
    ),
  )
}

function secretOf(tenant: Tenant, row: InvitedRow | undefined): Uint8Array {
  if (!row?.secret) return NO_SECRET
  return tenant.sealer.unseal({ table: 'provision', column: 'secret', row: String(row.id) }, row.secret)
}

/** Why this invitation cannot be used by this request, apart from its code. */
export function invitationObstacle(row: InvitedRow, request: ActivationRequest, now: number): string | undefined {
  if (row.status !== 'UNPROCESSED') return 'used'
  if (now >= row.expiresAt) return 'expired'
  if (row.userActive !== 1) return 'user_disabled'
  if (row.deviceStatus !== 'PENDING' || row.deviceOwner !== row.user) return 'device_not_pending'
  if (row.userExternalId !== request.uid) return 'other_user'
  if (request.method === 'qr' && request.did !== String(row.device)) return 'other_device'
  return readService(row.service)?.name === readService(request.service)?.name ? undefined : 'other_service'
}

const NO_THUMBPRINTS = { logon: '', action: '', request: '', sealing: '' }

function partsOf(tenant: Tenant, request: ActivationRequest, checked: CheckedKeys | undefined): TranscriptParts {
  const scanned = request.method === 'qr'
  return {
    method: request.method,
    root: request.root,
    service: request.service,
    tenant: tenant.name,
    dir: scanned ? request.dir : '',
    did: scanned ? request.did : '',
    uid: request.uid,
    keys: checked?.thumbprints ?? NO_THUMBPRINTS,
    deviceNonce: request.device_nonce,
    serverNonce: request.nonce,
  }
}
