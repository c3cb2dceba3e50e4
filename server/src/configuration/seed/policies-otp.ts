/**
 * Stock policies of one-time codes, answers to challenges and signatures: their secrets are the OATH credentials of the
 * devices that the user holds. Codes are the reference's; of the values it documents the default of
 * challengeDisableThreshold (8) and, by its samples, sessions of a day (`expires_in` 86400) idle for ten minutes.
 */
import type { Policy } from '#domain/policy.ts'

export function otpPolicy(code: string, name: string, notes: string): Policy {
  return {
    code,
    name,
    notes,
    readOnly: true,
    factor: 'oath',
    level: 2,
    levelOfAssurance: `urn:hidaaas:policy:${code.toLowerCase()}`,
    disableThreshold: 8,
    disabledTimeReset_seconds: 900,
    challengeDisableThreshold: 8,
    challengeTimeout_seconds: 300,
    defaultExpiryThreshold: -1,
    validDaysAdd: 1825,
    validDaysEdit: 1825,
    allowExpiredReset: 0,
    sessionIdle_ms: 600_000,
    sessionValid_ms: 86_400_000,
    validChannels: ['CH_DIRECT', 'CH_EXTRAPP', 'CH_SSP', 'CH_IIS', 'CH_VPN', 'CH_STAP', 'CH_TRMSVC'],
  }
}

export const otpPolicies: readonly Policy[] = [
  otpPolicy('AT_OTP', 'Hardware token', 'Created once for a user; any number of tokens may then be assigned.'),
  otpPolicy('AT_EMPOTP', 'Employee one-time code', 'One-time codes, challenges and signatures of employees.'),
  otpPolicy('AT_CUSTOTP', 'Customer one-time code', 'One-time codes, challenges and signatures of customers.'),
]
