/**
 * What verifying passkeys asks of the world: Web Authentication Level 3 sections 7.1 (registration) and 7.2 (assertion), and trust in
 * what made a key (FIDO Metadata Service, section 3). Slow and asynchronous, so it stands between two units, like a slow hash.
 * Never throws for what a stranger sent: every answer is a verdict with a reason for the audit.
 */
import type { FidoPolicy } from '#domain/fido-policy.ts'

export type UserVerification = 'required' | 'preferred' | 'discouraged'
export type AttestationConveyance = 'none' | 'indirect' | 'direct' | 'enterprise'

/** COSE algorithms of keys that are taken, best first: ES256, EdDSA (Ed25519), ES384, RS256. What is offered is what passes. */
export const PASSKEY_ALGORITHMS: readonly number[] = [-7, -8, -35, -257]

/** A passkey as its credential keeps it. */
export interface PasskeyRecord {
  /** base64url. */
  readonly credentialId: string
  /** COSE_Key, base64url. */
  readonly publicKey: string
  /** Signature counter; 0 where the authenticator keeps none. */
  readonly counter: number
  readonly transports: readonly string[]
  /** Lower case with dashes; all zero where it was not told. */
  readonly aaguid: string
  readonly backupEligible: boolean
  readonly backedUp: boolean
  readonly discoverable: boolean | null
  /** `none`, `packed` …, and whether its chain led to an anchor that we trust. */
  readonly attestation: { readonly format: string; readonly trusted: boolean }
  /** Of the metadata, or of the model. */
  readonly model: string | null
}

export interface RegistrationCheck {
  /** PublicKeyCredential as JSON, of a stranger. */
  readonly credential: unknown
  /** base64url. */
  readonly challenge: string
  readonly origins: readonly string[]
  readonly rpId: string
  readonly userVerification: UserVerification
  readonly attestation: AttestationConveyance
  /** Lower case. A list asks for attestation that leads to an anchor (security.md W1). */
  readonly allowedAAGUIDs: readonly string[] | undefined
  /** The tenant's document: which status reports refuse a model, and who vouches beside the FIDO metadata. */
  readonly policy: FidoPolicy
  readonly now_ms: number
}

export type RegistrationVerdict =
  | { readonly verdict: 'accepted'; readonly record: PasskeyRecord; readonly userVerified: boolean }
  | { readonly verdict: 'refused'; readonly reason: string; readonly detail: string }

export interface AssertionCheck {
  /** AuthenticatorAssertionResponse as JSON, with or without the credential around it, of a stranger. */
  readonly assertion: unknown
  readonly challenge: string
  readonly origins: readonly string[]
  readonly rpId: string
  readonly userVerification: UserVerification
  readonly record: Pick<PasskeyRecord, 'credentialId' | 'publicKey' | 'counter' | 'transports' | 'backupEligible'>
}

export type AssertionVerdict =
  | {
      readonly verdict: 'accepted'
      readonly counter: number
      readonly userVerified: boolean
      readonly backedUp: boolean
    }
  /** `counter_went_back`: perhaps a clone. */
  | { readonly verdict: 'refused'; readonly reason: string }

export interface Passkeys {
  verifyRegistration(check: RegistrationCheck): Promise<RegistrationVerdict>
  verifyAssertion(check: AssertionCheck): Promise<AssertionVerdict>
}
