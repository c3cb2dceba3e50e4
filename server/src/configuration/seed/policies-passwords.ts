/**
 * Stock policies whose secret a person knows: passwords, PINs, activation codes (and the secret of a client: AT_SYSLOG).
 * Codes, and the values that the reference documents, are the reference's: AT_SYSLOG, AT_STDPWD, AT_RESPWD, AT_EMPPWD,
 * AT_EMPPIN. The rest follows its guideline (8 to 100 characters, no class rule, nothing guessable, 1825 days).
 */
import type { PasswordRules } from '#domain/password-rule.ts'
import type { Policy } from '#domain/policy.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const VALID_DAYS = 1825

const guideline: PasswordRules = {
  minLength: 8,
  maxLength: 100,
  minDiffChars: 5,
  atLeastOneUp: false,
  atLeastOneLow: false,
  atLeastOneNum: false,
  atLeastOneSpecial: false,
  notBlackListed: true,
  notSequence: true,
  notUserAttribute: true,
  // Each old one that is kept costs a slow hash when the next is set.
  notOldPassword: 3,
}

type Difference = Partial<Omit<Policy, 'code' | 'name' | 'password'>> & { readonly password?: Partial<PasswordRules> }

function passwordPolicy(code: string, name: string, { password, ...different }: Difference = {}): Policy {
  return {
    code,
    name,
    readOnly: true,
    factor: 'password',
    level: 1,
    levelOfAssurance: `urn:hidaaas:policy:${code.toLowerCase()}`,
    disableThreshold: 8,
    disabledTimeReset_seconds: 900,
    challengeDisableThreshold: -1,
    challengeTimeout_seconds: -1,
    defaultExpiryThreshold: -1,
    validDaysAdd: VALID_DAYS,
    validDaysEdit: VALID_DAYS,
    allowExpiredReset: 0,
    sessionIdle_ms: 10 * MINUTE_MS,
    sessionValid_ms: HOUR_MS,
    validChannels: ['CH_DIRECT', 'CH_EXTRAPP', 'CH_SSP', 'CH_IIS', 'CH_VPN', 'CH_STAP', 'CH_TRMSVC'],
    ...different,
    password: { ...guideline, ...password },
  }
}

export const passwordPolicies: readonly Policy[] = [
  passwordPolicy('AT_SYSLOG', 'Client password', {
    notes: 'How an application proves itself to the token endpoint.',
    disableThreshold: 5,
    sessionIdle_ms: 5 * MINUTE_MS,
  }),
  passwordPolicy('AT_STDPWD', 'Standard password'),
  passwordPolicy('AT_RESPWD', 'Restricted password', {
    notes: 'Few tries, and a block that only an administrator lifts.',
    disableThreshold: 3,
    disabledTimeReset_seconds: 0,
    sessionValid_ms: 24 * HOUR_MS,
    password: { atLeastOneUp: true, atLeastOneLow: true, atLeastOneNum: true, characterRange: 'onlyAlphaNum' },
  }),
  passwordPolicy('AT_CUSTPWD', 'Customer password'),
  passwordPolicy('AT_CUSTPW', 'Customer password, second policy'),
  passwordPolicy('AT_EMPPWD', 'Employee password', { password: { minLength: 6, maxLength: 20, minDiffChars: 3 } }),
  passwordPolicy('AT_EMPPIN', 'Employee PIN', { password: { characterRange: 'onlyNum' } }),
  passwordPolicy('AT_TEMPPWD', 'Temporary password', {
    notes: 'Good for one use within a day.',
    disableThreshold: 3,
    disabledTimeReset_seconds: 0,
    defaultExpiryThreshold: 1,
    validDaysAdd: 1,
    validDaysEdit: 1,
  }),
  passwordPolicy('AT_ACTPWD', 'Activation code', {
    notes: 'A code sent to a new user, kept like a password.',
    disableThreshold: 5,
    disabledTimeReset_seconds: 0,
    validDaysAdd: 30,
    validDaysEdit: 30,
    password: { minLength: 6, maxLength: 50, minDiffChars: 3, notOldPassword: 0 },
  }),
]
