/**
 * Which app made a call: the signature of its request key over the call (docs/approve-protocol.md section 6). Everything that
 * was signed is compared with what came; nothing of the JWS header is obeyed. State-changing calls also raise the device's counter,
 * in the unit that changes.
 */
import { createHash } from 'node:crypto'
import {
  CALL_SCHEME,
  CALL_SKEW_SECONDS,
  CALL_TYPE,
  type CallPayload,
  callPayload,
  canonicalQuery,
} from '@countersign/protocol/approve/call.ts'
import { Compile } from 'typebox/schema'
import type { ApprovalNeeds } from '#authentication/approval-needs.ts'
import { spkiOf, type TransportKeys } from '#authentication/public-key-book.ts'
import { idOf } from '#domain/ids.ts'
import type { CallingRow } from '#domain/ports/app-queries.ts'
import { first } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

export interface AppCaller {
  readonly row: CallingRow
  readonly counter: number
  readonly keys: TransportKeys
}

export interface ReceivedCall {
  readonly method: string
  /** With everything before the service root, which is not signed. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** Compiled, because every call of an app is checked: 0.3 µs instead of 11. */
const isCall = Compile(callPayload)
const form = new RegExp(`^${CALL_SCHEME} +([A-Za-z0-9_-]{1,512})\\.([A-Za-z0-9_-]{1,2048})\\.([A-Za-z0-9_-]{86})$`, 'i')

type Needs = Pick<ApprovalNeeds, 'store' | 'apps' | 'clock' | 'verifier' | 'publicKeys' | 'signer'>

/** Throws a Refusal; `evenPending` for calls that a registration may make before it is confirmed. */
export async function findAppCaller(
  needs: Needs,
  tenant: Tenant,
  authorization: string | undefined,
  received: ReceivedCall,
): Promise<AppCaller> {
  const match = form.exec(authorization ?? '')
  if (!match) throw new Refusal('invalid_call')
  const [, head = '', body = '', signature = ''] = match
  const device = deviceIn(head)
  const payload = payloadIn(body)
  const { rootThumbprint } = await needs.signer.identity(tenant.number)
  if (device === undefined || !payload || !fits(payload, received, rootThumbprint)) throw new Refusal('invalid_call')

  const row = await needs.store.read(tenant.number, () => first(needs.apps.calling(tenant.number, device)))
  if (!row) throw new Refusal('device_gone')
  const keys = needs.publicKeys.transport(tenant, row)
  const signed = Buffer.from(`${head}.${body}`)
  if (!needs.verifier.verify('ES256', spkiOf(keys.request), signed, Buffer.from(signature, 'base64url'))) {
    throw new Refusal('invalid_call')
  }
  const now = needs.clock.now()
  if (Math.abs(payload.t - now / 1000) > CALL_SKEW_SECONDS) throw new Refusal('clock_skew')
  const refusal = refusalOfDevice(row, now)
  if (refusal) throw refusal
  return { row, counter: payload.c, keys }
}

/** What keeps a device from calling at all; asked again in the unit that changes something. */
export function refusalOfDevice(row: CallingRow, now: number): Refusal | undefined {
  if (row.deviceStatus === 'REVOKED' || row.deviceStatus === 'TERMINATED') return new Refusal('device_gone')
  if (row.deviceStatus === 'SUSPENDED') return new Refusal('device_suspended')
  if (row.confirmCode !== null || row.deviceStatus === 'PENDING') return new Refusal('activation_pending')
  if (row.deviceExpiryAt !== null && now >= row.deviceExpiryAt)
    return new Refusal('device_gone', 'The device has expired.')
  if (row.user === null || row.userActive !== 1 || row.transportStatus !== 'ACTIVE') return new Refusal('not_allowed')
  if (row.transportExpiryAt !== null && now >= row.transportExpiryAt) return new Refusal('not_allowed')
  return undefined
}

/** Tells the app from where to count on. */
export const staleCounter = (floor: number) => new Refusal('stale_counter', undefined, { counterFloor: floor })

function deviceIn(head: string): number | undefined {
  const header = parsed(head) as { alg?: unknown; typ?: unknown; kid?: unknown } | undefined
  if (header?.alg !== 'ES256' || header.typ !== CALL_TYPE || typeof header.kid !== 'string') return undefined
  return idOf(header.kid)
}

function payloadIn(body: string): CallPayload | undefined {
  const payload = parsed(body)
  return isCall.Check(payload) ? (payload as CallPayload) : undefined
}

function fits(payload: CallPayload, { method, path, query, body }: ReceivedCall, root: string): boolean {
  const at = path.indexOf('/approve/v1/')
  return (
    payload.m === method &&
    at >= 0 &&
    payload.p === path.slice(at) &&
    payload.q === canonicalQuery(query) &&
    payload.b === createHash('sha256').update(body).digest('base64url') &&
    payload.r === root
  )
}

function parsed(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}
