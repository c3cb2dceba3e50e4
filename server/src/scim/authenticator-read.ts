/**
 * Bodies of POST and PUT on authenticators. `status.active` is computed and therefore not read; the word `null` as a password
 * means none (tolerance T11); the user name beside a password is not looked at, the owner says whose it is.
 */
import { urn } from '@countersign/protocol/scim/urn.ts'
import type { Wanted } from '#administration/authenticator-dates.ts'
import { Refusal } from '#domain/refusal.ts'
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
  readonly meta: unknown
}

export function readAuthenticator(body: unknown): WrittenAuthenticator {
  const members = membersOf(body)
  if (members.any(urn.action) !== undefined) {
    throw new Refusal('unsupported_value', 'Here an Action means nothing; it is posted to an authenticator.')
  }
  return {
    policy: readReference('policy', members.any('policy')),
    owner: readReference('owner', members.any('owner')),
    wanted: readStatus(members, statuses) ?? {},
    password: readPassword(members),
    meta: members.any('meta'),
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
