/**
 * Enrolment of an approve app (docs/approve-protocol.md section 4). The answer to a start is the same for every name; a failed
 * activation tells nothing but that. Codes typed by hand are counted before they are looked at, by source and in all (security.md
 * C13); a QR code whose random bytes are wrong is refused uncounted, so that strangers cannot use up somebody's invitation.
 */
import {
  type ActivationAnswer,
  type ActivationRequest,
  type ActivationStarted,
  confirmationCode,
  proofBytes,
  type TranscriptParts,
  transcriptBytes,
} from '@countersign/protocol/approve/activation.ts'
import { readService } from '@countersign/protocol/approve/service-root.ts'
import type { ServiceAnswer } from '@countersign/protocol/approve/statement.ts'
import type { ApprovalNeeds } from '#authentication/approval-needs.ts'
import { type CheckedKeys, checkKeys, evidenceFits, keysOf, newKeys } from '#authentication/enrolment-keys.ts'
import { type Enrolled, enrol, enrolmentEvent, lockInvited } from '#authentication/enrolment-unit.ts'
import { algorithmsOf, loadPushModel, protectionOf, signedPolicy } from '#authentication/policy-document.ts'
import type { Throttle } from '#authentication/throttle.ts'
import { decide, type STALE } from '#domain/deciding-unit.ts'
import { idOf } from '#domain/ids.ts'
import type { InvitedRow } from '#domain/ports/provision-queries.ts'
import { first, together, type Unit } from '#domain/ports/store.ts'
import { TYPED_IN_ALL, TYPED_PER_SOURCE } from '#domain/provision.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

const STOCK_TYPE = 'DT_TDSV4'
const ENROLMENT_TYPE = 'cs-enrolment+jwt'
const NO_KEY = new Uint8Array(32)

export interface Coming {
  readonly source: string
  readonly correlation: string
  /** `host:port`, for what the service calls itself. */
  readonly host: string
}

/** What was found out before the unit. */
interface Facts {
  readonly row: InvitedRow
  readonly checked: CheckedKeys
  readonly transcript: Uint8Array
  readonly proofKey: Uint8Array
}

export class Enrolments {
  readonly #needs: ApprovalNeeds
  readonly #throttle: Throttle

  constructor(needs: ApprovalNeeds, throttle: Throttle) {
    this.#needs = needs
    this.#throttle = throttle
  }

  async service(tenant: Tenant, host: string): Promise<ServiceAnswer> {
    const { signer, clock } = this.#needs
    const { root, statements } = await signer.identity(tenant.number)
    return {
      service: `${host}/${tenant.name}`,
      tenant: tenant.name,
      root,
      statements: [...statements],
      server_time: seconds(clock.now()),
      vapid: await signer.vapidKey(tenant.number),
      capabilities: ['1'],
    }
  }

  async start(tenant: Tenant, uid: string, type: string | undefined, host: string): Promise<ActivationStarted> {
    const { secrets, clock } = this.#needs
    const { push } = loadPushModel(tenant, type ?? STOCK_TYPE)
    return {
      salt: Buffer.from(secrets.inviteSalt(tenant.number, uid)).toString('base64url'),
      nonce: secrets.makeNonce(tenant.number, uid, seconds(clock.now())),
      algorithms: algorithmsOf(tenant, push),
      protection: protectionOf(push.protection),
      ...(await this.service(tenant, host)),
    }
  }

  async activate(tenant: Tenant, request: ActivationRequest, coming: Coming): Promise<ActivationAnswer> {
    const subject = `${tenant.number} activation ${coming.source}`
    this.#throttle.admit(subject)
    const answer = await this.#activate(tenant, request, coming)
    if (!(answer instanceof Refusal)) return answer
    this.#throttle.failed(subject)
    throw answer
  }

