/** Refusals of the SDK in words for the terminal: what it was, and what to do next. */
import type { SdkError } from '@countersign/sdk/sdk-error.ts'
import { Refusal } from '#domain/refusal.ts'

const next: Readonly<Record<string, string>> = {
  password_required: 'Say --password.',
  unfit_password: 'Choose another --password.',
  number_required: 'Say --number NN.',
  unreachable: 'Is the server running, and can this machine reach it?',
  untrusted_service: 'Ask whoever runs the service; do not go on.',
  invalid_invitation: 'Give the file with PROV_MSG as it came, or --typed --uid --code --service.',
  activation_failed: 'Ask for a new invitation.',
  activation_pending: 'Compare the six characters where the registration was started, and confirm them there.',
  device_gone: 'Ask for a new invitation and activate it.',
  device_suspended: 'Ask the help desk to reactivate it.',
  already_answered: 'See: phone pending.',
  request_expired: 'Start the request again.',
  not_found: 'See: phone pending.',
  renewal_required: 'Next: phone renew --password P.',
  too_many_requests: 'Wait, then try again.',
}

export async function said<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    throw isSdkError(error) ? new Refusal('invalid_request', sentence(error)) : error
  }
}

/** By name: the class itself would load the SDK. */
const isSdkError = (error: unknown): error is SdkError => error instanceof Error && error.name === 'SdkError'

function sentence({ code, message, facts }: SdkError): string {
  if (facts.until_ms !== undefined) return `${message} Locked until ${new Date(facts.until_ms).toISOString()}.`
  if (facts.attempts_left !== undefined) return `${message} Tries left: ${facts.attempts_left}.`
  return next[code] === undefined ? message : `${message} ${next[code]}`
}
