/** What went wrong, said with what to do. A code that is not known is said as a fault of the service. */
import type { Factor, Flow } from './flow.ts'
import { enrolmentAt, factorAt, type Place } from './place.ts'
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
  'not_allowed',
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
  /** Why a key was refused. */
  readonly reason?: string | undefined
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

const warnings: readonly TextKey[] = [
  'action.change_password.required',
  'PUSH.pending',
  'error.busy',
  'refused.protection',
  'refused.no_passkey',
]

function keyOf(
  { error, broken, wait_seconds, reason }: Told,
  place: Place,
  factor: Factor | undefined,
  flow: Flow,
): TextKey | undefined {
  switch (error) {
    case 'not_allowed':
      return refusedKey(reason, enrolmentOf(place, flow)?.type ?? factor?.type)
    case 'invalid_grant':
      return wrongKey(place, factor, flow)
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
      if (place.at === 'enrol' && flow.step !== 'failed') return 'refused.tries'
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

const enrolmentOf = (place: Place, flow: Flow) =>
  'enrolment' in place ? enrolmentAt(flow, place.enrolment) : undefined

/** Reasons of `not_allowed`; a status of the FIDO metadata, `status_REVOKED`, is one, too. */
const REASONS: Readonly<Record<string, TextKey>> = {
  aaguid_not_allowed: 'refused.model',
  attestation_missing: 'refused.attestation',
  attestation_self: 'refused.attestation',
  attestation_invalid: 'refused.attestation',
  chain_untrusted: 'refused.attestation',
  format_unsupported: 'refused.attestation',
  no_anchor: 'refused.attestation',
  known_passkey: 'refused.known',
  known_card: 'refused.known_card',
  no_challenge: 'refused.late',
  no_passkey: 'refused.no_passkey',
  no_pending_device: 'refused.device',
  other_application: 'refused.other_card',
  no_public_key: 'refused.other_card',
  protection_needed: 'refused.protection',
  too_many_cards: 'refused.many',
  too_many_passkeys: 'refused.many',
  user_not_verified: 'refused.verification',
}

function refusedKey(reason = '', type: string | undefined): TextKey {
  if (reason.startsWith('status_')) return 'refused.model'
  if (Object.hasOwn(REASONS, reason)) return REASONS[reason] as TextKey
  return type === 'CARD' ? 'refused.card' : 'refused.passkey'
}

function wrongKey(place: Place, factor: Factor | undefined, flow: Flow): TextKey {
  const { at } = place
  const protection = enrolmentOf(place, flow)?.protection
  if (protection) return `${protection.type}.error`
  if (at === 'change') return 'action.change_password.error'
  if (at === 'reset' || at === 'forgot') return 'action.reset_password.error'
  return `${factor?.type ?? 'LOGIN'}.error`
}
