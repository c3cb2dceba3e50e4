/**
 * A policy as clients of this API read it: numbers as strings, `disableThreshold` and the password rules in each of the
 * places where one of them looks. `onlyIndirect` is the text "false": every policy may be used directly.
 */
import {
  type PasswordRulesWire,
  POLICY,
  POLICY_CREDENTIAL,
  POLICY_PASSWORD,
  type PolicyWire,
} from '@countersign/protocol/configuration/policy.ts'
import type { Configuration } from '#domain/configuration.ts'
import type { PasswordRules } from '#domain/password-rule.ts'
import type { Policy } from '#domain/policy.ts'

function rulesWire(rules: PasswordRules): PasswordRulesWire {
  return {
    minLength: String(rules.minLength),
    maxLength: String(rules.maxLength),
    minDiffChars: String(rules.minDiffChars),
    atLeastOneUp: rules.atLeastOneUp,
    atLeastOneLow: rules.atLeastOneLow,
    atLeastOneNum: rules.atLeastOneNum,
    atLeastOneSpecial: rules.atLeastOneSpecial,
    ...(rules.characterRange === undefined ? {} : { characterRange: rules.characterRange }),
    notBlackListed: rules.notBlackListed,
    notOldPassword: rules.notOldPassword > 0,
    notSequence: rules.notSequence,
    notUserAttribute: rules.notUserAttribute,
  }
}

export function policyOnWire(policy: Policy, location: string, configuration: Configuration): PolicyWire {
  const disableThreshold = String(policy.disableThreshold)
  const rules = policy.password && rulesWire(policy.password)
  return {
    schemas: [POLICY, rules ? POLICY_PASSWORD : POLICY_CREDENTIAL],
    id: policy.code,
    name: policy.name,
    ...(policy.notes === undefined ? {} : { notes: policy.notes }),
    readOnly: policy.readOnly,
    meta: { resourceType: 'AuthenticatorPolicy', location, version: policy.version ?? 1 },
    disableThreshold,
    disabledTimeReset: String(policy.disabledTimeReset_seconds),
    challengeDisableThreshold: String(policy.challengeDisableThreshold),
    challengeTimeoutPeriod: String(policy.challengeTimeout_seconds),
    defaultExpiryThreshold: String(policy.defaultExpiryThreshold),
    defaultValidDaysAdd: String(policy.validDaysAdd),
    defaultValidDaysEdit: String(policy.validDaysEdit),
    allowExpiredReset: String(policy.allowExpiredReset),
    sessionTimeout: String(policy.sessionIdle_ms),
    sessionValidPeriod: String(policy.sessionValid_ms),
    validChannelCodes: [...policy.validChannels],
    onlyIndirect: 'false',
    deliveryGateways: (policy.deliveryGateways ?? []).map(value => ({ display: nameOf(value, configuration), value })),
    levelOfAssurance: policy.levelOfAssurance,
    ...(rules
      ? { [POLICY_PASSWORD]: { disableThreshold, passwordPolicy: rules, passwordpolicy: rules } }
      : { [POLICY_CREDENTIAL]: { disableThreshold } }),
  }
}

const nameOf = (gateway: string, { findMailGateway, findSmsGateway }: Configuration) =>
  (findMailGateway(gateway) ?? findSmsGateway(gateway))?.name ?? gateway
