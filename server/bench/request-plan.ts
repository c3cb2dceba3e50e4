/**
 * What a lane sends: one request again and again, the next one-time code of the next user, a search for somebody else each
 * time, or whole approvals from the request to the token. Plans travel to the load process as data; there they become bytes
 * before the clock starts, but for approvals, whose requests depend on the answers before.
 */
import { createHash, createHmac } from 'node:crypto'
import { hotp } from '@countersign/protocol/oath/hotp.ts'
import { type ApprovalPlan, approvals } from './approval-cycle.ts'
import { type PeerApprovalPlan, peerApprovals } from './peer-cycle.ts'
import { type Parts, posted, type Turn } from './written-request.ts'

export type RequestPlan =
  | { readonly kind: 'same'; readonly request: Parts }
  /** Codes in turn: request k is for user k % users and has counter floor(k / users). */
  | { readonly kind: 'otp'; readonly request: Parts; readonly users: number; readonly first: number }
  | { readonly kind: 'search'; readonly request: Parts; readonly users: number; readonly first: number }
  | ApprovalPlan
  | PeerApprovalPlan

/** External id of the nth bench user, n from 1: scattered, so that neighbours in time are none in an index. */
export const benchUser = (n: number): string => `bench-${20_000_000 + ((n * 7919) % 1_000_003)}`

/** The same as SQL over a column `i`, for both engines. */
export const BENCH_USER_SQL = `'bench-' || cast(20000000 + (i * 7919) % 1000003 as text)`

/** The seed of the nth user's token. */
export const benchSeed = (n: number): Uint8Array => createHash('sha1').update(`bench seed ${n}`).digest()

/** Makes request after request; the load process asks for as many as it will need before it starts. */
export function* requestsOf(plan: RequestPlan): Generator<Turn, never> {
  if (plan.kind === 'approval') return yield* approvals(plan)
  if (plan.kind === 'peer approval') return yield* peerApprovals(plan)
  if (plan.kind === 'same') {
    const bytes = posted(plan.request, plan.request.body)
    for (;;) yield bytes
  }
  if (plan.kind === 'otp') {
    for (let k = plan.first; ; k++) {
      const n = (k % plan.users) + 1
      const code = hotp(hmac, benchSeed(n), Math.floor(k / plan.users), 6)
      yield posted(plan.request, `${plan.request.body}&username=${benchUser(n)}&password=${code}`)
    }
  }
  // Every user once in an order without pattern, then again: 611,953 and the counts used have no common factor.
  for (let k = plan.first; ; k++) {
    const name = benchUser(((k * 611_953) % plan.users) + 1)
    yield posted(plan.request, plan.request.body.replace('NAME', name))
  }
}

const hashNames = { SHA1: 'sha1', SHA256: 'sha256', SHA512: 'sha512' } as const

const hmac = (algorithm: keyof typeof hashNames, key: Uint8Array, data: Uint8Array): Uint8Array =>
  createHmac(hashNames[algorithm], key).update(data).digest()
