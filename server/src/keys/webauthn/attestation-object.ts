/**
 * The attestation object of a registration: Web Authentication Level 3 section 6.5.4, with what section 8 says of each format's statement
 * and the library does not look at. Whether the statement's signature holds is the library's answer, whether anybody vouches
 * for the chain is `trust.ts`.
 */
import { type AuthenticatorData, readAuthenticatorData } from '#keys/webauthn/authenticator-data.ts'
import { type CborMap, isMap, readCbor } from '#keys/webauthn/cbor.ts'
import { Malformed } from '#keys/webauthn/malformed.ts'

export type AttestationFormat = (typeof FORMATS)[number]

export interface AttestationObject {
  readonly format: AttestationFormat
  readonly statement: CborMap
  /** `x5c`, leaf first; empty for `none` and for self attestation. */
  readonly chain: readonly Uint8Array[]
  readonly authenticatorDataBytes: Uint8Array
  readonly authenticatorData: AuthenticatorData
}

/** SafetyNet was switched off by Google and is no attestation any more; `compound` has no maker yet. */
const FORMATS = ['none', 'packed', 'fido-u2f', 'tpm', 'apple', 'android-key'] as const
const MOST_CERTIFICATES = 6
const CERTIFICATE_BYTES = 8192
const ES256 = -7

export function readAttestationObject(bytes: Uint8Array): AttestationObject {
  const object = readCbor(bytes)
  if (!isMap(object)) throw new Malformed('the attestation object is no map')
  const statement = object.get('attStmt')
  const data = object.get('authData')
  if (!isMap(statement) || !(data instanceof Uint8Array)) throw new Malformed('the attestation object lacks a member')
  const format = FORMATS.find(one => one === object.get('fmt'))
  if (!format) throw new Malformed('the attestation format is not known here', 'format_unsupported')
  const read = {
    format,
    statement,
    chain: readChain(statement.get('x5c')),
    authenticatorDataBytes: data,
    authenticatorData: readAuthenticatorData(data),
  }
  checkStatement(read)
  return read
}

function readChain(x5c: unknown): readonly Uint8Array[] {
  if (x5c === undefined) return []
  const good = (one: unknown): one is Uint8Array => one instanceof Uint8Array && one.length <= CERTIFICATE_BYTES
  if (!Array.isArray(x5c) || x5c.length === 0 || x5c.length > MOST_CERTIFICATES || !x5c.every(good)) {
    throw new Malformed('x5c is no short list of certificates', 'attestation_invalid')
  }
  return x5c
}

function checkStatement({ format, statement, chain, authenticatorData }: AttestationObject): void {
  const wrong = (detail: string) => new Malformed(detail, 'attestation_invalid')
  const algorithm = authenticatorData.attested?.algorithm
  if (format === 'none' && statement.size > 0) throw wrong('a statement where there should be none')
  // Section 8.2: the library would take the hash that the statement names, whatever the key's own algorithm is.
  if (format === 'packed' && chain.length === 0 && statement.get('alg') !== algorithm) {
    throw wrong('self attestation by another algorithm than that of the key')
  }
  if (format === 'fido-u2f' && (chain.length !== 1 || algorithm !== ES256)) {
    throw wrong('fido-u2f has one certificate and a key for ES256')
  }
}
