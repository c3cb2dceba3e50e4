/**
 * A credential type as the configuration API shows it: settings of an algorithm, never a secret. The OATH extension is
 * ours: `algorithm` joins algorithm and hash (`TOTP-SHA256`), but is `OCRA` where the suite says all of it.
 */
import {
  CREDENTIAL_TYPE,
  CREDENTIAL_TYPE_OATH,
  CREDENTIAL_TYPE_OOB,
  CREDENTIAL_TYPE_PUSH,
  type CredentialTypeWire,
  type OathCredentialWire,
  type OobCredentialWire,
  type PushCredentialWire,
} from '@countersign/protocol/configuration/credential-type.ts'
import type { CredentialType, OathSettings, OobSettings, PushSettings } from '#domain/credential-type.ts'

export function oathWire(settings: OathSettings): OathCredentialWire {
  const { algorithm, use, suite, question_length } = settings
  return {
    algorithm: algorithm === 'OCRA' ? 'OCRA' : `${algorithm}-${settings.hash}`,
    otpLength: settings.digits,
    timeStep: settings.step_seconds,
    synchWindow: settings.window,
    resynchWindow: settings.resync_window,
    ...(suite === undefined ? {} : { ocraSuite: suite }),
    ...(use === 'signing' ? { signatureSeparator: settings.joiner } : {}),
    ...(use === 'challenge' && question_length !== undefined ? { challengeLength: question_length } : {}),
  }
}

export function pushCredentialOnWire({ use, algorithm, statuses }: PushSettings): PushCredentialWire {
  return { algorithm, use, ...(statuses.length === 0 ? {} : { statuses: statuses.join('|') }) }
}

export const oobCredentialOnWire = ({ use, digits, tries }: OobSettings): OobCredentialWire => ({
  use,
  codeLength: digits,
  maximumTries: tries,
})

function extensionOf(type: CredentialType): Partial<CredentialTypeWire> {
  switch (type.factor) {
    case 'oath':
      return { [CREDENTIAL_TYPE_OATH]: oathWire(type.settings) }
    case 'push':
      return { [CREDENTIAL_TYPE_PUSH]: pushCredentialOnWire(type.settings) }
    case 'oob':
      return { [CREDENTIAL_TYPE_OOB]: oobCredentialOnWire(type.settings) }
    case 'fido':
    case 'card':
    case 'invite':
      return {}
  }
}

export function credentialTypeOnWire(type: CredentialType, location: string): CredentialTypeWire {
  const extension = extensionOf(type)
  return {
    schemas: [CREDENTIAL_TYPE, ...Object.keys(extension)],
    id: type.code,
    name: type.name,
    ...(type.notes === undefined ? {} : { notes: type.notes }),
    readOnly: type.readOnly,
    meta: { resourceType: 'Credential', location, version: type.version ?? 1 },
    ...extension,
  }
}
