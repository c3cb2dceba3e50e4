/**
 * When an authentication policy may be saved. Which engine proves it is that of the policy it was cloned from. No rule may undo
 * another (rule C4): a count of failures always ends, passwords that the rules ask for can be written, a session does not idle beyond
 * its end.
 */
import type { DocumentKind } from '#administration/document-kind.ts'
import type { Configuration } from '#domain/configuration.ts'
import { LONGEST_PASSWORD, type PasswordRules } from '#domain/password-rule.ts'
import type { Policy } from '#domain/policy.ts'
import { Refusal } from '#domain/refusal.ts'

const DAY_S = 86_400
const MONTH_MS = 30 * DAY_S * 1000
const NUMERALS = 10
const SHORTEST_PASSWORD = 4

interface Bound {
  /** As the wire names it. */
  readonly name: string
  readonly of: (policy: Policy) => number
  readonly least: number
  readonly most: number
  /** -1 says that there is no limit. */
  readonly unlimited?: true
}

const bounds: readonly Bound[] = [
  // Without an end to failures every short secret is found (NIST SP 800-63B section 5.2.2).
  { name: 'disableThreshold', of: one => one.disableThreshold, least: 1, most: 100 },
  { name: 'disabledTimeReset', of: one => one.disabledTimeReset_seconds, least: 0, most: 31 * DAY_S },
  { name: 'challengeDisableThreshold', of: one => one.challengeDisableThreshold, least: 1, most: 100, unlimited: true },
  { name: 'challengeTimeoutPeriod', of: one => one.challengeTimeout_seconds, least: 1, most: DAY_S, unlimited: true },
  { name: 'defaultExpiryThreshold', of: one => one.defaultExpiryThreshold, least: 1, most: 1_000_000, unlimited: true },
  { name: 'defaultValidDaysAdd', of: one => one.validDaysAdd, least: 1, most: 36_500, unlimited: true },
  { name: 'defaultValidDaysEdit', of: one => one.validDaysEdit, least: 1, most: 36_500, unlimited: true },
  { name: 'allowExpiredReset', of: one => one.allowExpiredReset, least: 0, most: 100 },
  { name: 'sessionTimeout', of: one => one.sessionIdle_ms, least: 10_000, most: MONTH_MS },
  { name: 'sessionValidPeriod', of: one => one.sessionValid_ms, least: 10_000, most: MONTH_MS },
]

export const policyKind: DocumentKind<Policy> = {
  list: 'policies',
  noun: 'authentication policy',
  event: 'AuthenticationPolicy',
  parameter: 'ATC',
  find: (configuration, code) => configuration.findPolicy(code),
  all: configuration => configuration.policies,
  refusalOf: (policy, { configuration }) => wrong(faultOf(policy, configuration)),
  refusalOfRemoval: ({ code }, { workflows }) => {
    const holder = workflows.find(({ payload }) => namesPolicy(payload, code))
    return holder && new Refusal('action_not_possible', `The workflow ${holder.code} names it.`)
  },
  use: (queries, tenant, code) => queries.useOfPolicy(tenant, code),
}

const wrong = (sentence: string | undefined) =>
  sentence === undefined ? undefined : new Refusal('invalid_value', sentence)

function faultOf(policy: Policy, configuration: Configuration): string | undefined {
  for (const { name, of, least, most, unlimited } of bounds) {
    const value = of(policy)
    if (unlimited && value === -1) continue
    if (!Number.isInteger(value) || value < least || value > most)
      return `${name} is ${least} to ${most}${unlimited ? ', or -1 for no limit' : ''}.`
  }
  const { validDaysAdd, validDaysEdit, sessionIdle_ms, sessionValid_ms, validChannels, deliveryGateways = [] } = policy
  if ((validDaysAdd === -1) !== (validDaysEdit === -1))
    return 'defaultValidDaysAdd and defaultValidDaysEdit are -1 together or not at all.'
  if (sessionIdle_ms > sessionValid_ms) return 'sessionTimeout is at most sessionValidPeriod.'
  if ((policy.factor === 'push' || policy.factor === 'oob') && policy.challengeTimeout_seconds === -1)
    return 'challengeTimeoutPeriod has a limit where something is sent to somebody.'
  const channel = validChannels.find(code => !configuration.findChannel(code))
  if (channel !== undefined) return `${channel.slice(0, 32)} is no channel.`
  const gateway = deliveryGateways.find(
    code => !configuration.findMailGateway(code) && !configuration.findSmsGateway(code),
  )
  if (gateway !== undefined) return `${gateway.slice(0, 32)} is no gateway of this tenant for mail or SMS.`
  if (new Set(deliveryGateways).size < deliveryGateways.length) return 'deliveryGateways names one twice.'
  return policy.password && faultOfRules(policy.password)
}

function faultOfRules(rules: PasswordRules): string | undefined {
  const { minLength, maxLength, minDiffChars, characterRange, notOldPassword } = rules
  if (!isIn(minLength, SHORTEST_PASSWORD, LONGEST_PASSWORD))
    return `minLength is ${SHORTEST_PASSWORD} to ${LONGEST_PASSWORD}.`
  if (!isIn(maxLength, minLength, LONGEST_PASSWORD)) return `maxLength is minLength to ${LONGEST_PASSWORD}.`
  if (!isIn(minDiffChars, 1, maxLength)) return 'minDiffChars is 1 to maxLength.'
  if (!isIn(notOldPassword, 0, 10)) return 'notOldPassword is at most 10 former passwords.'
  const letters = rules.atLeastOneUp || rules.atLeastOneLow
  if (characterRange === 'onlyNum' && minDiffChars > NUMERALS) return `There are ${NUMERALS} numerals: minDiffChars.`
  if (characterRange === 'onlyNum' && letters) return 'onlyNum leaves no letters to ask for.'
  if (characterRange === 'onlyAlpha' && rules.atLeastOneNum) return 'onlyAlpha leaves no digits to ask for.'
  if (characterRange !== undefined && rules.atLeastOneSpecial) return `${characterRange} leaves no marks to ask for.`
  return undefined
}

const isIn = (value: number, least: number, most: number) => Number.isInteger(value) && value >= least && value <= most

const LISTS = ['firstFactors', 'secondFactors', 'enrollActions', 'enrollProtectionFactors']

function namesPolicy(payload: unknown, code: string): boolean {
  const members = payload as Readonly<Record<string, readonly { readonly code?: unknown }[] | undefined>>
  return LISTS.some(list => members[list]?.some(entry => entry.code === code))
}
