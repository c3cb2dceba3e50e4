/** What every signed call of the door has in common: who may make it, how it is refused, and whose it is. */
import type { AppCaller } from '#authentication/app-caller.ts'
import type { AppLifecycle } from '#authentication/app-lifecycle.ts'
import type { Approvals } from '#authentication/approvals.ts'
import type { DirectReply } from '#authentication/direct-signature.ts'
import type { DirectRequest } from '#authentication/direct-text.ts'
import type { Live } from '#authentication/live.ts'
import type { Clock } from '#domain/ports/clock.ts'
import type { RefusalCode } from '#domain/refusal.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import { deviceProof, type Received, type Situation } from '#http/endpoint.ts'

export interface ApproveNeeds {
  readonly approvals: Approvals
  readonly lifecycle: AppLifecycle
  readonly live: Live
  readonly clock: Clock
  findCaller(tenant: Tenant, authorization: string | undefined, received: Received): Promise<AppCaller>
  /** The id of the request behind a QR text. */
  scanned(tenant: Tenant, jwt: string): Promise<number>
  signDirectly(tenant: Tenant, caller: AppCaller, request: DirectRequest): Promise<DirectReply>
}

export const signedBy = deviceProof('the app signs method, path, query, body, time and counter with its request key')

export const callRefusals = [
  'invalid_call',
  'clock_skew',
  'activation_pending',
  'device_suspended',
  'device_gone',
  'not_allowed',
  'not_found',
] as const satisfies readonly RefusalCode[]

export const changeRefusals = [...callRefusals, 'stale_counter', 'temporarily_unavailable'] as const

export async function callerOf(
  { tenant, headers, received }: Situation<Tenant>,
  { findCaller }: Pick<ApproveNeeds, 'findCaller'>,
): Promise<AppCaller> {
  if (!received) throw new Refusal('invalid_call')
  return findCaller(tenant, headers.authorization, received)
}

export const timeOf = ({ clock }: Pick<ApproveNeeds, 'clock'>) => ({ server_time: Math.floor(clock.now() / 1000) })
