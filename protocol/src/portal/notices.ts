/** What went wrong, said with what to do. A code that is not known is said as a fault of the service. */
import type { Factor, Flow } from './flow.ts'
import { factorAt, type Place } from './place.ts'
import type { Notice } from './screen.ts'
import type { TextKey } from './texts-en.ts'
import { type Say, spanText } from './wording.ts'

/** As the answers of `code` say it (`error`), and for pages without scripts the address. */
export const KNOWN_ERRORS = [
  'invalid_grant',
  'access_denied',
  'expired_token',
  'authorization_pending',
  'consent_required',
  'step_up_required',
  'password_change_required',
  'password_not_allowed',
  'no_template_found_for_criteria',
  'invalid_request',
  'invalid_request_uri',
  'temporarily_unavailable',
  'too_many_requests',
  'server_error',
] as const
export type KnownError = (typeof KNOWN_ERRORS)[number]

export interface Told {
  readonly error: string
  readonly retriesLeft?: number | undefined
  readonly broken?: readonly string[] | undefined
  readonly wait_seconds?: number | undefined
}

export function noticeOf(told: Told, place: Place, flow: Flow, say: Say, language: string): Notice | undefined {
  const factor = 'factor' in place ? factorAt(flow, place.factor) : undefined
  const key = keyOf(told, place, factor, flow)
  if (key === undefined) return undefined
  if (key === 'error.wait') {
    return { tone: 'warning', text: say(key, { span: spanText(language, told.wait_seconds ?? 60) }) }
  }
  const left = told.error === 'invalid_grant' ? told.retriesLeft : undefined
  const text = left === undefined ? say(key) : `${say(key)} ${say('tries.left', { left: String(left) })}`
  return { tone: warnings.includes(key) ? 'warning' : 'error', text }
}

const warnings: readonly TextKey[] = ['action.change_password.required', 'PUSH.pending', 'error.busy']

function keyOf(
  { error, broken, wait_seconds }: Told,
  place: Place,
  factor: Factor | undefined,
  flow: Flow,
): TextKey | undefined {
  switch (error) {
    case 'invalid_grant':
      return wrongKey(place, factor)
    case 'password_change_required':
      return 'action.change_password.required'
    case 'password_not_allowed':
      return 'action.password.reuse'
    case 'invalid_request':
      return broken === undefined || broken.length === 0 ? 'error.invalid_request' : 'action.password.reuse'
    case 'authorization_pending':
      return place.at === 'wait' ? 'PUSH.pending' : undefined
    case 'access_denied':
      if (factor?.type === 'PUSH') return 'PUSH.denied'
      return flow.step === 'failed' ? 'error.access_denied' : 'error.elsewhere'
    case 'too_many_requests':
    case 'temporarily_unavailable':
      return wait_seconds === undefined ? 'error.too_many_requests' : wait_seconds > 5 ? 'error.wait' : 'error.busy'
    case 'consent_required':
    case 'step_up_required':
      return undefined
    case 'expired_token':
    case 'no_template_found_for_criteria':
    case 'invalid_request_uri':
      return `error.${error}`
    default:
      return 'error.server_error'
  }
}

function wrongKey({ at }: Place, factor: Factor | undefined): TextKey {
  if (at === 'change') return 'action.change_password.error'
  if (at === 'reset' || at === 'forgot') return 'action.reset_password.error'
  return `${factor?.type ?? 'LOGIN'}.error`
}
