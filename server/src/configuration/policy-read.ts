/**
 * What a caller writes → a policy. A new one is a clone of the policy that `copyFrom` names; its engine is never written. Numbers come
 * as numbers or text, and what is shown twice may be written in either place: a document that was read, changed in one place and
 * sent back says what it means.
 */
import {
  type PasswordRulesWrite,
  POLICY_CREDENTIAL,
  POLICY_PASSWORD,
  type PolicyWrite,
} from '@countersign/protocol/configuration/policy.ts'
import type { Configuration } from '#domain/configuration.ts'
import type { PasswordRules } from '#domain/password-rule.ts'
import type { Policy } from '#domain/policy.ts'
import { Refusal } from '#domain/refusal.ts'

const codeForm = /^AT_[A-Z0-9_-]{1,17}$/
const hidden = /[\p{Cc}\p{Cf}]/u
const USUAL_HISTORY = 3
/** By these a caller would choose another engine, or who may use it. */
const UNSUPPORTED = ['directAuthenticatorPolicy', 'adapterCode', 'managerAdapterCode', 'adapterParameters']

const wrong = (sentence: string) => new Refusal('invalid_value', sentence)

export function newPolicy(body: PolicyWrite, configuration: Configuration): Policy {
  const { id: code = '', copyFrom, name = code } = body
  if (!codeForm.test(code)) throw wrong('id is AT_ and 1 to 17 capitals, digits, _ or -.')
  if (copyFrom === undefined) throw wrong('copyFrom is needed: a policy is a clone of another.')
  const base = configuration.findPolicy(copyFrom)
  if (!base) throw wrong('copyFrom is not the id of an authentication policy.')
  const levelOfAssurance = `urn:hidaaas:policy:${code.toLowerCase()}`
  return changedPolicy({ ...base, code, name, readOnly: false, levelOfAssurance }, body)
}

export function changedPolicy(before: Policy, body: PolicyWrite): Policy {
  assertSupported(body)
  const { name, notes, validChannelCodes, deliveryGateways, levelOfAssurance } = body
  const threshold = [body, body[POLICY_PASSWORD], body[POLICY_CREDENTIAL]].map(one => one?.disableThreshold)
  const { notes: formerNotes, password: _, deliveryGateways: formerGateways, ...rest } = before
  const number = (given: number | string | undefined, former: number) => (given === undefined ? former : Number(given))
  const kept = notes === undefined ? formerNotes : notes
  const gateways = deliveryGateways?.map(({ value }) => value) ?? formerGateways ?? []
  const policy: Policy = {
    ...rest,
    name: name ?? before.name,
    ...(kept == null ? {} : { notes: kept }),
    disableThreshold: oneOf('disableThreshold', threshold.map(numberIn), before.disableThreshold),
    disabledTimeReset_seconds: number(body.disabledTimeReset, before.disabledTimeReset_seconds),
    challengeDisableThreshold: number(body.challengeDisableThreshold, before.challengeDisableThreshold),
    challengeTimeout_seconds: number(body.challengeTimeoutPeriod, before.challengeTimeout_seconds),
    defaultExpiryThreshold: number(body.defaultExpiryThreshold, before.defaultExpiryThreshold),
    validDaysAdd: number(body.defaultValidDaysAdd, before.validDaysAdd),
    validDaysEdit: number(body.defaultValidDaysEdit, before.validDaysEdit),
    allowExpiredReset: number(body.allowExpiredReset, before.allowExpiredReset),
    sessionIdle_ms: number(body.sessionTimeout, before.sessionIdle_ms),
    sessionValid_ms: number(body.sessionValidPeriod, before.sessionValid_ms),
    validChannels: validChannelCodes ? [...new Set(validChannelCodes)] : before.validChannels,
    ...(gateways.length === 0 ? {} : { deliveryGateways: gateways }),
    levelOfAssurance: levelOfAssurance ?? before.levelOfAssurance,
    ...passwordOf(before, body),
  }
  if (hidden.test(policy.name)) throw wrong('name is printable text.')
  return policy
}

