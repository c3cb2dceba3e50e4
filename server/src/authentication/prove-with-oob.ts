/**
 * A code that we sent by mail or SMS comes back. One unit: an attempt of the authenticator is reserved and a try of the open code is
 * taken before anything is compared; a right code is taken away in the same commit, so that it is good once. After its last try
 * a code is dead, also for whoever knows it (security.md M1).
 */
import { findAttempt } from '#authentication/find-attempt.ts'
import type { AuthenticationNeeds } from '#authentication/needs.ts'
import { oobSettingsOf } from '#authentication/oob-road.ts'
import type { Proof, Verdict } from '#authentication/proof.ts'
import { reserveStep } from '#authentication/reserve-step.ts'
import { settled, settlement } from '#authentication/settlement.ts'
import { STALE } from '#domain/deciding-unit.ts'
import { codePlace } from '#domain/oob.ts'
import type { OobCode, OobRegistration } from '#domain/ports/oob-queries.ts'
import { together, type Unit } from '#domain/ports/store.ts'
import type { Tenant } from '#domain/tenant.ts'
import { factors } from '#factors/registry.ts'

export function* proveWithOob(needs: AuthenticationNeeds, tenant: Tenant, proof: Proof): Unit<Verdict | typeof STALE> {
  const { proofs, oob } = needs
  const policy = proof.policy.code
  const found = yield* findAttempt(needs, tenant, proof)
  if (found === STALE) return STALE
  const { user, attempt, now } = found
  const step = yield* reserveStep(proof)
  const obstacleBefore = step === 'over' ? 'login_over' : attempt.obstacle
  // Who may not try takes no try of the code either.
  const trying = obstacleBefore === undefined ? user : 0
  const [slots, registrations, codes] = yield* together(
    proofs.reserve(tenant.number, { ...attempt, user, policy, at: now }),
    oob.registration(tenant.number, user, policy),
    oob.takeTry(tenant.number, trying, policy),
  )
  const slot = step === 'over' ? undefined : slots[0]
  const obstacle = obstacleBefore ?? (slot ? undefined : 'locked')
  const [code] = codes
  const answer = answerOf(needs, tenant, proof, obstacle === undefined ? code : undefined, registrations[0], now)
  const end = settlement(needs, tenant, proof, {
    action: proof.policy.purpose === 'action' ? 'verifyTransactionCode' : 'primaryAuthenticateOOB',
    user,
    own: slot?.started,
    now_ms: now,
    device: undefined,
    amr: answer.accepted ? amrOf(code) : [],
    rejection: obstacle ?? (answer.accepted ? undefined : answer.reason),
    expiresAt_ms: found.expiryAt,
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
