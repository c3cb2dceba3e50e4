/**
 * The rules of a password policy as a page shows them before somebody types: `constraints` of the flow answer. The reference's names,
 * with numbers and booleans; how many former passwords are kept is told to nobody.
 */
import type { PasswordRules } from '#domain/password-rule.ts'
import type { Policy } from '#domain/policy.ts'

export type PasswordConstraints = Omit<PasswordRules, 'notOldPassword'> & { readonly notOldPassword: boolean }

/** Undefined for a policy that holds no password. */
export function constraintsOf({ password }: Policy): PasswordConstraints | undefined {
  return password && { ...password, notOldPassword: password.notOldPassword > 0 }
}
