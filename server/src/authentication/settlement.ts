/**
 * How every attempt ends: the counters of the authenticator, the audit event, and for a success the session.
 * A rejected attempt of an unknown user runs the same statements over no rows, so that it costs the same.
 */
import type { AuthenticationNeeds } from '#authentication/needs.ts'
import { openSession } from '#authentication/open-session.ts'
import { type Grant, PASSWORD_EXPIRED, type Proof, type Verdict } from '#authentication/proof.ts'
import { LostRace } from '#domain/deciding-unit.ts'
import type { AuditEvent } from '#domain/event.ts'
import type { DeviceId, UserId } from '#domain/ids.ts'
import type { Query, Unit } from '#domain/ports/store.ts'
import type { Tenant } from '#domain/tenant.ts'

export interface Ended {
  readonly action: string
  /** 0 when nobody is known by that name. */
  readonly user: UserId
  /** The attempt that was reserved; undefined when none was. */
  readonly own: number | undefined
  readonly now_ms: number
  readonly device: { readonly id: DeviceId; readonly type: string; readonly externalId: string } | undefined
  readonly amr: readonly string[]
  /** Undefined for a success. */
  readonly rejection: string | undefined
  /** When the authenticator expires; null: never. */
  readonly expiresAt_ms: number | null
  /** Of a card: whether it proves nothing. */
  readonly identifiesOnly?: boolean
  /** The try of the login, when this is a step of one that could still be taken. */
  readonly tries?: number
}

/** What is to be written, the counters first, and what the caller is told when it stands. */
export interface Settlement {
  readonly queries: readonly Query[]
  /** Of the login; each answers a row, or the login moved meanwhile. */
  readonly alongside: readonly Query<object>[]
  readonly verdict: Verdict
}

export function settlement(needs: AuthenticationNeeds, tenant: Tenant, proof: Proof, ended: Ended): Settlement {
  const { policy } = proof
  const accepted = ended.rejection === undefined
  const counted = ended.own === undefined ? 0 : ended.user
  const event = needs.recorder.record(tenant.number, eventOf(proof, ended))
  const counters =
    ended.rejection === PASSWORD_EXPIRED
      ? needs.proofs.settleRight(tenant.number, counted, policy.code, ended.own ?? 0)
      : needs.proofs.settle(tenant.number, {
          user: counted,
          policy: policy.code,
          own: ended.own ?? 0,
          accepted,
          at: ended.now_ms,
          channel: proof.channel,
          device: ended.device?.id ?? null,
          uses: policy.defaultExpiryThreshold,
        })
  const alongside = stepOf(proof, ended)
  if (!accepted) {
    return {
      queries: [counters, ...event.queries],
      alongside,
      verdict: { outcome: 'rejected', reason: ended.rejection ?? 'wrong' },
    }
  }
  const opened = proof.session
    ? openSession(needs, tenant, {
        user: ended.user,
        client: proof.client,
        policy,
        amr: ended.amr,
        scope: proof.scope,
        device: ended.device?.id ?? null,
        event: event.id,
        now_ms: ended.now_ms,
      })
    : undefined
  return {
    queries: [counters, ...event.queries, ...(opened?.queries ?? [])],
    alongside,
    verdict: acceptedVerdict(ended, policy.levelOfAssurance, opened?.grant),
  }
}

/**
 * Writes a settlement, and with it the step of the key that gave the answer. Both are conditional: where somebody else used the
 * key or the last of the uses meanwhile, nothing of this unit stands, and it runs again to see.
 */
export function* settled({ queries, alongside, verdict }: Settlement, advance?: Query<object>): Unit<Verdict> {
  const must = advance ? [...alongside, advance] : alongside
  const [counted, ...rest] = (yield must.length > 0
    ? [...queries, ...must]
    : queries) as readonly (readonly unknown[])[]
  if (rest.slice(queries.length - 1).some(rows => rows.length === 0)) {
    throw new LostRace('the key or the login was moved by somebody else meanwhile')
  }
  if (verdict.outcome === 'accepted' && counted?.length === 0) {
    throw new LostRace('the last use was taken by somebody else meanwhile')
  }
  return verdict
}

function stepOf(
  { alongside, policy }: Proof,
  { user, amr, device, rejection, tries, identifiesOnly }: Ended,
): readonly Query<object>[] {
  if (!alongside || tries === undefined) return []
  if (rejection !== undefined) return alongside.settle(undefined, tries)
  const card =
    identifiesOnly === undefined ? {} : { policy: policy.code, ...(identifiesOnly ? { identifiesOnly } : {}) }
  return alongside.settle({ user, amr, device: device?.id, ...card }, tries)
}

const acceptedVerdict = (
  { user, expiresAt_ms }: Ended,
  levelOfAssurance: string,
  grant: Grant | undefined,
): Verdict => ({
  outcome: 'accepted',
  user,
  levelOfAssurance,
  grant,
  expiresAt_ms,
})

/** Signed values go into the audit only when the caller said so, and then where they can be erased with the person. */
function eventOf(proof: Proof, ended: Ended): AuditEvent {
  const audited = ended.user > 0 ? proof.values.filter(({ forAudit }) => forAudit) : []
  return {
    action: ended.action,
    result: ended.rejection === undefined ? 'SUCCESS' : 'FAILURE',
    ...(ended.rejection === undefined ? {} : { reason: ended.rejection }),
    actor: proof.actor,
    ...(ended.user > 0 ? { user: ended.user } : {}),
    parameters: {
      ATC: proof.policy.code,
      CHC: proof.channel,
      COI: proof.correlation,
      ...(ended.device ? { DID: ended.device.id, DTC: ended.device.type, DSN: ended.device.externalId } : {}),
      ...(ended.identifiesOnly ? { TEXT1: 'identifier only' } : {}),
    },
    ...(audited.length > 0 ? { personal: Object.fromEntries(audited.map(({ name, value }) => [name, value])) } : {}),
  }
}
