/**
 * When a credential type may be saved. What its keys serve never changes (copy it instead), how they compute not while there are any.
 * The first status of an approval is the positive one, so a word that means no cannot stand there (rule C4).
 */
import type { Circumstances, DocumentKind } from '#administration/document-kind.ts'
import type { Configuration } from '#domain/configuration.ts'
import type { CredentialType, OathSettings, OobSettings, PushSettings } from '#domain/credential-type.ts'
import { Refusal } from '#domain/refusal.ts'
import { settingsFault } from '#factors/oath/settings.ts'

const wrong = (sentence: string) => new Refusal('invalid_value', sentence)

const LEAST_STATUSES = 2
const MOST_STATUSES = 8
const LEAST_STEP_S = 15
const MOST_STEP_S = 300
const statusForm = /^[A-Za-z0-9_-]{1,32}$/
const NEGATIVE = ['deny', 'report']

export const credentialTypeKind: DocumentKind<CredentialType> = {
  list: 'credentialTypes',
  noun: 'credential type',
  event: 'CredentialType',
  parameter: 'TEXT2',
  find: (configuration, code) => configuration.findCredentialType(code),
  all: configuration => configuration.credentialTypes,
  refusalOf: refusalOfCredentialType,
  refusalOfRemoval: refusalOfRemoval,
  use: (queries, tenant, code) => queries.credentialOfType(tenant, code),
}

function refusalOfCredentialType(
  type: CredentialType,
  { before, inUse }: Circumstances<CredentialType>,
): Refusal | undefined {
  if (type.factor === 'invite') return new Refusal('unsupported_value', 'Invite codes have one type only.')
  if (before && (before.factor !== type.factor || useOf(before) !== useOf(type))) {
    return new Refusal('immutable', 'What the keys of a type serve stays; copy it under another id.')
  }
  if (before && inUse && arithmeticOf(before) !== arithmeticOf(type)) {
    return new Refusal('immutable', 'There are keys of this type: how they compute stays.')
  }
  if (type.factor === 'fido') return undefined
  if (type.factor === 'card') return new Refusal('unsupported_value', 'Cards have the type of their application.')
  if (type.factor === 'oob') return refusalOfCode(type.settings)
  return type.factor === 'push' ? refusalOfPush(type.settings) : refusalOfOath(type.settings)
}

const useOf = (type: CredentialType) => ('settings' in type ? type.settings.use : '')

/** What a key that was made cannot do otherwise. */
function arithmeticOf(type: CredentialType): string {
  if (!('settings' in type) || type.factor === 'oob') return ''
  if (type.factor === 'push') return type.settings.algorithm
  const { algorithm, hash, digits, step_seconds, suite, joiner } = type.settings
  return JSON.stringify([algorithm, hash, digits, step_seconds, suite, joiner])
}

function refusalOfCode({ digits, tries }: OobSettings): Refusal | undefined {
  if (!(digits >= 6 && digits <= 10)) return wrong('codeLength is 6 to 10.')
  return tries >= 1 && tries <= 10 ? undefined : wrong('maximumTries is 1 to 10.')
}

function refusalOfPush({ use, algorithm, statuses }: PushSettings): Refusal | undefined {
  if (use === 'transport') {
    if (algorithm !== 'ES256') return wrong('A transport key is ES256.')
    return statuses.length === 0 ? undefined : wrong('A transport key has no statuses.')
  }
  if (
    statuses.length < LEAST_STATUSES ||
    statuses.length > MOST_STATUSES ||
    !statuses.every(one => statusForm.test(one))
  )
    return wrong(`statuses holds ${LEAST_STATUSES} to ${MOST_STATUSES} words of 1 to 32 letters, digits, _ or -.`)
  if (new Set(statuses).size !== statuses.length) return wrong('statuses names one twice.')
  if (NEGATIVE.includes(statuses[0] ?? ''))
    return wrong('The first status is the positive one: it is not deny or report.')
  return statuses.indexOf('accept') > 0 ? wrong('accept is positive: it stands first.') : undefined
}

function refusalOfOath(settings: OathSettings): Refusal | undefined {
  const fault = settingsFault(settings)
  if (fault !== undefined) return wrong(`OATH: ${fault}.`)
  const { algorithm, step_seconds } = settings
  if (algorithm === 'HOTP' && step_seconds !== 0) return wrong('OATH: HOTP has no time step.')
  if (algorithm === 'TOTP' && (step_seconds < LEAST_STEP_S || step_seconds > MOST_STEP_S))
    return wrong(`OATH: a time step has ${LEAST_STEP_S} to ${MOST_STEP_S} seconds.`)
  return undefined
}

function refusalOfRemoval({ code }: CredentialType, { deviceTypes }: Configuration): Refusal | undefined {
  const holder = deviceTypes.find(({ allowedCredentialTypes }) => allowedCredentialTypes.includes(code))
  return holder && new Refusal('action_not_possible', `The device type ${holder.code} uses it.`)
}