  async #activate(tenant: Tenant, request: ActivationRequest, coming: Coming): Promise<ActivationAnswer | Refusal> {
    const facts = await this.#facts(tenant, request)
    if ('reason' in facts) return this.#failed(tenant, facts.row, request, coming, facts.reason)
    const { row, checked, transcript, proofKey } = facts
    const { type, push } = loadPushModel(tenant, row.deviceType)
    const ids = await this.#needs.ids.next(tenant.number, keysOf(push))
    const now = this.#needs.clock.now()
    const keys = newKeys(this.#needs, tenant, push, { device: row.device, keys: request.keys, checked, now }, ids)
    const { signer, secrets } = this.#needs
    const evidence = await signer.sign(tenant.number, ENROLMENT_TYPE, {
      device: String(row.device),
      user: row.userExternalId,
      evidence: request.evidence,
      iat: seconds(now),
    })
    const code = confirmationCode(secrets.mac(proofKey, proofBytes('confirm', transcript)))
    const enrolling = {
      request,
      checked,
      keys,
      type: { ...type, push },
      evidence,
      confirmCode: push.activationConfirm ? code : undefined,
      ...coming,
    }
    const enrolled = await decide<Enrolled | { readonly reason: string }>(this.#needs, tenant, current =>
      this.#unit(current, row.id, request, facts, enrolling),
    )
    if ('reason' in enrolled) return this.#failed(tenant, row, request, coming, enrolled.reason)
    this.#tell(tenant, enrolled.others)
    return {
      device: String(row.device),
      user: row.userExternalId,
      tenant: tenant.name,
      status: enrolled.status,
      server_time: seconds(now),
      server_proof: b64(secrets.mac(proofKey, proofBytes('server', transcript))),
      policy: await signedPolicy(this.#needs, tenant, row.deviceType),
      codes: await secrets.sealTo(request.keys.sealing, JSON.stringify(keys.codes)),
    }
  }

  *#unit(
    tenant: Tenant,
    id: number,
    request: ActivationRequest,
    facts: Facts,
    enrolling: Parameters<typeof enrol>[3],
  ): Unit<Enrolled | { readonly reason: string } | typeof STALE> {
    const row = yield* lockInvited(this.#needs, tenant, id)
    if (typeof row === 'symbol') return row
    const reason = row ? obstacleOf(row, request, this.#needs.clock.now()) : 'unknown'
    if (!row || reason !== undefined) return { reason: reason ?? 'unknown' }
    if (request.method === 'typed') {
      const { provisions } = this.#needs
      const [own, all] = yield* together(
        provisions.countTypedFrom(tenant.number, id, enrolling.source, TYPED_PER_SOURCE),
        provisions.countTyped(tenant.number, id, TYPED_IN_ALL),
      )
      if (!own[0] || !all[0]) return { reason: 'locked' }
    }
    if (!this.#proofFits(request, facts)) return { reason: 'wrong' }
    return yield* enrol(this.#needs, tenant, row, enrolling)
  }

  /** Everything that can be known without taking an attempt: shapes, keys, evidence, whose invitation it is. */
  async #facts(tenant: Tenant, request: ActivationRequest): Promise<Facts | { reason: string; row?: InvitedRow }> {
    const { secrets, clock, signer } = this.#needs
    const row = await this.#find(tenant, request)
    const { rootThumbprint } = await signer.identity(tenant.number)
    const isOurs = secrets.isOurNonce(tenant.number, request.uid, request.nonce, seconds(clock.now()))
    if (!isOurs || request.root !== rootThumbprint) return { reason: 'stale', ...(row ? { row } : {}) }
    const reason = row ? obstacleOf(row, request, clock.now()) : 'unknown'
    if (!row?.secret || reason !== undefined) {
      secrets.mac(NO_KEY, proofBytes('device', NO_KEY))
      return { reason: reason ?? 'unknown', ...(row ? { row } : {}) }
    }
    const { push } = loadPushModel(tenant, row.deviceType)
    const checked = checkKeys(this.#needs, tenant, push, request.keys, request.method === 'typed')
    const said = { tenant: tenant.name, uid: request.uid, root: request.root, nonce: request.nonce }
    if (!checked || !evidenceFits(this.#needs, request.keys, checked, request.evidence, said)) {
      return { reason: 'keys', row }
    }
    const transcript = secrets.sha256(transcriptBytes(partsOf(tenant, request, checked)))
    const secret = tenant.sealer.unseal({ table: 'provision', column: 'secret', row: String(row.id) }, row.secret)
    const [inviteKey, random] = [secret.subarray(0, 32), secret.subarray(32)]
    if (request.method === 'typed') return { row, checked, transcript, proofKey: inviteKey }
    const tag = secrets.mac(random, proofBytes('qr', transcript))
    if (!secrets.sameBytes(tag, bytes(request.tag ?? ''))) return { reason: 'tag', row }
    return { row, checked, transcript, proofKey: secrets.scannedKey(inviteKey, random) }
  }

  #find(tenant: Tenant, { method, dir, uid }: ActivationRequest): Promise<InvitedRow | undefined> {
    const { store, provisions } = this.#needs
    const id = method === 'qr' ? idOf(dir) : undefined
    if (method === 'qr' && id === undefined) return Promise.resolve(undefined)
    return store.read(tenant.number, () =>
      first(id === undefined ? provisions.invitedByName(tenant.number, uid) : provisions.invited(tenant.number, id)),
    )
  }

  #proofFits({ proof }: ActivationRequest, { transcript, proofKey }: Facts): boolean {
    const { secrets } = this.#needs
    return secrets.sameBytes(secrets.mac(proofKey, proofBytes('device', transcript)), bytes(proof))
  }

  async #failed(
    tenant: Tenant,
    row: InvitedRow | undefined,
    request: ActivationRequest,
    coming: Coming,
    reason: string,
  ): Promise<Refusal> {
    const needs = this.#needs
    await needs.store.write(tenant.number, function* () {
      yield enrolmentEvent(needs, tenant, row, { request, ...coming }, reason)
    })
    return new Refusal('activation_failed', undefined, { reason })
  }

  #tell(tenant: Tenant, others: readonly number[]): void {
    for (const device of others) this.#needs.live.tell(tenant.number, device, { event: 'notice', data: {} })
    this.#needs.nudge()
  }
}

/** Why this invitation cannot be used by this request, apart from its code. */
function obstacleOf(row: InvitedRow, request: ActivationRequest, now: number): string | undefined {
  if (row.status !== 'UNPROCESSED') return 'used'
  if (now >= row.expiresAt) return 'expired'
  if (row.userActive !== 1) return 'user_disabled'
  if (row.deviceStatus !== 'PENDING' || row.deviceOwner !== row.user) return 'device_not_pending'
  if (row.userExternalId !== request.uid) return 'other_user'
  if (request.method === 'qr' && request.did !== String(row.device)) return 'other_device'
  return readService(row.service)?.name === readService(request.service)?.name ? undefined : 'other_service'
}

function partsOf(tenant: Tenant, request: ActivationRequest, { thumbprints }: CheckedKeys): TranscriptParts {
  const scanned = request.method === 'qr'
  return {
    method: request.method,
    root: request.root,
    service: request.service,
    tenant: tenant.name,
    dir: scanned ? request.dir : '',
    did: scanned ? request.did : '',
    uid: request.uid,
    keys: thumbprints,
    deviceNonce: request.device_nonce,
    serverNonce: request.nonce,
  }
}

const seconds = (ms: number) => Math.floor(ms / 1000)
const bytes = (text: string) => Buffer.from(text, 'base64url')
const b64 = (data: Uint8Array) => Buffer.from(data).toString('base64url')
