/**
 * Stock documents of passkeys (FIDO2, Web Authentication). Codes are the reference's; it does not publish their settings, so those are ours.
 * Which passkeys may be enrolled, and how one is asked for, is said by workflows.
 */
import { otpPolicy } from '#configuration/seed/policies-otp.ts'
import type { CredentialType } from '#domain/credential-type.ts'
import type { DeviceType } from '#domain/device-type.ts'
import type { Policy } from '#domain/policy.ts'

export const passkeyPolicies: readonly Policy[] = [
  {
    ...otpPolicy(
      'AT_FIDO',
      'Passkey',
      'Created with the first passkey of a user, or before it; without one it proves nobody.',
    ),
    factor: 'fido',
    level: 4,
    // Nothing is guessed here: a count of failures would only let strangers lock people out.
    challengeDisableThreshold: -1,
  },
]

export const passkeyCredentialTypes: readonly CredentialType[] = [
  { code: 'CT_FIDOU2F', name: 'Passkey (FIDO2)', readOnly: true, factor: 'fido' },
]

export const passkeyDeviceTypes: readonly DeviceType[] = [
  {
    code: 'DT_FIDO',
    name: 'Passkey',
    readOnly: true,
    defaultCredentialType: 'CT_FIDOU2F',
    allowedCredentialTypes: ['CT_FIDOU2F'],
    maximumDevicePerUser: 10,
  },
]