function assertSupported(body: PolicyWrite): void {
  const members = body as Readonly<Record<string, unknown>>
  const asked = UNSUPPORTED.find(name => members[name] !== undefined && members[name] !== null)
  if (asked) throw new Refusal('unsupported_value', `${asked} cannot be set: the engine is that of the cloned policy.`)
  if (String(body.onlyIndirect ?? 'false') === 'true')
    throw new Refusal('unsupported_value', 'onlyIndirect is false: every policy may be used directly.')
}

const numberIn = (given: number | string | undefined) => (given === undefined ? undefined : Number(given))

/** Of the places where a member may stand, the one that says something new. */
function oneOf<T>(name: string, given: readonly (T | undefined)[], former: T): T {
  const fresh = new Set(given.filter(one => one !== undefined && one !== former))
  if (fresh.size > 1) throw wrong(`${name} is given twice, with different values.`)
  const [value = former] = fresh
  return value as T
}

function passwordOf(before: Policy, body: PolicyWrite): { readonly password?: PasswordRules } {
  const extension = body[POLICY_PASSWORD]
  const places = [body.passwordPolicy, body.passwordpolicy, extension?.passwordPolicy, extension?.passwordpolicy]
  const given = places.filter(one => one !== undefined && one !== null)
  if (before.password === undefined) {
    if (given.length === 0) return {}
    throw new Refusal('immutable', 'This policy holds no passwords: it has no rules for them.')
  }
  return { password: changedRules(before.password, given) }
}

const flags = [
  ...['atLeastOneUp', 'atLeastOneLow', 'atLeastOneNum', 'atLeastOneSpecial'],
  ...['notBlackListed', 'notSequence', 'notUserAttribute'],
] as readonly (keyof PasswordRules & keyof PasswordRulesWrite)[]
const counts = ['minLength', 'maxLength', 'minDiffChars'] as const
const known: ReadonlySet<string> = new Set([...flags, ...counts, 'characterRange', 'notOldPassword'])

function changedRules(before: PasswordRules, given: readonly PasswordRulesWrite[]): PasswordRules {
  for (const rules of given) assertKnownRules(rules)
  const numbers = counts.map(name => [
    name,
    oneOf(
      name,
      given.map(one => numberIn(one[name])),
      before[name],
    ),
  ])
  const switches = flags.map(name => [
    name,
    oneOf(
      name,
      given.map(one => flagIn(one[name])),
      before[name],
    ),
  ])
  const range = oneOf(
    'characterRange',
    given.map(one => (one.characterRange === null ? '' : one.characterRange)),
    before.characterRange ?? '',
  )
  const history = oneOf(
    'notOldPassword',
    given.map(one => historyIn(one.notOldPassword, before.notOldPassword)),
    before.notOldPassword,
  )
  const { characterRange: _, ...rest } = before
  return {
    ...rest,
    ...(Object.fromEntries([...numbers, ...switches]) as Partial<PasswordRules>),
    ...(range === '' ? {} : { characterRange: range }),
    notOldPassword: history,
  }
}

/** A rule that is not kept would be a promise. */
function assertKnownRules(rules: PasswordRulesWrite): void {
  const stranger = Object.entries(rules).find(
    ([name, value]) => !known.has(name) && ![null, false, 'false', '', '0', 0].includes(value as never),
  )
  if (stranger) throw new Refusal('unsupported_value', `${stranger[0].slice(0, 40)} is no rule of this server.`)
}

const flagIn = (given: unknown) => (given === undefined ? undefined : String(given) === 'true')

/** The wire shows only whether former passwords are kept; how many is written as a number. */
function historyIn(given: PasswordRulesWrite['notOldPassword'], former: number): number | undefined {
  if (given === undefined) return undefined
  const word = String(given)
  if (word === 'true') return former > 0 ? former : USUAL_HISTORY
  return word === 'false' ? 0 : Number(word)
}
