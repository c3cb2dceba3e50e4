/**
 * The key a container is encrypted under: RFC 6030 section 6.1 (key agreed beforehand) and 6.2 (derived from a pass
 * phrase). A key is given as text; `hex:` and `base64:` say what it is, without them the reading whose length fits the
 * cipher is taken, hex first. Work is bounded: PBKDF2 runs once per file, off the event loop, at most 1,000,000 rounds.
 * The surprise: RFC 6030's own figure 7 writes the parameters of PBKDF2 in no namespace, others in PSKC's; so there,
 * and only there, local names count.
 */
import { pbkdf2 } from 'node:crypto'
import { promisify } from 'node:util'
import { bytesOfBase64, bytesOfHex, wholeNumber } from '#administration/import/cell-reading.ts'
import type { Element } from '#administration/import/pskc/element.ts'
import { DS, find, PKCS5, PSKC, XENC11 } from '#administration/import/pskc/names.ts'
import { Refusal } from '#domain/refusal.ts'

/** The key of that length, or undefined when what was given cannot be one. */
export type ContainerKey = (keyBytes: number) => Uint8Array | undefined

const MAX_ROUNDS = 1_000_000
const MAX_SALT_BYTES = 256
const MAX_GIVEN_LETTERS = 1024
const deriveKey = promisify(pbkdf2)

export async function containerKey(container: Element, given: string): Promise<ContainerKey> {
  if (given.length > MAX_GIVEN_LETTERS) throw new Refusal('too_long', 'The encryption key is too long.')
  const told = find(container, PSKC, 'EncryptionKey')
  const derived = told?.children.find(child => child.name === 'DerivedKey' && child.namespace !== DS)
  if (derived) return derivedKey(derived, given)
  const other = told?.children.find(child => !(child.namespace === DS && child.name === 'KeyName'))
  if (other) {
    throw new Refusal(
      'unsupported_value',
      'The file is encrypted under a certificate or public key; only agreed keys and pass phrases are offered.',
    )
  }
  return agreedKey(given)
}

function agreedKey(given: string): ContainerKey {
  const hex = given.startsWith('hex:') ? given.slice('hex:'.length) : given
  const base64 = given.startsWith('base64:') ? given.slice('base64:'.length) : given
  const readings = [bytesOfHex(hex), bytesOfBase64(base64)]
  return keyBytes => readings.find(reading => reading?.length === keyBytes)
}

async function derivedKey(derived: Element, passPhrase: string): Promise<ContainerKey> {
  const method = derived.children.find(child => child.name === 'KeyDerivationMethod')
  const algorithm = method?.attributes.get('Algorithm')
  const params = method?.children.find(child => child.name === 'PBKDF2-params')
  if (!params || (algorithm !== `${PKCS5}pbkdf2` && algorithm !== `${XENC11}pbkdf2`)) {
    throw new Refusal('unsupported_value', 'The key derivation of the file must be PBKDF2 with its parameters.')
  }
  const keyBytes = bounded(local(params, 'KeyLength')?.text ?? '16', 'KeyLength', 16, 32)
  const rounds = bounded(local(params, 'IterationCount')?.text, 'IterationCount', 1, MAX_ROUNDS)
  const salt = bytesOfBase64(local(local(params, 'Salt'), 'Specified')?.text ?? '')
  if (!salt || salt.length > MAX_SALT_BYTES) {
    throw new Refusal('invalid_value', `The salt of PBKDF2 must be given and be at most ${MAX_SALT_BYTES} bytes long.`)
  }
  const key = await deriveKey(passPhrase.normalize('NFC'), salt, rounds, keyBytes, prfOf(params))
  return wanted => (wanted === key.length ? key : undefined)
}

function prfOf(params: Element): 'sha1' | 'sha256' | 'sha384' | 'sha512' {
  const named = local(params, 'PRF')?.attributes.get('Algorithm')
  // RFC 8018 appendix A.2: without a name it is HMAC-SHA-1.
  if (named === undefined) return 'sha1'
  const found = /[#-]hmac-?(?:with)?-?sha-?(1|256|384|512)$/i.exec(named)
  if (!found) throw new Refusal('unsupported_value', 'The pseudo-random function of PBKDF2 is not offered.')
  return `sha${found[1]}` as ReturnType<typeof prfOf>
}

function local(parent: Element | undefined, name: string): Element | undefined {
  return parent?.children.find(child => child.name === name)
}

function bounded(text: string | undefined, name: string, smallest: number, largest: number): number {
  const value = wholeNumber(text ?? '')
  if (value !== undefined && value >= smallest && value <= largest) return value
  throw new Refusal('invalid_value', `${name} of PBKDF2 must be a whole number from ${smallest} to ${largest}.`)
}
