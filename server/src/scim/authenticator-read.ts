/**
 * Bodies of POST and PUT on authenticators. `status.active` is computed and therefore not read; the word `null` as a password
 * means none (tolerance T11); the user name beside a password is not looked at, the owner says whose it is.
 */
import { urn } from '@countersign/protocol/scim/urn.ts'
import type { Wanted } from '#administration/authenticator-dates.ts'
import type { WantedRegistration } from '#administration/oob-registration.ts'
import { Refusal } from '#domain/refusal.ts'
import { type ActionRequest, readAction } from '#scim/actions.ts'
import { readStatus } from '#scim/entity-status.ts'
import { type Members, membersOf } from '#scim/members.ts'
import { type Reference, readReference } from '#scim/reference.ts'

/** Longer than any policy allows, so that what is refused here could never be right. */
const LONGEST_PASSWORD = 1024
const statuses = ['ENABLED', 'DISABLED'] as const

export interface WrittenAuthenticator {
  readonly policy: Reference | undefined
  readonly owner: Reference | undefined
  readonly wanted: Wanted
  readonly password: string | undefined
  /** What REGISTER-OOB says. */
  readonly registration: WantedRegistration | undefined
  readonly meta: unknown
}

export function readAuthenticator(body: unknown): WrittenAuthenticator {
  const members = membersOf(body)
  const action = members.any(urn.action) === undefined ? undefined : readAction(body)
  if (action && action.action !== 'REGISTER-OOB') {
    throw new Refusal(
      'unsupported_value',
      'Here no Action but REGISTER-OOB means something; others are posted to an authenticator.',
    )
  }
  return {
    policy: readReference('policy', members.any('policy')),
    owner: readReference('owner', members.any('owner')),
    wanted: readStatus(members, statuses) ?? {},
    password: readPassword(members),
    registration: action && readRegistration(body, action),
    meta: members.any('meta'),
  }
}

const LONGEST_ACTIVATION_CODE = 100

/** The activation code stands beside the Action; the word `null` means none (tolerance T11). */
export function readRegistration(body: unknown, action: ActionRequest): WantedRegistration {
  const members = membersOf(body)
  const code = members.text('activationCode', LONGEST_ACTIVATION_CODE)
  const given = code === undefined || code === '' || code === 'null' ? undefined : code
  const wanted = members.flag('useActivationCode')
  if (wanted === true && given === undefined) {
    throw new Refusal('invalid_value', 'useActivationCode needs an activationCode.')
  }
  return {
    deviceType: action.value('OOB_DEVICETYPE_CODE'),
    credentialType: action.value('OOB_CREDENTIALTYPE_CODE'),
    activationCode: wanted === false ? undefined : given,
  }
}

/** As it is written, blanks and all. */
function readPassword(members: Members): string | undefined {
  const password = members.group(urn.password)?.any('password')
  if (password === undefined || password === '' || password === 'null') return undefined
  if (typeof password !== 'string') throw new Refusal('invalid_value', 'A password is a text.')
  if (password.length > LONGEST_PASSWORD) throw new Refusal('too_long', 'The password is too long.')
  return password
}

/** The text by which a reference names something; undefined when it names nothing. */
export function namedBy(reference: Reference | undefined): string | undefined {
  if (reference === undefined || reference.by === 'none') return undefined
  return reference.by === 'value' ? reference.value : reference.display
}
