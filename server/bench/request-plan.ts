/**
 * What a lane sends: one request again and again, the next one-time code of the next user, a search for somebody else each
 * time, or whole approvals from the request to the token. Plans travel to the load process as data; there they become bytes
 * before the clock starts, but for approvals, whose requests depend on the answers before.
 */
import { type ApprovalPlan, approvals } from './approval-cycle.ts'
import { benchCode, benchUser } from './bench-users.ts'
import { type PasskeyPlan, passkeySignIns } from './passkey-cycle.ts'
import { type PeerApprovalPlan, peerApprovals } from './peer-cycle.ts'
import { type PeerSignInPlan, peerSignIns } from './peer-sign-in-cycle.ts'
import { type SignInPlan, signIns } from './sign-in-cycle.ts'
import { type Parts, posted, type Turn } from './written-request.ts'

export type RequestPlan =
  | { readonly kind: 'same'; readonly request: Parts }
  /** Codes in turn: request k is for user k % users and has counter floor(k / users). */
  | { readonly kind: 'otp'; readonly request: Parts; readonly users: number; readonly first: number }
  | { readonly kind: 'search'; readonly request: Parts; readonly users: number; readonly first: number }
  | ApprovalPlan
  | PeerApprovalPlan
  | SignInPlan
  | PeerSignInPlan
  | PasskeyPlan

/** Makes request after request; the load process asks for as many as it will need before it starts. */
export function* requestsOf(plan: RequestPlan): Generator<Turn, never> {
  if (plan.kind === 'approval') return yield* approvals(plan)
  if (plan.kind === 'peer approval') return yield* peerApprovals(plan)
  if (plan.kind === 'sign-in') return yield* signIns(plan)
  if (plan.kind === 'peer sign-in') return yield* peerSignIns(plan)
  if (plan.kind === 'passkey') return yield* passkeySignIns(plan)
  if (plan.kind === 'same') {
    const bytes = posted(plan.request, plan.request.body)
    for (;;) yield bytes
  }
  if (plan.kind === 'otp') {
    for (let k = plan.first; ; k++) {
      const n = (k % plan.users) + 1
      const code = benchCode(n, Math.floor(k / plan.users))
      yield posted(plan.request, `${plan.request.body}&username=${benchUser(n)}&password=${code}`)
    }
  }
  // Every user once in an order without pattern, then again: 611,953 and the counts used have no common factor.
  for (let k = plan.first; ; k++) {
    const name = benchUser(((k * 611_953) % plan.users) + 1)
    yield posted(plan.request, plan.request.body.replace('NAME', name))
  }
}
