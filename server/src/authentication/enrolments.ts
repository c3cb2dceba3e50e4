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
} from '@countersign/protocol/approve/activation.ts'
import type { ServiceAnswer } from '@countersign/protocol/approve/statement.ts'
import type { ApprovalNeeds } from '#authentication/approval-needs.ts'
import { attemptEnrolment, enrolmentFacts, invitationObstacle } from '#authentication/enrolment-attempt.ts'
import { keysOf, newKeys } from '#authentication/enrolment-keys.ts'
import { type Enrolled, type Enrolling, enrol, enrolmentEvent, lockInvited } from '#authentication/enrolment-unit.ts'
import { algorithmsOf, loadPushModel, protectionOf, signedPolicy } from '#authentication/policy-document.ts'
import type { Throttle } from '#authentication/throttle.ts'
import { decide, type STALE } from '#domain/deciding-unit.ts'
import type { Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

const STOCK_TYPE = 'DT_TDSV4'
const ENROLMENT_TYPE = 'cs-enrolment+jwt'

export interface Coming {
  readonly source: string
  readonly correlation: string
  /** `host:port`, for what the service calls itself. */
  readonly host: string
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
    const needs = this.#needs
    const facts = await enrolmentFacts(needs, tenant, request)
    const tried = await decide(needs, tenant, current => attemptEnrolment(needs, current, request, facts, coming))
    if (!tried) return failed()
    const { row, checked } = tried
    const { type, push } = loadPushModel(tenant, row.deviceType)
    const ids = await needs.ids.next(tenant.number, keysOf(push))
    const now = needs.clock.now()
    const keys = newKeys(needs, tenant, push, { device: row.device, keys: request.keys, checked, now }, ids)
    const { signer, secrets } = needs
    const evidence = await signer.sign(tenant.number, ENROLMENT_TYPE, {
      device: String(row.device),
      user: row.userExternalId,
      evidence: request.evidence,
      iat: seconds(now),
    })
    const { transcript, proofKey } = facts
    const code = confirmationCode(secrets.mac(proofKey, proofBytes('confirm', transcript)))
    const enrolling = {
      ...{ request, checked, keys, evidence },
      type: { ...type, push },
      confirmCode: push.activationConfirm ? code : undefined,
      ...coming,
    }
    const enrolled = await decide(needs, tenant, current => this.#unit(current, row.id, enrolling))
    if (!enrolled) return failed()
    this.#tell(tenant, enrolled.others)
    return {
      device: String(row.device),
      user: row.userExternalId,
      tenant: tenant.name,
      status: enrolled.status,
      server_time: seconds(now),
      server_proof: Buffer.from(secrets.mac(proofKey, proofBytes('server', transcript))).toString('base64url'),
      policy: await signedPolicy(needs, tenant, row.deviceType),
      codes: await secrets.sealTo(request.keys.sealing, JSON.stringify(keys.codes)),
    }
  }

  /** Between the attempt and this somebody may have been faster. */
  *#unit(tenant: Tenant, id: number, enrolling: Enrolling): Unit<Enrolled | undefined | typeof STALE> {
    const row = yield* lockInvited(this.#needs, tenant, id)
    if (typeof row === 'symbol') return row
    const obstacle = row ? invitationObstacle(row, enrolling.request, this.#needs.clock.now()) : 'unknown'
    const enrolled =
      row && obstacle === undefined
        ? yield* enrol(this.#needs, tenant, row, enrolling)
        : { reason: obstacle ?? 'unknown' }
    if (typeof enrolled === 'symbol' || !('reason' in enrolled)) return enrolled
    yield enrolmentEvent(this.#needs, tenant, row, enrolling, enrolled.reason)
    return undefined
  }

  #tell(tenant: Tenant, others: readonly number[]): void {
    for (const device of others) this.#needs.live.tell(tenant.number, device, { event: 'notice', data: {} })
    this.#needs.nudge()
  }
}

const failed = () => new Refusal('activation_failed')
const seconds = (ms: number) => Math.floor(ms / 1000)
