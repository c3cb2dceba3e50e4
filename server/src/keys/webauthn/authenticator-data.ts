/**
 * Authenticator data, the bytes that an authenticator signs: Web Authentication Level 3 section 6.1. Bounds and flags are read here,
 * before the library, so that a refusal can say which rule was broken.
 */
import { isMap, readCborAt } from '#keys/webauthn/cbor.ts'
import { checkCoseKey } from '#keys/webauthn/cose-key.ts'
import { Malformed } from '#keys/webauthn/malformed.ts'

export interface AuthenticatorData {
  readonly rpIdHash: Uint8Array
  readonly userPresent: boolean
  readonly userVerified: boolean
  readonly backupEligible: boolean
  readonly backedUp: boolean
  readonly counter: number
  readonly attested: AttestedCredential | undefined
}

export interface AttestedCredential {
  /** Lower case with dashes. */
  readonly aaguid: string
  readonly credentialId: Uint8Array
  /** COSE_Key, as it came. */
  readonly publicKey: Uint8Array
  readonly algorithm: number
}

const FLAGS = {
  userPresent: 0x01,
  userVerified: 0x04,
  backupEligible: 0x08,
  backedUp: 0x10,
  attested: 0x40,
  extensions: 0x80,
}
const FIXED_BYTES = 37
const AAGUID_BYTES = 16
/** Section 7.1 step 26. */
const LONGEST_CREDENTIAL_ID = 1023

export function readAuthenticatorData(bytes: Uint8Array): AuthenticatorData {
  if (bytes.length < FIXED_BYTES) throw new Malformed('authenticator data is too short')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const flags = view.getUint8(32)
  const has = (flag: number) => (flags & flag) !== 0
  const { attested, end } = has(FLAGS.attested) ? readAttested(bytes, view) : { attested: undefined, end: FIXED_BYTES }
  if ((has(FLAGS.extensions) ? endOfExtensions(bytes, end) : end) !== bytes.length) {
    throw new Malformed('bytes after the end of authenticator data')
  }
  // A key that says it cannot be backed up cannot be: section 6.1.3.
  if (has(FLAGS.backedUp) && !has(FLAGS.backupEligible)) {
    throw new Malformed('backed up, and not eligible for it', 'backup_flags_invalid')
  }
  return {
    rpIdHash: bytes.slice(0, 32),
    userPresent: has(FLAGS.userPresent),
    userVerified: has(FLAGS.userVerified),
    backupEligible: has(FLAGS.backupEligible),
    backedUp: has(FLAGS.backedUp),
    counter: view.getUint32(33),
    attested,
  }
}

function readAttested(
  bytes: Uint8Array,
  view: DataView,
): { readonly attested: AttestedCredential; readonly end: number } {
  const lengthAt = FIXED_BYTES + AAGUID_BYTES
  if (bytes.length < lengthAt + 2) throw new Malformed('authenticator data is too short')
  const length = view.getUint16(lengthAt)
  const idAt = lengthAt + 2
  if (length === 0 || length > LONGEST_CREDENTIAL_ID || idAt + length > bytes.length) {
    throw new Malformed('the credential id has no good length')
  }
  const keyAt = idAt + length
  const { item, end } = readCborAt(bytes, keyAt)
  const attested = {
    aaguid: aaguidText(bytes.slice(FIXED_BYTES, lengthAt)),
    credentialId: bytes.slice(idAt, keyAt),
    publicKey: bytes.slice(keyAt, end),
    algorithm: checkCoseKey(item),
  }
  return { attested, end }
}

function endOfExtensions(bytes: Uint8Array, from: number): number {
  const { item, end } = readCborAt(bytes, from)
  if (!isMap(item)) throw new Malformed('extensions are no map')
  return end
}

function aaguidText(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
