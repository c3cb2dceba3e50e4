/**
 * What is to become of a user, as a merge: only what was said changes. The same value may be said more than once, because the
 * API shows some values in two places (`emails[0].value` and ATR_EMAIL) and clients send back what they read with one of
 * them changed: the one that differs from what is stored counts, and two different news are refused.
 */
import { Refusal } from '#domain/refusal.ts'
import type { User } from '#domain/user.ts'

export interface UserChange {
  readonly userName?: string
  /** By attribute code, each with all that was said about it; null takes the value away. */
  readonly values: ReadonlyMap<string, readonly (string | null)[]>
  readonly group?: string
  readonly active?: boolean
  /** The whole list: roles that are not in it are taken away. */
  readonly roles?: readonly string[]
}

/** Attributes that stand in the user's own row. */
const columns = { EXTERNALID: 'externalId', FIRSTNAME: 'givenName', LASTNAME: 'familyName', TITLE: 'title' } as const

type Code = keyof typeof columns
const isColumn = (code: string): code is Code => Object.hasOwn(columns, code)

export interface Changed {
  readonly user: User
  /** What to write (or, with null, to remove) in the table of attributes. */
  readonly attributes: ReadonlyMap<string, string | null>
}

export const LONGEST_NAME = 255
const LONGEST_VALUE = 1000
const MOST_ATTRIBUTES = 100
const attributeCode = /^[A-Z][A-Z0-9_]{1,29}$/
// Names are shown, compared and logged: nothing invisible, nothing that is no text.
const unprintable = /[\p{Cc}\p{Surrogate}]/u

/** Pure; answers a refusal, as a unit does. */
export function changedUser(
  before: User,
  attributes: ReadonlyMap<string, string>,
  change: UserChange,
): Changed | Refusal {
  let user: User = {
    ...before,
    ...(change.userName === undefined ? {} : { userName: change.userName }),
    ...(change.group === undefined ? {} : { group: change.group }),
    ...(change.active === undefined ? {} : { active: change.active }),
  }
  const changes = new Map<string, string | null>()
  for (const [code, said] of change.values) {
    const stored = isColumn(code) ? before[columns[code]] : (attributes.get(code) ?? null)
    const news = [...new Set(said)].filter(value => value !== stored)
    const [value] = news
    if (value === undefined) continue
    if (news.length > 1) return new Refusal('invalid_value', `${code} is given twice with different values.`)
    if (isColumn(code)) user = { ...user, [columns[code]]: value }
    else changes.set(code, value)
  }
  return refusalOf(user, attributes, changes) ?? { user, attributes: changes }
}

function refusalOf(
  user: User,
  stored: ReadonlyMap<string, string>,
  changes: ReadonlyMap<string, string | null>,
): Refusal | undefined {
  // An external id that was taken away arrives here as null.
  for (const name of [user.externalId as string | null, user.userName]) {
    if (!name || unprintable.test(name)) return new Refusal('invalid_value', 'A user needs printable names.')
    if (name.length > LONGEST_NAME) return new Refusal('too_long', `A name has more than ${LONGEST_NAME} characters.`)
  }
  const values: readonly (readonly [string, string | null])[] = [
    ['FIRSTNAME', user.givenName],
    ['LASTNAME', user.familyName],
    ['TITLE', user.title],
    ...changes,
  ]
  for (const [code, value] of values) {
    if (!attributeCode.test(code)) return new Refusal('invalid_value', 'An attribute has a code like ATR_MOBILE.')
    if (value !== null && value.length > LONGEST_VALUE) return new Refusal('too_long', `${code} is too long.`)
    if (value !== null && unprintable.test(value))
      return new Refusal('invalid_value', `${code} holds no printable text.`)
  }
  const after = new Set(stored.keys())
  for (const [code, value] of changes) value === null ? after.delete(code) : after.add(code)
  return after.size > MOST_ATTRIBUTES
    ? new Refusal('limit_reached', `A user has at most ${MOST_ATTRIBUTES} attributes.`)
    : undefined
}
