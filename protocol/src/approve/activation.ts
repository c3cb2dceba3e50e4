/**
 * Activation: what an app sends and what comes back, and the transcript that both sides prove to know (approve protocol,
 * section 4). This file only lays out bytes; PBKDF2, HKDF, HMAC and SHA-256 are the runtime's.
 */
import { type Static, Type } from 'typebox'
import { protection } from './policy-document.ts'
import { appKeys, approvalAlgorithms, type KeyThumbprints } from './public-key.ts'
import { service } from './statement.ts'
import { base64url, compact, thumbprint, time } from './text.ts'
import { utf8 } from './utf8.ts'

export const CODE_ROUNDS = 600_000
export const QR_INFO = 'countersign qr'
export const NONCE_LIFE_SECONDS = 600

export const activationStart = Type.Object({
  uid: Type.String({ minLength: 1, maxLength: 256 }),
  /** `dty` of the invitation; by hand there is none and the stock type is meant. */
  type: Type.Optional(Type.String({ maxLength: 32 })),
})
const algorithm = Type.Enum(approvalAlgorithms)
export const activationStarted = Type.Object({
  salt: base64url(22),
  nonce: base64url(64),
  /** Which keys to make and how to guard them: known before the policy document comes. */
  algorithms: Type.Object({ logon: algorithm, action: algorithm }),
  protection,
  ...service.properties,
})
export type ActivationStarted = Static<typeof activationStarted>

export const keyProtections = ['browser', 'file', 'hardware'] as const

export const activationRequest = Type.Object({
  method: Type.Union([Type.Literal('qr'), Type.Literal('typed')]),
  service: Type.String({ maxLength: 512 }),
  uid: Type.String({ minLength: 1, maxLength: 256 }),
  dir: Type.String({ maxLength: 20 }),
  did: Type.String({ maxLength: 20 }),
  root: thumbprint,
  nonce: base64url(64),
  device_nonce: base64url(22),
  keys: appKeys,
  name: Type.String({ minLength: 1, maxLength: 64 }),
  platform: Type.String({ maxLength: 64 }),
  key_protection: Type.Enum(keyProtections),
  proof: base64url(43),
  tag: Type.Optional(base64url(43)),
  evidence: Type.Array(compact(4096), { minItems: 2, maxItems: 2 }),
})
export type ActivationRequest = Static<typeof activationRequest>

export const activationAnswer = Type.Object({
  device: Type.String(),
  user: Type.String(),
  tenant: Type.String(),
  status: Type.Union([Type.Literal('ACTIVE'), Type.Literal('PENDING')]),
  server_time: time,
  server_proof: base64url(43),
  policy: compact(16_384),
  codes: compact(16_384),
})
export type ActivationAnswer = Static<typeof activationAnswer>

/** What the two signing keys sign about themselves; both sign the same text. */
export const evidencePayload = Type.Object({
  tenant: Type.String({ maxLength: 64 }),
  uid: Type.String({ maxLength: 256 }),
  root: thumbprint,
  keys: Type.Object({ logon: thumbprint, action: thumbprint, request: thumbprint, sealing: thumbprint }),
  nonce: Type.String({ maxLength: 64 }),
  iat: time,
})
export type Evidence = Static<typeof evidencePayload>

export interface TranscriptParts {
  readonly method: 'qr' | 'typed'
  readonly root: string
  readonly service: string
  readonly tenant: string
  /** Empty by hand. */
  readonly dir: string
  readonly did: string
  readonly uid: string
  readonly keys: KeyThumbprints
  readonly deviceNonce: string
  readonly serverNonce: string
}

/** The bytes whose SHA-256 is the transcript. */
export function transcriptBytes(parts: TranscriptParts): Uint8Array {
  const { keys } = parts
  return lengthPrefixed([
    'countersign-activation-v1',
    parts.method,
    parts.root,
    parts.service,
    parts.tenant,
    parts.dir,
    parts.did,
    parts.uid,
    keys.logon,
    keys.action,
    keys.request,
    keys.sealing,
    parts.deviceNonce,
    parts.serverNonce,
  ])
}

/** A label and the transcript: what HMAC is taken of. */
export function proofBytes(label: 'device' | 'server' | 'qr' | 'confirm', transcript: Uint8Array): Uint8Array {
  return joined([utf8(label), transcript])
}

const CONFIRM_LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/** The six characters that both sides show, from the HMAC over "confirm". */
export function confirmationCode(mac: Uint8Array): string {
  return Array.from(mac.subarray(0, 6), byte => CONFIRM_LETTERS[byte % CONFIRM_LETTERS.length]).join('')
}

/** Each text as four bytes of its length, then its UTF-8: no two lists give the same bytes. */
export function lengthPrefixed(texts: readonly string[]): Uint8Array {
  return joined(
    texts.flatMap(text => {
      const bytes = utf8(text)
      const { length } = bytes
      return [Uint8Array.of(length >>> 24, (length >>> 16) & 255, (length >>> 8) & 255, length & 255), bytes]
    }),
  )
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
