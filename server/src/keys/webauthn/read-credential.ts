/**
 * What a browser sends, JSON of a stranger (Web Authentication Level 3 section 5.1: RegistrationResponseJSON and
 * AuthenticationResponseJSON): shapes, and a bound on every text before it is decoded. Unknown members are ignored.
 */
import { Malformed } from '#keys/webauthn/malformed.ts'

export interface RegistrationInput {
  readonly id: string
  readonly clientData: Uint8Array
  readonly attestationObject: Uint8Array
  readonly transports: readonly string[]
  /** `credProps.rk` of the client's extension results; nobody signs it. */
  readonly discoverable: boolean | null
}

export interface AssertionInput {
  /** Absent where the response came without the credential around it. */
  readonly id: string | undefined
  readonly clientData: Uint8Array
  readonly authenticatorData: Uint8Array
  readonly signature: Uint8Array
}

const BYTES = {
  id: 1023,
  clientData: 4096,
  attestationObject: 16_384,
  authenticatorData: 2048,
  signature: 1024,
} as const
const MOST_TRANSPORTS = 8
const TRANSPORT = /^[a-z-]{1,32}$/
const BASE64URL = /^[A-Za-z0-9_-]+$/

export function readRegistration(credential: unknown): RegistrationInput {
  const outer = members(credential, 'the credential')
  const response = members(outer.response, 'response')
  return {
    id: readId(outer),
    clientData: bytesOf(response.clientDataJSON, 'clientDataJSON', BYTES.clientData),
    attestationObject: bytesOf(response.attestationObject, 'attestationObject', BYTES.attestationObject),
    transports: transportsOf(response.transports),
    discoverable: discoverableOf(outer.clientExtensionResults),
  }
}

export function readAssertion(assertion: unknown): AssertionInput {
  const outer = members(assertion, 'the assertion')
  const wrapped = outer.response !== undefined
  const response = wrapped ? members(outer.response, 'response') : outer
  return {
    id: wrapped ? readId(outer) : undefined,
    clientData: bytesOf(response.clientDataJSON, 'clientDataJSON', BYTES.clientData),
    authenticatorData: bytesOf(response.authenticatorData, 'authenticatorData', BYTES.authenticatorData),
    signature: bytesOf(response.signature, 'signature', BYTES.signature),
  }
}

export const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')

function readId({ id, rawId, type }: Record<string, unknown>): string {
  if (type !== 'public-key') throw new Malformed('type is not public-key')
  const text = base64url(bytesOf(id, 'id', BYTES.id))
  if (rawId !== undefined && base64url(bytesOf(rawId, 'rawId', BYTES.id)) !== text)
    throw new Malformed('id and rawId differ')
  return text
}

function members(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Malformed(`${name} is no object`)
  return value as Record<string, unknown>
}

function bytesOf(value: unknown, name: string, most: number): Uint8Array {
  // Four characters for three bytes, and the padding that some front ends leave.
  if (typeof value !== 'string' || value.length > Math.ceil(most / 3) * 4)
    throw new Malformed(`${name} is no text of a good length`)
  const text = value.replace(/={1,2}$/, '')
  if (!BASE64URL.test(text)) throw new Malformed(`${name} is no base64url`)
  const bytes = new Uint8Array(Buffer.from(text, 'base64url'))
  if (bytes.length > most || base64url(bytes) !== text) throw new Malformed(`${name} is no base64url`)
  return bytes
}

function transportsOf(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return []
  const known = value.slice(0, MOST_TRANSPORTS).filter(one => typeof one === 'string' && TRANSPORT.test(one))
  return [...new Set<string>(known)]
}

function discoverableOf(results: unknown): boolean | null {
  if (typeof results !== 'object' || results === null || !('credProps' in results)) return null
  const { credProps } = results
  if (typeof credProps !== 'object' || credProps === null || !('rk' in credProps)) return null
  return typeof credProps.rk === 'boolean' ? credProps.rk : null
}
