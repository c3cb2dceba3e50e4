/**
 * A code that we sent by mail or SMS comes back. One unit: an attempt of the authenticator is reserved and a try of the open code is
 * taken before anything is compared; a right code is taken away in the same commit, so that it is good once. After its last try
 * a code is dead, also for whoever knows it (security.md M1).
 */
import { type FoundAttempt, findAttempt } from '#authentication/find-attempt.ts'
import type { AuthenticationNeeds } from '#authentication/needs.ts'
import { oobSettingsOf } from '#authentication/oob-road.ts'
import type { Proof, Verdict } from '#authentication/proof.ts'
import { reserveStep, within } from '#authentication/reserve-step.ts'
import { settled, settlement } from '#authentication/settlement.ts'
import { STALE } from '#domain/deciding-unit.ts'
import { codePlace } from '#domain/oob.ts'
import type { OobCode, OobRegistration } from '#domain/ports/oob-queries.ts'
import { first, together, type Unit } from '#domain/ports/store.ts'
import type { Tenant } from '#domain/tenant.ts'
import { factors } from '#factors/registry.ts'

export function* proveWithOob(needs: AuthenticationNeeds, tenant: Tenant, proof: Proof): Unit<Verdict | typeof STALE> {
  const { proofs } = needs
  const found = yield* findAttempt(needs, tenant, proof)
  if (found === STALE) return STALE
  const { user, attempt, now } = found
  const step = yield* reserveStep(proof)
  const slot = yield* first(
    proofs.reserve(tenant.number, { ...within(attempt, step), user, policy: proof.policy.code, at: now }),
  )
  return yield* judgeCode(needs, tenant, proof, { ...found, step, own: slot?.started })
}

/** What stands when a code is looked at: the attempt is reserved, or there is an obstacle. */
export interface ReservedAttempt extends FoundAttempt {
  readonly step: number | 'over' | undefined
  readonly own: number | undefined
}

export function* judgeCode(
  needs: AuthenticationNeeds,
  tenant: Tenant,
  proof: Proof,
  { user, attempt, now, expiryAt, step, own }: ReservedAttempt,
): Unit<Verdict> {
  const { oob } = needs
  const policy = proof.policy.code
  const obstacle = step === 'over' ? 'login_over' : (attempt.obstacle ?? (own === undefined ? 'locked' : undefined))
  const [[registration], [code]] = yield* together(
    oob.registration(tenant.number, user, policy),
    // Who may not try takes no try of the code either.
    oob.takeTry(tenant.number, obstacle === undefined ? user : 0, policy),
  )
  const answer = answerOf(needs, tenant, proof, code, registration, now)
  const end = settlement(needs, tenant, proof, {
    action: proof.policy.purpose === 'action' ? 'verifyTransactionCode' : 'primaryAuthenticateOOB',
    user,
    own: step === 'over' ? undefined : own,
    now_ms: now,
    device: undefined,
    amr: answer.accepted ? amrOf(code) : [],
    rejection: obstacle ?? (answer.accepted ? undefined : answer.reason),
    expiresAt_ms: expiryAt,
    ...(typeof step === 'number' ? { tries: step } : {}),
  })
  if (!answer.accepted || !code) return yield* settled(end)
  return yield* settled(end, oob.spend(tenant.number, user, policy, code.id))
}

/** RFC 8176: there is no word for mail. */
const amrOf = (code: OobCode | undefined) => (code?.method === 'sms' ? ['otp', 'sms'] : ['otp'])

type Answer = { readonly accepted: true } | { readonly accepted: false; readonly reason: string }

function answerOf(
  { hmac }: Pick<AuthenticationNeeds, 'hmac'>,
  tenant: Tenant,
  proof: Proof,
  code: OobCode | undefined,
  registration: OobRegistration | undefined,
  now_ms: number,
): Answer {
  const settings = registration && oobSettingsOf(tenant, registration)
  const open = code && settings ? opened(tenant, code) : undefined
  const { transaction } = proof
  const outcome = factors.oob.verify(
    {
      settings: settings ?? NO_SETTINGS,
      state: {
        id: String(code?.id ?? 0),
        expires_at_seconds: (code?.expiresAt ?? 0) / 1000,
        ...(open?.correlation === undefined ? {} : { correlation: open.correlation }),
      },
      // Work for nobody, too.
      secret: Buffer.from(open?.code ?? NO_CODE),
      now_seconds: now_ms / 1000,
      failures: 0,
      hmac,
    },
    { code: proof.secret, ...(transaction === undefined ? {} : { transaction }) },
  )
  if (!open) return { accepted: false, reason: 'no_code' }
  return outcome.outcome === 'accepted' ? { accepted: true } : { accepted: false, reason: outcome.reason }
}

const NO_SETTINGS = { use: 'code', digits: 6, tries: 1 } as const
const NO_CODE = 'none'

function opened(tenant: Tenant, { id, body }: OobCode): { readonly code: string; readonly correlation?: string } {
  return JSON.parse(Buffer.from(tenant.sealer.unseal(codePlace(id), body)).toString('utf8'))
}
