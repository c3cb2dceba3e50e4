/**
 * Proof Key for Code Exchange, RFC 7636, by S256 only: `plain` hides nothing from whoever reads the authorization request.
 * Surprise: a verifier for a request that carried no challenge is refused too (RFC 9700 section 2.1.1): somebody took the
 * challenge out of the request, and the client that still sends its verifier would be signed in by a stolen code.
 */
import { hash } from 'node:crypto'
import { sameText } from '#domain/same-text.ts'

/** 43 to 128 unreserved characters, section 4.1. */
const VERIFIER = /^[A-Za-z0-9\-._~]{43,128}$/
/** Base64url of a SHA-256, section 4.2; its last character carries four bits. */
const CHALLENGE = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/

export const isChallenge = (text: string): boolean => CHALLENGE.test(text)

/** Both or none, and both of one pair. */
export function pkceMatches(challenge: string | undefined, verifier: string | undefined): boolean {
  if (challenge === undefined || verifier === undefined) return challenge === verifier
  return VERIFIER.test(verifier) && sameText(hash('sha256', verifier, 'base64url'), challenge)
}
