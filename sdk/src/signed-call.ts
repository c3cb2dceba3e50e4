/**
 * A call signed by the device (approve protocol, section 6). A call that changes something first saves a higher counter, then is sent:
 * a crash wastes a number and never uses one twice. `stale_counter` and `clock_skew` are put right and tried once more.
 */
import { CALL_SCHEME, CALL_TYPE, canonicalQuery } from '@countersign/protocol/approve/call.ts'
import type { Shape, Shaped } from '@countersign/protocol/approve/fits.ts'
import { readService } from '@countersign/protocol/approve/service-root.ts'
import { sha256, textBytes, toBase64url } from './bytes.ts'
import { signCompact } from './compact-jws.ts'
import { exchange, type Outgoing, shaped } from './exchange.ts'
import { afterGone, changeRegistration, heldRegistration, noteStatus, noteTime, swapKeys } from './registration.ts'
import { SdkError } from './sdk-error.ts'
import { hasSuccessor } from './service-trust.ts'
import type { Around } from './surroundings.ts'
import { takeKey } from './vault/key-keeping.ts'
import type { Registration } from './vault/vault.ts'

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below the service root. */
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** Does it change state? Then it spends a counter. */
  readonly changes: boolean
}

export async function callFor<T extends Shape>(around: Around, id: string, call: Call, shape: T): Promise<Shaped<T>> {
  return shaped(shape, await callWithout(around, id, call))
}

/** As `callFor`, whatever is answered. */
export async function callWithout(around: Around, id: string, call: Call): Promise<unknown> {
  const tried = new Set<Repair>()
  for (;;) {
    try {
      const answer = await exchange(around.fetch, await signed(around, id, call))
      await noteTime(around, id, (answer as { server_time?: unknown } | undefined)?.server_time)
      await noteStatus(around, id, 'active')
      return answer
    } catch (error) {
      if (!(error instanceof SdkError)) throw error
      const repair = await repairOf(around, id, error, tried)
      if (repair) tried.add(repair)
      else {
        // Keys of a renewal that are not known either: back to those there were.
        if (error.code === 'invalid_call' && tried.has('keys')) await swapKeys(around, id, false)
        throw error
      }
    }
  }
}

type Repair = 'counter' | 'clock' | 'root' | 'keys'

/** What was put right, for another try, each thing once. What the refusal tells of the device's state is kept either way. */
async function repairOf(
  around: Around,
  id: string,
  { code, facts: { counter_floor, server_time } }: SdkError,
  tried: ReadonlySet<Repair>,
): Promise<Repair | undefined> {
  switch (code) {
    case 'stale_counter':
      if (tried.has('counter') || counter_floor === undefined) return undefined
      await changeRegistration(around, id, held => ({
        ...held,
        call_counter: Math.max(held.call_counter, counter_floor),
      }))
      return 'counter'
    case 'clock_skew':
      if (tried.has('clock') || server_time === undefined) return undefined
      await noteTime(around, id, server_time)
      return 'clock'
    case 'invalid_call':
      if (!tried.has('root') && !tried.has('keys') && (await hasSuccessor(around, id))) return 'root'
      return !tried.has('keys') && (await swapKeys(around, id, true)) ? 'keys' : undefined
    case 'activation_pending':
      await noteStatus(around, id, 'pending')
      return undefined
    case 'device_suspended':
      await noteStatus(around, id, 'suspended')
      return undefined
    case 'device_gone':
      await afterGone(around, id)
      return undefined
    default:
      return undefined
  }
}

export async function signed(around: Around, id: string, call: Call): Promise<Outgoing> {
  const registration = call.changes
    ? await changeRegistration(around, id, held => ({ ...held, call_counter: held.call_counter + 1 }))
    : await heldRegistration(around, id)
  const { method, path, query = {} } = call
  const body = call.body === undefined ? undefined : JSON.stringify(call.body)
  const payload = await callText(around, registration, call, body)
  const key = await takeKey(around.vault, registration.keys, 'request')
  const jws = await signCompact(key, 'ES256', callHeader(registration.device), payload)
  const written = canonicalQuery(query)
  const root = readService(registration.service)?.root ?? ''
  const url = `${root}${path}${written === '' ? '' : `?${written}`}`
  return { method, url, headers: { authorization: `${CALL_SCHEME} ${jws}` }, body }
}

export const callHeader = (device: string) => JSON.stringify({ alg: 'ES256', typ: CALL_TYPE, kid: device })

async function callText(
  around: Around,
  { root, offset_ms, call_counter }: Registration,
  { method, path, query = {} }: Call,
  body = '',
): Promise<string> {
  const b = toBase64url(await sha256(textBytes(body)))
  const t = Math.floor((around.now_ms() + offset_ms) / 1000)
  return JSON.stringify({ m: method, p: path, q: canonicalQuery(query), b, r: root, t, c: call_counter })
}
