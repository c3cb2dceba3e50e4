/**
 * Stock credential types, all OATH: RFC 4226 (HOTP), RFC 6238 (TOTP), RFC 6287 (OCRA). The CT_AI… codes are the
 * reference's; it does not publish their settings, so those are ours. CT_HOTP…, CT_TOTP…, CT_OCRA… are codes of ours.
 * Transactions: the values joined by `*` are the question, see the joiner in domain/credential-type.ts.
 */
import type { CredentialType, OathSettings } from '#domain/credential-type.ts'

// As many digits as QN08 allows: the fewer there are, the sooner a challenge repeats for whoever wrote an answer down.
export const CHALLENGE_LENGTH = 8

const HOTP: OathSettings = {
  algorithm: 'HOTP',
  hash: 'SHA1',
  digits: 6,
  step_seconds: 0,
  window: 20,
  resync_window: 200,
  use: 'otp',
  joiner: '',
}

// Two steps on each side: a token's clock drifts by less between two uses, and its drift is remembered.
const TOTP: OathSettings = { ...HOTP, algorithm: 'TOTP', step_seconds: 30, window: 2, resync_window: 40 }

type Hash = OathSettings['hash']

function ocra(hash: Hash, digits: number, question: string): Omit<OathSettings, 'use' | 'joiner'> {
  const suite = `OCRA-1:HOTP-${hash}-${digits}:${question}`
  return { algorithm: 'OCRA', hash, digits, step_seconds: 0, window: 0, resync_window: 0, suite }
}

function challenge(hash: Hash, digits: number): OathSettings {
  return { ...ocra(hash, digits, 'QN08'), use: 'challenge', joiner: '', question_length: CHALLENGE_LENGTH }
}

function signing(hash: Hash, digits: number): OathSettings {
  return { ...ocra(hash, digits, 'QA64'), use: 'signing', joiner: '*' }
}

function credentialType(code: string, name: string, settings: OathSettings): CredentialType {
  return { code, name, readOnly: true, factor: 'oath', settings }
}

export const credentialTypes: readonly CredentialType[] = [
  credentialType('CT_AIOT', 'OATH time, 6 digits', TOTP),
  credentialType('CT_AIOE', 'OATH event, 6 digits', HOTP),
  credentialType('CT_AIOCRA', 'OATH challenge, 6 digits', challenge('SHA1', 6)),
  credentialType('CT_AIOCRA8', 'OATH challenge, 8 digits', challenge('SHA1', 8)),
  credentialType('CT_AITDS8', 'OATH transaction, 8 digits', signing('SHA1', 8)),
  credentialType('CT_TOTP8', 'OATH time, 8 digits', { ...TOTP, digits: 8 }),
  credentialType('CT_TOTP60', 'OATH time, 6 digits, one minute', {
    ...TOTP,
    step_seconds: 60,
    window: 1,
    resync_window: 20,
  }),
  credentialType('CT_TOTP256', 'OATH time with SHA-256, 8 digits', { ...TOTP, hash: 'SHA256', digits: 8 }),
  credentialType('CT_TOTP512', 'OATH time with SHA-512, 8 digits', { ...TOTP, hash: 'SHA512', digits: 8 }),
  credentialType('CT_HOTP8', 'OATH event, 8 digits', { ...HOTP, digits: 8 }),
  credentialType('CT_OCRA256', 'OATH challenge with SHA-256, 8 digits', challenge('SHA256', 8)),
  credentialType('CT_SIGN256', 'OATH transaction with SHA-256, 8 digits', signing('SHA256', 8)),
]
