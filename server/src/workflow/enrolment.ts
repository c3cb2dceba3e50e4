/**
 * What a workflow says about enrolling a passkey or a card: `enrollActions`, and the factors that must be proved before,
 * `enrollProtectionFactors`. Words of WebAuthn are handed on as they are.
 */
import type { FactorClass, Verification } from '#workflow/factor.ts'
import type { Reference } from '#workflow/reference.ts'

export const ENROL_CLASSES = ['FIDO', 'CARD'] as const
export const ATTACHMENTS = ['platform', 'cross-platform'] as const
export const ATTESTATIONS = ['none', 'indirect', 'direct', 'enterprise'] as const
export const BINDINGS = ['required', 'notRequired'] as const

/** Of protection factors: proved by one text at `enroll/code`; nothing is sent, asked or read for it there. */
export const PROTECTING: readonly FactorClass[] = ['LOGIN', 'OTP']

export interface EnrolAction {
  readonly at: string
  readonly id: string
  readonly criteria: Reference
  readonly class: (typeof ENROL_CLASSES)[number]
  /** The policy of a passkey; of a card any text. */
  readonly code: string
  readonly retry?: number
  readonly protectionFactor?: Reference
  /** `required`: the person needs a device of `deviceType` that waits to be bound. */
  readonly deviceBinding?: (typeof BINDINGS)[number]
  readonly deviceType?: string
  readonly credentialType?: string
  readonly rpId?: string
  readonly userVerification?: Verification
  readonly residentKey?: Verification
  readonly authenticatorAttachment?: (typeof ATTACHMENTS)[number]
  readonly attestationVerification?: (typeof ATTESTATIONS)[number]
  /** Models that may be enrolled, in lower case. Absent: all. */
  readonly allowedAAGUIDs?: readonly string[]
  /** Card applications that may be enrolled. Absent: all. */
  readonly allowedCards?: readonly string[]
}

export interface ProtectionFactor {
  readonly at: string
  readonly id: string
  readonly code: string
  readonly class: FactorClass
  readonly retry?: number
}
