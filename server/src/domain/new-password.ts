/**
 * Whether a new password may be set, and its slow hash. Judged by the rules of its policy, then compared with former ones, each by a
 * slow hash; so it runs outside of a unit of work, in an admitted place, and the unit that stores it compares `version`.
 * Only names of rules come back, never the password or what it was compared with.
 */
import { comparedHashes, historyAfter } from '#domain/password-history.ts'
import { brokenRules, type PasswordRule, type PasswordRules } from '#domain/password-rule.ts'
import type { PasswordRow } from '#domain/ports/authenticator-queries.ts'
import type { HashPlace } from '#domain/ports/hasher.ts'
import type { User } from '#domain/user.ts'

export interface ReadyPassword {
  readonly hash: string
  readonly history: readonly string[]
  /** Of the password it was compared with; 0 when there was none. */
  readonly version: number
}

export interface NewPasswordFacts {
  readonly rules: PasswordRules
  /** The password in force. */
  readonly kept: PasswordRow | undefined
  /** What the person is called: no password of hers. */
  readonly words: readonly string[]
}

export async function judgeNewPassword(
  place: HashPlace,
  { rules, kept, words }: NewPasswordFacts,
  password: string,
): Promise<ReadyPassword | { readonly broken: readonly PasswordRule[] }> {
  const broken = brokenRules(password, rules, { userAttributes: words })
  if (broken.length > 0) return { broken }
  const text = password.normalize('NFC')
  const history = kept === undefined ? [] : (JSON.parse(kept.history) as readonly string[])
  for (const hash of comparedHashes(rules, kept?.hash, history)) {
    if (await place.verify(hash, text)) return { broken: ['notOldPassword'] }
  }
  return {
    hash: await place.hash(text),
    history: historyAfter(rules, kept?.hash, history),
    version: kept?.version ?? 0,
  }
}

type Named = Pick<User, 'externalId' | 'userName' | 'familyName' | 'givenName' | 'title'>

export function wordsOf(user: Named, attributes: Iterable<string>): readonly string[] {
  const { externalId, userName, familyName, givenName, title } = user
  return [externalId, userName, familyName, givenName, title, ...attributes].filter(
    (word): word is string => word !== null && word !== '',
  )
}
