/**
 * A credential type (`CT_*`): what a key inside a device computes, and how that is accepted. On the wire: the Credential/Type
 * resource of the configuration API; the reference does not show the members of its OATH and push extensions, so those are ours.
 * RFC 4226 (HOTP), RFC 6238 (TOTP), RFC 6287 (OCRA); approvals and the transport key of the approve app: docs/approve-protocol.md.
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

/** A key of the approve app. */
export interface PushSettings {
  /** Approves log-ons, approves actions, or carries what app and server say to each other. */
  readonly use: 'logon' | 'action' | 'transport'
  readonly algorithm: 'RS512' | 'ES256'
  /** What the user may answer; the first is the positive one. Empty for the transport key. */
  readonly statuses: readonly string[]
}

/** Codes that we make and send to a person. How long one lives is said by the policy. */
export interface OobSettings {
  /** Signs in, or confirms one transaction. */
  readonly use: 'code' | 'transaction'
  readonly digits: number
  /** Wrong entries after which a code is dead. */
  readonly tries: number
}

interface Shared {
  readonly code: string
  readonly name: string
  readonly notes?: string
  /** A stock document: it can be copied, never changed. */
  readonly readOnly: boolean
  /** Counts the changes of a document of the tenant's own; a stock document has none. */
  readonly version?: number
}

export interface OathCredentialType extends Shared {
  readonly factor: 'oath'
  readonly settings: OathSettings
}

export interface PushCredentialType extends Shared {
  readonly factor: 'push'
  readonly settings: PushSettings
}

export interface OobCredentialType extends Shared {
  readonly factor: 'oob'
  readonly settings: OobSettings
}

/** A passkey: the rules for it stand in workflows, what it can do is told by its authenticator. */
export interface FidoCredentialType extends Shared {
  readonly factor: 'fido'
}

/** A contactless card: what it proves is said by its application. */
export interface CardCredentialType extends Shared {
  readonly factor: 'card'
}

/** The invite code of an enrolment; it proves nothing afterwards. */
export interface InviteCredentialType extends Shared {
  readonly factor: 'invite'
}

export type CredentialType =
  | OathCredentialType
  | PushCredentialType
  | OobCredentialType
  | FidoCredentialType
  | CardCredentialType
  | InviteCredentialType

/** The settings of an OATH type; undefined for any other. */
export function oathSettingsOf(type: CredentialType | undefined): OathSettings | undefined {
  return type?.factor === 'oath' ? type.settings : undefined
}
