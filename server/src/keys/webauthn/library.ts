/**
 * Loads `@simplewebauthn/server` when the first passkey comes: it takes a good part of a second, and a start should not wait for it.
 *
 * Its settings are one object for the whole process. Its own roots are taken out: trust is decided in `trust.ts`, and a chain that
 * reaches one of them would make it fetch the revocation lists that the chain names, at any address.
 */
import type { X509Certificate } from 'node:crypto'
import type * as Library from '@simplewebauthn/server'
import { Malformed } from '#keys/webauthn/malformed.ts'

type Format = Parameters<typeof Library.SettingsService.setRootCertificates>[0]['identifier']

const FORMATS: readonly Format[] = ['apple', 'android-key', 'android-safetynet', 'tpm', 'packed', 'fido-u2f', 'mds']

export async function loadLibrary(): Promise<typeof Library> {
  const library = await import('@simplewebauthn/server')
  for (const identifier of FORMATS) library.SettingsService.setRootCertificates({ identifier, certificates: [] })
  return library
}

export interface Extension {
  /** Object identifier. */
  readonly type: string
  readonly critical: boolean
  /** DER. */
  readonly value: Uint8Array
}

/** The extensions of a certificate, which `node:crypto` does not show. */
export async function extensionsOf({ raw }: X509Certificate): Promise<readonly Extension[]> {
  // Not without the library before it, which brings what this one needs of the language.
  await loadLibrary()
  const x509 = await import('@peculiar/x509')
  try {
    const { extensions } = new x509.X509Certificate(raw)
    return extensions.map(({ type, critical, value }) => ({ type, critical, value: new Uint8Array(value) }))
  } catch {
    throw new Malformed('the extensions of a certificate cannot be read', 'attestation_invalid')
  }
}
