/**
 * What went wrong, in words, with what to do next. Codes are those of the approve protocol (section 6) and of the SDK; one that is
 * not known here gets the general text, never the raw code alone.
 */
import { isSdkError } from '@countersign/sdk/sdk-error.ts'
import { say, type TextKey } from '../texts/say.ts'
import { spanOf } from '../texts/times.ts'

export interface Failure {
  readonly title: string
  readonly next: string
  readonly code: string
}

const known = [
  'activation_failed',
  'activation_pending',
  'already_answered',
  'clock_skew',
  'device_gone',
  'device_suspended',
  'inexplicit_container',
  'invalid_answer',
  'invalid_call',
  'invalid_invitation',
  'invalid_request',
  'invalid_value',
  'not_allowed',
  'not_found',
  'not_possible',
  'number_required',
  'renewal_required',
  'request_expired',
  'too_many_requests',
  'unfit_password',
  'unreachable',
  'untrusted_service',
  'vault_unusable',
] as const

export function failureOf(error: unknown): Failure {
  const code = isSdkError(error) ? error.code : 'unknown'
  const { retry_after_seconds, until_ms } = isSdkError(error) ? error.facts : {}
  const wait = retry_after_seconds ?? (until_ms === undefined ? undefined : (until_ms - Date.now()) / 1000)
  if (code === 'locked' || (code === 'too_many_requests' && wait !== undefined)) {
    return { code, title: say(`failure.${code}`), next: say('failure.wait', { span: spanOf(wait ?? 60) }) }
  }
  const key = known.find(one => one === code) ?? 'unknown'
  const title: TextKey = `failure.${key}`
  const next: TextKey = `failure.${key}_next`
  return { code, title: say(title), next: say(next) }
}
