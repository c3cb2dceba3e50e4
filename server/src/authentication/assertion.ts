/**
 * What a page hands over as `password` of a passkey (AuthenticatorAssertionResponse, or the credential around it; also as JSON text, T14):
 * read here only as far as it says whose it may be. Everything else is read, with its bounds, by whoever verifies it.
 */
const LONGEST_ID = 1400
const LONGEST_HANDLE = 128
const BASE64URL = /^[A-Za-z0-9_-]+={0,2}$/

export interface Assertion {
  /** As it came. */
  readonly whole: unknown
  /** base64url without padding. */
  readonly credentialId: string | undefined
  readonly userHandle: string | undefined
}

type Members = Readonly<Record<string, unknown>>

/** Undefined for what is no object. */
export function readAssertion(given: unknown): Assertion | undefined {
  const whole = typeof given === 'string' ? parsed(given) : given
  if (!isObject(whole)) return undefined
  const response = isObject(whole.response) ? whole.response : whole
  return {
    whole,
    credentialId: textOf(whole.id ?? whole.rawId, LONGEST_ID),
    userHandle: textOf(response.userHandle, LONGEST_HANDLE),
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function textOf(value: unknown, longest: number): string | undefined {
  if (typeof value !== 'string' || value.length > longest || !BASE64URL.test(value)) return undefined
  return value.replace(/=+$/, '')
}
