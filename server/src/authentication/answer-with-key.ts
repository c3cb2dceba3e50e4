/**
 * Which of the keys a user holds gave this answer, if any. Bridges stored rows to the pure factor: settings of the type
 * covered by the key's own, the unsealed secret, the state. All keys that serve the mode are tried; one attempt was
 * taken for all of them.
 */

import { createHash } from 'node:crypto'
import type { Hmac } from '@countersign/protocol/oath/hmac.ts'
import type { Mode, Proof } from '#authentication/proof.ts'
import type { ChallengeId } from '#domain/ids.ts'
import type { Candidate, OpenChallenge } from '#domain/ports/proof-queries.ts'
import type { Tenant } from '#domain/tenant.ts'
import type { Accepted, Outcome, Rejection } from '#factors/factor.ts'
import { supports } from '#factors/oath/mode.ts'
import type { OathSettings, OathState } from '#factors/oath/settings.ts'
import { factors } from '#factors/registry.ts'

export interface Key {
  readonly candidate: Candidate
  readonly settings: OathSettings
}

export type Answer =
  | {
      readonly accepted: true
      readonly key: Candidate
      readonly state: OathState
      readonly challenge: ChallengeId | undefined
      /** What may never be signed again with this key. */
      readonly question: string | undefined
      readonly amr: readonly string[]
    }
  | { readonly accepted: false; readonly key: Candidate | undefined; readonly reason: string }

export interface Held {
  readonly candidates: readonly Candidate[]
  readonly challenges: readonly OpenChallenge[]
  readonly failures: number
  readonly now_seconds: number
}

/** A reason that says more wins over one that says less; the caller never sees any of them. */
const telling: readonly Rejection[] = ['replayed', 'expired', 'wrong', 'malformed', 'no_challenge', 'mode']

export function answerOf(needs: { readonly hmac: Hmac }, tenant: Tenant, proof: Proof, held: Held): Answer {
  const serving = keysFor(tenant, held.candidates, proof.mode)
  const keys = serving.filter(({ candidate }) => candidate.held === 0)
  if (keys.length === 0) {
    idle(needs, proof, held)
    const reason = serving.length > 0 ? 'held' : held.candidates.length === 0 ? 'no_device' : 'mode'
    return { accepted: false, key: serving[0]?.candidate, reason }
  }
  let best: { reason: Rejection; key: Candidate } | undefined
  for (const { candidate, settings } of keys) {
    const secret = tenant.sealer.unseal(placeOf(candidate), candidate.secret)
    const state = { next: candidate.next, drift: candidate.drift }
    const situation = {
      settings,
      state,
      secret,
      now_seconds: held.now_seconds,
      failures: held.failures,
      hmac: needs.hmac,
    }
    const challenges = held.challenges.filter(({ credential }) => credential === candidate.credential)
    for (const challenge of proof.mode === 'ASYNCHRONOUS' && challenges.length > 0 ? challenges : [undefined]) {
      const outcome = factors.oath.verify(situation, given(proof, challenge))
      if (outcome.outcome === 'accepted') return acceptedAnswer(candidate, outcome, challenge?.id)
      if (!best || telling.indexOf(outcome.reason) < telling.indexOf(best.reason)) {
        best = { reason: outcome.reason, key: candidate }
      }
    }
  }
  return { accepted: false, key: best?.key, reason: best?.reason ?? 'wrong' }
}

/** The first usable key of these candidates that serves the mode. */
export function keyFor(tenant: Tenant, candidates: readonly Candidate[], mode: Mode): Key | undefined {
  return keysFor(tenant, candidates, mode)[0]
}

/** Keys that serve a mode. An unknown credential type serves nothing. */
export function keysFor(tenant: Tenant, candidates: readonly Candidate[], mode: Mode): readonly Key[] {
  const keys: Key[] = []
  for (const candidate of candidates) {
    const type = tenant.configuration.findCredentialType(candidate.credentialType)
    if (type?.factor !== 'oath') continue
    const settings = settingsOf(type.settings, candidate.settings)
    if (supports(settings, mode)) keys.push({ candidate, settings })
  }
  return keys
}

const settingsOf = (ofType: OathSettings, own: string): OathSettings =>
  own === '{}' ? ofType : { ...ofType, ...(JSON.parse(own) as Partial<OathSettings>) }

export const placeOf = (candidate: Pick<Candidate, 'credential'>) => ({
  table: 'credential',
  column: 'secret',
  row: String(candidate.credential),
})

const given = (proof: Proof, challenge: OpenChallenge | undefined) => {
  if (proof.mode === 'SYNCHRONOUS') return { mode: proof.mode, code: proof.secret }
  if (proof.mode === 'SIGNING')
    return { mode: proof.mode, code: proof.secret, values: proof.values.map(({ value }) => value) }
  return { mode: proof.mode, code: proof.secret, ...(challenge ? { challenge: { question: challenge.question } } : {}) }
}

function acceptedAnswer(
  key: Candidate,
  { state, amr, once }: Accepted<OathState>,
  challenge: ChallengeId | undefined,
): Answer {
  return { accepted: true, key, state, challenge, question: once, amr }
}

/** Work for nobody: an unknown user, or one without a key, is answered after as much arithmetic as any other. */
function idle({ hmac }: { readonly hmac: Hmac }, proof: Proof, { now_seconds }: Held): Outcome {
  const settings = {
    algorithm: 'HOTP',
    use: 'otp',
    hash: 'SHA1',
    digits: 6,
    step_seconds: 0,
    window: 20,
    resync_window: 0,
    joiner: '',
  } as const
  const code = /^[0-9]{6}$/.test(proof.secret) ? proof.secret : '000000'
  const situation = { settings, state: { next: 0, drift: 0 }, secret: NO_SECRET, now_seconds, failures: 0, hmac }
  return factors.oath.verify(situation, { mode: 'SYNCHRONOUS', code })
}

const NO_SECRET = new Uint8Array(20)

/** What is kept of a signed question: enough to refuse it, nothing to read. */
export const questionHash = (question: string): Uint8Array => createHash('sha256').update(question).digest()
