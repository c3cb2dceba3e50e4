/**
 * Every expected "no" of the product, in one list. Each door maps a code to its own dialect; the hint is public, the
 * cause is for logs and audit only. A Fault is a bug or a broken world: 500 with a correlation id.
 */

/** code → [HTTP status, SCIM scimType or null, SCIM errorCode, public sentence]. */
export const refusals = {
  invalid_request: [400, 'invalidSyntax', 1006, 'The request could not be read.'],
  invalid_filter: [400, 'invalidFilter', 1006, 'The filter could not be read.'],
  invalid_value: [400, 'invalidValue', 1009, 'A value is missing or not allowed.'],
  invalid_path: [400, 'invalidPath', 1006, 'A name is not known here.'],
  unsupported_value: [400, 'invalidValue', 1009, 'This value is not supported.'],
  status_not_allowed: [400, 'invalidValue', 1001, 'The status is not one of the allowed values.'],
  dates_in_wrong_order: [400, 'invalidValue', 1007, 'The start date must be before the expiry date.'],
  too_long: [400, 'invalidValue', 1008, 'A value is too long.'],
  unknown_role: [400, 'invalidValue', 1292, 'There is no role with this id.'],
  immutable: [400, 'mutability', 1009, 'This member cannot be changed.'],
  password_not_allowed: [400, 'invalidValue', 1009, 'The password does not fit the rules of its policy.'],
  algorithm_absent: [
    400,
    'invalidValue',
    1009,
    'The algorithm is proprietary and unpublished; it is not part of this server.',
  ],
  action_not_possible: [400, 'invalidValue', 1009, 'The action is not possible for this object.'],
  unauthorized: [401, null, 0, 'A valid access token is needed.'],
  forbidden: [403, null, 0, 'The caller may not do this.'],
  not_found: [404, null, 0, 'There is nothing at this address.'],
  method_not_allowed: [405, null, 0, 'The method is not offered at this address.'],
  uniqueness: [409, 'uniqueness', 1009, 'It exists already.'],
  version_mismatch: [409, null, 0, 'The version given is not the latest.'],
  limit_reached: [409, 'tooMany', 1009, 'A limit of this tenant is reached.'],
  too_large: [413, 'tooLarge', 1008, 'The request is too large.'],
  unsupported_media_type: [415, 'invalidSyntax', 1006, 'The content type is not supported here.'],
  too_many_requests: [429, 'tooMany', 0, 'Too many requests; try again later.'],
  temporarily_unavailable: [503, null, 0, 'The server is busy; nothing was consumed. Try again.'],
  outcome_unknown: [503, null, 0, 'The outcome is not known; look before you repeat the request.'],
  invalid_client: [400, null, 0, 'The client could not be authenticated.'],
  invalid_grant: [400, null, 0, "The resource owner's user name or password is invalid."],
  invalid_scope: [400, null, 0, 'The scope is not allowed for this client.'],
  unsupported_response_type: [400, null, 0, 'The response type is not supported.'],
  invalid_request_object: [400, null, 0, 'The request object is not valid.'],
  request_uri_not_supported: [400, null, 0, 'Requests are not fetched; push them with par.'],
  unauthorized_client: [400, null, 0, 'The client may not use this grant.'],
  unsupported_grant_type: [400, null, 0, 'The grant type is not supported.'],
  invalid_token: [401, null, 0, 'The access token is missing, expired or revoked.'],
  insufficient_user_authentication: [401, null, 0, 'The sign-in is too weak, or too long ago, for this.'],
  invalid_client_metadata: [400, null, 0, 'A member of the client metadata is not allowed.'],
  invalid_redirect_uri: [400, null, 0, 'A redirect URI is not allowed.'],
  unknown_user_id: [400, null, 0, 'No user is known by this name.'],
  missing_user_code: [400, null, 0, 'The hint names no user.'],
  transaction_failed: [500, null, 0, 'The request could not be brought to a device of the user.'],
  authorization_pending: [400, null, 0, 'The user has not answered yet.'],
  slow_down: [400, null, 0, 'Polled too fast; five seconds more between polls from now on.'],
  expired_token: [400, null, 0, 'The request has expired.'],
  access_denied: [400, null, 0, 'The user did not approve.'],
  invalid_request_uri: [400, null, 0, 'The request_uri is not known, is over, or was used.'],
  csrf_mismatch: [403, null, 0, 'The call does not come from the page of this login.'],
  no_template_found_for_criteria: [
    400,
    null,
    0,
    'User does not meet the access criteria, no authentication template applies',
  ],
  login_required: [400, null, 0, 'The user must sign in.'],
  invalid_call: [401, null, 0, 'The call is not signed by a device of this service.'],
  clock_skew: [401, null, 0, 'The time of the call is more than 60 seconds off; see server_time.'],
  stale_counter: [409, null, 0, 'The counter of the call was used before; continue above counter_floor.'],
  activation_failed: [400, null, 0, 'The invitation was not accepted.'],
  activation_pending: [403, null, 0, 'The registration waits for its confirmation.'],
  device_suspended: [403, null, 0, 'The device is suspended.'],
  device_gone: [410, null, 0, 'The device was revoked or removed.'],
  already_answered: [409, null, 0, 'The request was answered before.'],
  request_expired: [410, null, 0, 'The time to answer is over.'],
  not_allowed: [403, null, 0, 'This may not be done now.'],
  invalid_answer: [400, null, 0, 'The signed answer does not fit the request.'],
} as const satisfies Record<string, readonly [number, string | null, number, string]>

export type RefusalCode = keyof typeof refusals

/** An expected refusal. Returned from units of work, thrown only outside of them. */
export class Refusal extends Error {
  readonly code: RefusalCode
  /** Public: a sentence that helps the caller; never holds secrets or whether somebody exists. */
  readonly hint: string
  /** Private: for logs and audit. */
  readonly reason: string | undefined
  /** For `too_many_requests` and `temporarily_unavailable`: when to come back. */
  readonly retryAfter_seconds: number | undefined
  /** For `stale_counter`: the highest counter used so far. */
  readonly counterFloor: number | undefined
  /** Further members of the answer, in doors whose dialect has them. */
  readonly members: Readonly<Record<string, string>> | undefined

  constructor(
    code: RefusalCode,
    hint?: string,
    more: {
      reason?: string
      retryAfter_seconds?: number
      counterFloor?: number
      members?: Readonly<Record<string, string>>
    } = {},
  ) {
    super(hint ?? refusals[code][3])
    this.name = 'Refusal'
    this.code = code
    this.hint = hint ?? refusals[code][3]
    this.reason = more.reason
    this.retryAfter_seconds = more.retryAfter_seconds
    this.counterFloor = more.counterFloor
    this.members = more.members
  }
}

/** A bug or a broken world. Its message goes to the log, never to a caller. */
export class Fault extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'Fault'
  }
}
