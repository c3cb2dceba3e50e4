/**
 * A credential type (`CT_*`): which algorithm a key inside a device runs, and how its codes are accepted.
 * RFC 4226 (HOTP), RFC 6238 (TOTP), RFC 6287 (OCRA). On the wire: the Credential/Type resource of the configuration API;
 * the reference does not show the members of its OATH extension, so those are ours.
 */

export interface OathSettings {
  readonly algorithm: 'HOTP' | 'TOTP' | 'OCRA'
  readonly hash: 'SHA1' | 'SHA256' | 'SHA512'
  readonly digits: number
  /** Length of a time step; 0 where no clock takes part. */
  readonly step_seconds: number
  /** HOTP: how many counters are tried ahead. TOTP: how many steps are tried on each side. OCRA without counter or clock: 0. */
  readonly window: number
  /** The same, while two codes in a row are asked for to find a device that ran away. */
  readonly resync_window: number
  /** The OCRA suite, whose hash and digits are those above. */
  readonly suite?: string
  /** What its codes prove: presence, an answer to a challenge, or consent to a transaction. */
  readonly use: 'otp' | 'challenge' | 'signing'
  /** Stands between the values of a transaction; a value that contains it is refused. Empty where nothing is signed. */
  readonly joiner: string
  /** Digits of a challenge that we ask; given exactly when `use` is `challenge`. */
  readonly question_length?: number
}

export interface CredentialType {
  readonly code: string
  readonly name: string
  readonly notes?: string
  /** A stock document: it can be copied, never changed. */
  readonly readOnly: boolean
  readonly factor: 'oath'
  readonly settings: OathSettings
}
