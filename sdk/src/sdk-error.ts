/**
 * Everything that an app is told to have gone wrong: one class, one code. Codes of the protocol (section 6) come through as the
 * server says them; those that the app finds by itself stand in `ownCodes`. `message` is a sentence for people.
 */
export const ownCodes = {
  invalid_password: 'The password is wrong.',
  unfit_password: 'The password does not follow the rules of this service.',
  password_required: 'This needs the password of the registration.',
  locked: 'Too many wrong passwords. Wait and try again.',
  renewal_required: 'The keys of this registration must be renewed first.',
  untrusted_service: 'The service did not prove that it is the one this registration belongs to.',
  unreachable: 'The service could not be reached.',
  inexplicit_container: 'Say which registration is meant.',
  invalid_invitation: 'This is no invitation that can be read.',
  invalid_request: 'The service gave something that cannot be shown or signed.',
  invalid_value: 'This value cannot be used here.',
  number_required: 'Type the number that the asking page shows.',
  not_possible: 'This registration cannot do that.',
  vault_unusable: 'The place where keys are kept cannot be read.',
} as const

export type OwnCode = keyof typeof ownCodes

export interface SdkErrorFacts {
  /** With `locked`: milliseconds since 1970. */
  readonly until_ms?: number
  /** With `invalid_password`: how many tries are left before the lock. */
  readonly attempts_left?: number
  /** With `stale_counter`. */
  readonly counter_floor?: number
  /** With `clock_skew` and other answers of the server: seconds since 1970. */
  readonly server_time?: number
  /** With `too_many_requests`. */
  readonly retry_after_seconds?: number
  readonly cause?: unknown
}

export class SdkError extends Error {
  override readonly name = 'SdkError'
  /** One of `ownCodes`, or an `error` of the protocol. */
  readonly code: string
  readonly facts: SdkErrorFacts

  constructor(code: OwnCode | (string & {}), sentence?: string, facts: SdkErrorFacts = {}) {
    super(sentence ?? (ownCodes as Record<string, string>)[code] ?? code, { cause: facts.cause })
    this.code = code
    this.facts = facts
  }
}

export const isSdkError = (error: unknown, code?: string): error is SdkError =>
  error instanceof SdkError && (code === undefined || error.code === code)
