/**
 * A credential type as the configuration API shows it: settings of an algorithm, never a secret. The OATH extension is
 * ours: `algorithm` joins algorithm and hash (`TOTP-SHA256`), but is `OCRA` where the suite says all of it.
 */
import {
  CREDENTIAL_TYPE,
  CREDENTIAL_TYPE_OATH,
  type CredentialTypeWire,
} from '@countersign/protocol/configuration/credential-type.ts'
import type { CredentialType, OathSettings } from '#domain/credential-type.ts'

function oathWire(settings: OathSettings) {
  return {
    algorithm: settings.algorithm === 'OCRA' ? 'OCRA' : `${settings.algorithm}-${settings.hash}`,
    otpLength: settings.digits,
    timeStep: settings.step_seconds,
    synchWindow: settings.window,
    resynchWindow: settings.resync_window,
    ...(settings.suite === undefined ? {} : { ocraSuite: settings.suite }),
    ...(settings.use === 'signing' ? { signatureSeparator: settings.joiner } : {}),
  }
}

export function credentialTypeOnWire(type: CredentialType, location: string): CredentialTypeWire {
  return {
    schemas: type.factor === 'oath' ? [CREDENTIAL_TYPE, CREDENTIAL_TYPE_OATH] : [CREDENTIAL_TYPE],
    id: type.code,
    name: type.name,
    ...(type.notes === undefined ? {} : { notes: type.notes }),
    readOnly: type.readOnly,
    meta: { resourceType: 'Credential', location, version: 1 },
    ...(type.factor === 'oath' ? { [CREDENTIAL_TYPE_OATH]: oathWire(type.settings) } : {}),
  }
}
