/**
 * The hashes of former passwords that are kept, newest first. With `notOldPassword` = n a new password is compared with
 * the one in force and the n − 1 before it; what a shorter rule no longer needs is forgotten at the next change.
 */
import type { PasswordRules } from '#domain/password-rule.ts'

type Rules = Pick<PasswordRules, 'notOldPassword'>

/** The hashes that a new password must not match. */
export function comparedHashes(
  rules: Rules,
  inForce: string | undefined,
  history: readonly string[],
): readonly string[] {
  return (inForce === undefined ? history : [inForce, ...history]).slice(0, rules.notOldPassword)
}

/** The history after the password in force was replaced. */
export function historyAfter(rules: Rules, inForce: string | undefined, history: readonly string[]): readonly string[] {
  return comparedHashes(rules, inForce, history).slice(0, Math.max(0, rules.notOldPassword - 1))
}
