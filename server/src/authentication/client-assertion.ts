/**
 * A client's assertion (`private_key_jwt`): a JWT signed with a key that the client registered. RFC 7523 section 3, OpenID Connect
 * Core section 9. It may not live longer than ten minutes, is meant for us alone, and is used once.
 */
import { hash } from 'node:crypto'
import { type ClientJws, goodUntil, isMeantForUs, isSignedByClient } from '#authentication/client-signature.ts'
import type { ClientDocument } from '#domain/client.ts'

/** What an assertion is good for once: the hash of its `jti` and when it may be forgotten. */
export interface UsedAssertion {
  readonly jti: Uint8Array
  readonly expiresAt_ms: number
}

const LONGEST_LIFE_S = 600
const LONGEST_JTI = 256

/** Why the assertion does not prove this client now, as a code for the audit; or what must not be used again. */
export function judgeAssertion(
  assertion: ClientJws,
  client: { readonly clientId: string; readonly document: Pick<ClientDocument, 'jwks' | 'authAlgorithm'> },
  audiences: readonly string[],
  now_ms: number,
): UsedAssertion | string {
  const { claims } = assertion
  if (claims.iss !== client.clientId || claims.sub !== client.clientId) return 'assertion_subject'
  if (!isMeantForUs(claims.aud, audiences)) return 'assertion_audience'
  const until = goodUntil(claims, Math.floor(now_ms / 1000), LONGEST_LIFE_S)
  if (typeof until === 'string') return `assertion_${until}`
  const { jti } = claims
  if (typeof jti !== 'string' || jti === '' || jti.length > LONGEST_JTI) return 'assertion_id'
  if (!isSignedByClient(assertion, client.document, client.document.authAlgorithm)) return 'assertion_signature'
  return { jti: hash('sha256', jti, 'buffer'), expiresAt_ms: until * 1000 }
}
