/**
 * Asks Debian's `fido2-assert -V` (libfido2, fido2-assert(1)) what it thinks of an assertion of ES256, presence and verification of the
 * user demanded. It takes the authenticator data wrapped as a byte string of CBOR, and the hash of the client data instead of the data.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cbor } from './cbor.ts'

export interface Signed {
  readonly clientData: Uint8Array
  readonly rpId: string
  readonly authenticatorData: Uint8Array
  readonly signature: Uint8Array
  /** The public key. */
  readonly pem: string
}

export interface Credential {
  readonly response: {
    readonly clientDataJSON: string
    readonly authenticatorData: string
    readonly signature: string
  }
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'))

export const installed = (): boolean => spawnSync('fido2-assert', ['-V', '/dev/null']).error === undefined

/** An assertion as a browser sends it, with the key that should have signed it. */
export function signedOf({ response }: Credential, rpId: string, pem: string): Signed {
  return {
    clientData: bytesOf(response.clientDataJSON),
    rpId,
    authenticatorData: bytesOf(response.authenticatorData),
    signature: bytesOf(response.signature),
    pem,
  }
}

/** Whether the signature is good; any other trouble throws. */
export function libfido2Accepts({ clientData, rpId, authenticatorData, signature, pem }: Signed): boolean {
  const input = [
    base64(createHash('sha256').update(clientData).digest()),
    rpId,
    base64(cbor(authenticatorData)),
    base64(signature),
  ]
  const folder = mkdtempSync(join(tmpdir(), 'countersign-fido2-'))
  try {
    const [key, file] = [join(folder, 'key.pem'), join(folder, 'input')]
    writeFileSync(key, pem)
    writeFileSync(file, `${input.join('\n')}\n`)
    const { status, stderr, error } = spawnSync('fido2-assert', ['-V', '-pv', '-i', file, key, 'es256'])
    if (error) throw error
    if (status === 0) return true
    if (String(stderr).includes('FIDO_ERR_INVALID_SIG')) return false
    throw new Error(`fido2-assert: ${status} ${stderr}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** With the lowest bit of one byte turned. */
export function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice()
  copy[at]! ^= 1
  return copy
}
