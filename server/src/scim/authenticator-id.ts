/**
 * The id of an authenticator: `52276.AT_OTP`, the owner's id and the policy's code. In the address of an action the first part may
 * be empty, or the id of a device, when an attribute names the user (tolerance T10).
 */
import { idOf } from '#domain/ids.ts'

export interface AuthenticatorId {
  /** Undefined when nothing stands before the dot. */
  readonly number: number | undefined
  readonly policy: string
}

const form = /^(\d{0,16})\.([A-Za-z][A-Za-z0-9_-]{0,39})$/

/** Undefined when it can be none of ours. */
export function readAuthenticatorId(text: string): AuthenticatorId | undefined {
  const found = form.exec(text)
  if (found === null) return undefined
  const [, digits = '', policy = ''] = found
  if (digits === '') return { number: undefined, policy }
  const number = idOf(digits)
  return number === undefined ? undefined : { number, policy }
}
