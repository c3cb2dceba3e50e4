/**
 * An entry of `firstFactors` or `secondFactors`. Push may not come first: whoever knows a name could make a phone ask for
 * approvals until its owner gives in, and the reference does not allow it either.
 */
import { bounds } from '#workflow/bounds.ts'
import {
  FACTOR_CLASSES,
  type Factor,
  type FirstFactor,
  type PasskeySettings,
  type PushSettings,
  type SecondFactor,
  STEP_UPS,
  VERIFICATIONS,
} from '#workflow/factor.ts'
import { given } from '#workflow/given.ts'
import { type Members, membersOf, referenceOf, textOf, wordInEither } from '#workflow/members.ts'
import type { Notes } from '#workflow/problem.ts'
import { readMessages } from '#workflow/read-messages.ts'
import type { Reference } from '#workflow/reference.ts'

const FACTOR = [
  ...[
    'factorId',
    'accessCriteriaId',
    'code',
    'type',
    'class',
    'acr',
    'amr',
    'retry',
    'actions',
    'enrollActions',
    'upon',
  ],
  ...['expirationWarningThreshold', 'localizationKeyRedefinition', 'oobMethods'],
  ...['okStatus', 'allowUserDeviceSelection', 'pollTimeout', 'pollInterval'],
  ...['rpId', 'userVerification', 'discoverCredentialsInDevice'],
]

export function readFirstFactor(value: unknown, at: string, notes: Notes): FirstFactor | undefined {
  const members = membersOf(value, at, notes, [...FACTOR, 'stepUp', 'step_up'])
  if (!members) return undefined
  const factor = readFactor(members)
  if (factor.class === 'PUSH') {
    const name = members.has('type') ? 'type' : 'class'
    notes.problem(members.place(name), 'a class that may come first; push belongs into secondFactors', 'PUSH')
  }
  const stepUp = wordInEither(members, ['stepUp', 'step_up'], STEP_UPS)
  return { ...factor, stepUp: stepUp?.word ?? 'notRequired', stepUpAt: stepUp?.at ?? at, upon: readUpon(members) ?? [] }
}

export function readSecondFactor(value: unknown, at: string, notes: Notes): SecondFactor | undefined {
  const members = membersOf(value, at, notes, FACTOR)
  if (!members) return undefined
  const upon = readUpon(members)
  if (upon?.length === 0) notes.problem(members.place('upon'), 'the name of a first factor, or several in a list', [])
  return { ...readFactor(members), ...given({ upon }) }
}

function readFactor(members: Members): Factor {
  return {
    at: members.at,
    id: members.neededText('factorId'),
    criteria: readCriteriaName(members),
    code: members.neededText('code'),
    class: readClass(members, FACTOR_CLASSES),
    actions: readReferences(members, 'actions'),
    enrolActions: readReferences(members, 'enrollActions'),
    labels: readLabels(members),
    push: readPush(members),
    passkey: readPasskey(members),
    ...given({
      acr: members.text('acr'),
      amr: members.text('amr'),
      retry: members.whole('retry', bounds.retry),
      expirationWarning_seconds: members.whole('expirationWarningThreshold', bounds.seconds),
      oobMethods: members.has('oobMethods') ? readMessages(members, 'oobMethods') : undefined,
    }),
  }
}

/** `class` or `type`; the first of the list in place of one that is missing or wrong, which is a problem. */
export function readClass<Word extends string>(members: Members, words: readonly [Word, ...Word[]]): Word {
  const read = wordInEither(members, ['type', 'class'], words)
  if (!read && !members.has('type') && !members.has('class'))
    members.notes.problem(members.place('type'), `one of ${words.join(', ')} (also spelled class)`, undefined)
  return read?.word ?? words[0]
}

export function readCriteriaName(members: Members): Reference {
  return { id: members.neededText('accessCriteriaId'), at: members.place('accessCriteriaId') }
}

function readReferences(members: Members, name: string): readonly Reference[] {
  return members.list(name, bounds.references, (item, at) => referenceOf(item, at, members.notes))
}

function readUpon(members: Members): readonly Reference[] | undefined {
  if (!members.has('upon')) return undefined
  if (Array.isArray(members.value('upon'))) return readReferences(members, 'upon')
  const one = members.reference('upon')
  return one ? [one] : []
}

function readLabels(members: Members): ReadonlyMap<string, string> {
  const name = 'localizationKeyRedefinition'
  if (!members.has(name)) return new Map()
  const value = members.value(name)
  const keys = value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.keys(value) : []
  const object = membersOf(value, members.place(name), members.notes, keys)
  if (keys.length > bounds.labels)
    members.notes.problem(members.place(name), `at most ${bounds.labels} keys`, keys.length)
  return new Map(keys.slice(0, bounds.labels).map(key => [key, object?.neededText(key, bounds.word) ?? '']))
}

function readPush(members: Members): PushSettings {
  return given({
    okStatus: members.text('okStatus'),
    allowUserDeviceSelection: members.flag('allowUserDeviceSelection'),
    pollTimeout_seconds: members.whole('pollTimeout', bounds.seconds),
    pollInterval_seconds: members.whole('pollInterval', bounds.seconds),
  })
}

function readPasskey(members: Members): PasskeySettings {
  return given({
    rpId: members.text('rpId'),
    userVerification: members.word('userVerification', VERIFICATIONS),
    discoverCredentialsInDevice: readFlagOrText(members, 'discoverCredentialsInDevice'),
  })
}

/** Stored workflows have this one as text. */
function readFlagOrText(members: Members, name: string): boolean | undefined {
  if (typeof members.value(name) !== 'string') return members.flag(name)
  return members.word(name, ['true', 'false']) === 'true'
}

export const readTexts = (members: Members, name: string): readonly string[] =>
  members.list(name, bounds.allowed, (item, at) => textOf(item, at, members.notes, bounds.id))
