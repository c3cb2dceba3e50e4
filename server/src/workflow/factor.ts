/**
 * A way to prove oneself, as a workflow names it: a policy, the class that says what is asked for, and what comes after. The
 * class is all that a workflow knows of a factor; which engine proves it is decided by the policy, elsewhere.
 */
import type { Message } from '#workflow/message.ts'
import type { Reference } from '#workflow/reference.ts'

export const FACTOR_CLASSES = ['LOGIN', 'OTP', 'PUSH', 'OOB', 'CODE', 'PKI', 'FIDO', 'CARD'] as const
export type FactorClass = (typeof FACTOR_CLASSES)[number]

export const STEP_UPS = ['required', 'notRequired', 'automatic'] as const
export type StepUp = (typeof STEP_UPS)[number]

/** Words of WebAuthn; the server hands them on. */
export const VERIFICATIONS = ['required', 'preferred', 'discouraged'] as const
export type Verification = (typeof VERIFICATIONS)[number]

export interface Factor {
  readonly at: string
  readonly id: string
  readonly criteria: Reference
  /** The policy, `AT_…`. */
  readonly code: string
  readonly class: FactorClass
  readonly acr?: string
  readonly amr?: string
  /** Wrong answers after which the login is over. Absent: the lockout of the policy alone counts. */
  readonly retry?: number
  readonly actions: readonly Reference[]
  readonly enrolActions: readonly Reference[]
  readonly expirationWarning_seconds?: number
  /** Key of a text → the key that is looked up in the theme in its place. */
  readonly labels: ReadonlyMap<string, string>
  /** Absent: the server picks a way by what it knows of the person and by the policy. */
  readonly oobMethods?: readonly Message[]
  readonly push: PushSettings
  readonly passkey: PasskeySettings
}

export interface PushSettings {
  /** The word of the device that means yes. */
  readonly okStatus?: string
  readonly allowUserDeviceSelection?: boolean
  readonly pollTimeout_seconds?: number
  readonly pollInterval_seconds?: number
}

export interface PasskeySettings {
  readonly rpId?: string
  readonly userVerification?: Verification
  /** The key is found by the device; the person types no name. */
  readonly discoverCredentialsInDevice?: boolean
}

export interface FirstFactor extends Factor {
  readonly stepUp: StepUp
  /** Where that is written; of the factor itself when it is not. */
  readonly stepUpAt: string
  /** Has no meaning here, but is met in stored workflows. */
  readonly upon: readonly Reference[]
}

export interface SecondFactor extends Factor {
  /** First factors after which it may come. Absent: after each. */
  readonly upon?: readonly Reference[]
}
