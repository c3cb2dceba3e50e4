/** What waits for the user: the inbox, one request, and a request that a scanned code names (approve protocol, sections 6 and 7). */
import { fits } from '@countersign/protocol/approve/fits.ts'
import {
  type InboxAnswer,
  inboxAnswer,
  type RequestAnswer,
  requestAnswer,
  SCAN_TYPE,
  type ScanPayload,
  type ScanVia,
  scanPayload,
} from '@countersign/protocol/approve/request.ts'
import { readService } from '@countersign/protocol/approve/service-root.ts'
import { decodeJwt } from 'jose'
import { kidOf, verifiedPayload } from './compact-jws.ts'
import { heldRegistration, serverNow_seconds } from './registration.ts'
import { SdkError } from './sdk-error.ts'
import { knowingSigner, refreshPolicy } from './service-facts.ts'
import { callFor } from './signed-call.ts'
import type { Around } from './surroundings.ts'

export async function readInbox(around: Around, id: string): Promise<InboxAnswer> {
  const call = { method: 'GET', path: '/approve/v1/inbox', changes: false } as const
  const inbox = await callFor(around, id, call, inboxAnswer)
  const { policy } = await heldRegistration(around, id)
  if (inbox.policy_version > policy.version) await refreshPolicy(around, id)
  return inbox
}

export async function readRequest(around: Around, id: string, request: string): Promise<RequestAnswer> {
  const path = `/approve/v1/approvals/${encodeURIComponent(request)}`
  const answer = await callFor(around, id, { method: 'GET', path, changes: false }, requestAnswer)
  if (answer.id !== request) throw new SdkError('invalid_request')
  return answer
}

const LONGEST_SCAN = 8192

/** The JWS of a scanned text, bare or after `#scan=` of a link; undefined when there is none. */
export function scannedJws(text: string): string | undefined {
  if (text.length > LONGEST_SCAN) return undefined
  const jws = /^https?:\/\//i.test(text.trim()) ? /#scan=([^&]*)$/.exec(text.trim())?.[1] : text.trim()
  return jws !== undefined && /^[\w-]+\.[\w-]+\.[\w-]+$/.test(jws) ? jws : undefined
}

export interface Claimed {
  readonly kid: string
  readonly service: string
  readonly tenant: string
  readonly type: string
}

/** What the code says before anything is verified: good for choosing a container and for nothing else. */
export function claimsOf(text: string): Claimed | undefined {
  const jws = scannedJws(text)
  if (jws === undefined) return undefined
  try {
    const claims: unknown = decodeJwt(jws)
    if (!fits(scanPayload, claims)) return undefined
    const { tenant, type } = claims
    return { kid: kidOf(jws) ?? '', service: readService(claims.service)?.name ?? '', tenant, type }
  } catch {
    return undefined
  }
}

/** `silent` of the answer is kept only for the live camera: a link or an image may have come from a stranger. */
export async function readScan(around: Around, id: string, text: string, via: ScanVia): Promise<RequestAnswer> {
  const jws = scannedJws(text)
  if (jws === undefined) throw new SdkError('invalid_request', 'This is no code of a request.')
  const claims = await verifiedScan(around, id, jws)
  const call = { method: 'POST', path: '/approve/v1/scan', body: { jwt: jws, via }, changes: false } as const
  const answer = await callFor(around, id, call, requestAnswer)
  if (answer.id !== claims.jti || answer.client.name !== claims.client) throw new SdkError('invalid_request')
  return { ...answer, silent: answer.silent && via === 'camera' }
}

async function verifiedScan(around: Around, id: string, jws: string): Promise<ScanPayload> {
  const held = await knowingSigner(around, id, jws)
  const claims = await verifiedPayload(jws, SCAN_TYPE, held.working)
  if (!fits(scanPayload, claims)) throw new SdkError('invalid_request')
  if (claims.tenant !== held.tenant) throw new SdkError('untrusted_service', 'The code is of another service.')
  if (claims.exp <= serverNow_seconds(around, await heldRegistration(around, id)))
    throw new SdkError('request_expired', 'The code is too old. Scan the one that is shown now.')
  return claims
}
