/**
 * A software authenticator and the browser before it: Web Authentication Level 3 sections 6.3.2 and 6.3.3, as far as a server can see
 * them. It does what it is told, also what no honest authenticator does: any AAGUID, flags, counters, formats.
 * `attest` makes the statement; `attesters.ts` has honest and forged ones.
 */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { none } from './attesters.ts'
import { cbor, type Item, joined, Pairs } from './cbor.ts'

export type Algorithm = 'ES256' | 'ES384' | 'EdDSA' | 'RS256'

export const ALGORITHM_IDS = { ES256: -7, EdDSA: -8, ES384: -35, RS256: -257 } as const

export interface Habits {
  /** Lower case with dashes. */
  readonly aaguid?: string
  readonly algorithm?: Algorithm
  readonly userPresent?: boolean
  readonly userVerified?: boolean
  readonly backupEligible?: boolean
  readonly backedUp?: boolean
  /** Says `credProps.rk`, and tells the user handle in assertions. */
  readonly discoverable?: boolean
  /** First value of the signature counter; `null`: keeps none, always 0. */
  readonly counter?: number | null
}

/** What a statement is made of. */
export interface Attestable {
  readonly authenticatorData: Uint8Array
  readonly clientDataHash: Uint8Array
  readonly rpIdHash: Uint8Array
  readonly credentialId: Uint8Array
  readonly aaguid: string
  readonly algorithm: Algorithm
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

export interface Statement {
  readonly format: string
  readonly statement: Pairs
}

export type Attest = (facts: Attestable) => Statement

/** PublicKeyCredentialCreationOptionsJSON and …RequestOptionsJSON, as far as they matter here. */
export interface CreationOptions {
  readonly challenge: string
  readonly rp: { readonly id?: string }
  readonly user: { readonly id: string }
}
export interface RequestOptions {
  readonly challenge: string
  readonly rpId?: string
}

export interface Passkey {
  readonly id: Uint8Array
  readonly rpId: string
  readonly userHandle: string
  readonly privateKey: KeyObject
  readonly algorithm: Algorithm
  counter: number
}

export class SoftAuthenticator {
  readonly habits: Habits
  /** Newest last. A clone is a copy of one of these in another authenticator. */
  readonly passkeys: Passkey[] = []

  constructor(habits: Habits = {}) {
    this.habits = habits
  }

  /** Answers RegistrationResponseJSON. `clientData` adds to or replaces what the browser says. */
  create(options: CreationOptions, origin: string, attest: Attest = none, clientData: object = {}) {
    const algorithm = this.habits.algorithm ?? 'ES256'
    const { privateKey, publicKey } = makeKey(algorithm)
    const rpId = options.rp.id ?? new URL(origin).hostname
    const id = new Uint8Array(randomBytes(32))
    const counter = this.habits.counter ?? 0
    const passkey = { id, rpId, userHandle: options.user.id, privateKey, algorithm, counter }
    this.passkeys.push(passkey)
    const aaguid = this.habits.aaguid ?? '00000000-0000-0000-0000-000000000000'
    const length = Uint8Array.of(id.length >> 8, id.length & 0xff)
    const attested = joined(Buffer.from(aaguid.replaceAll('-', ''), 'hex'), length, id, coseKey(publicKey, algorithm))
    const authenticatorData = this.#data(passkey, ATTESTED, attested)
    const said = browserSays('webauthn.create', options.challenge, origin, clientData)
    const facts = { credentialId: id, aaguid, algorithm, privateKey, publicKey, authenticatorData }
    const { format, statement } = attest({ ...facts, clientDataHash: sha256(said), rpIdHash: sha256(rpId) })
    const object = new Pairs(['fmt', format], ['attStmt', statement], ['authData', authenticatorData])
    return {
      id: text(id),
      rawId: text(id),
      type: 'public-key' as const,
      authenticatorAttachment: 'cross-platform' as const,
      clientExtensionResults: { credProps: { rk: this.habits.discoverable ?? false } },
      response: { clientDataJSON: text(said), attestationObject: text(cbor(object)), transports: ['usb'] },
    }
  }

  /** Answers AuthenticationResponseJSON, by the newest passkey for the relying party or the one given. */
  get(options: RequestOptions, origin: string, passkey = this.#newest(options, origin), clientData: object = {}) {
    if (this.habits.counter !== null) passkey.counter += 1
    const authenticatorData = this.#data(passkey, 0, new Uint8Array())
    const said = browserSays('webauthn.get', options.challenge, origin, clientData)
    const signature = signBy(passkey.privateKey, passkey.algorithm, joined(authenticatorData, sha256(said)))
    return {
      id: text(passkey.id),
      rawId: text(passkey.id),
      type: 'public-key' as const,
      clientExtensionResults: {},
      response: {
        clientDataJSON: text(said),
        authenticatorData: text(authenticatorData),
        signature: text(signature),
        ...(this.habits.discoverable ? { userHandle: passkey.userHandle } : {}),
      },
    }
  }

  #newest({ rpId }: RequestOptions, origin: string): Passkey {
    const passkey = this.passkeys.findLast(one => one.rpId === (rpId ?? new URL(origin).hostname))
    if (!passkey) throw new Error('this authenticator has no passkey for that relying party')
    return passkey
  }

  #data({ rpId, counter }: Passkey, more: number, attested: Uint8Array): Uint8Array {
    const { userPresent = true, userVerified = true, backupEligible = false, backedUp = false } = this.habits
    const flags = more | (userPresent ? 1 : 0) | (userVerified ? 4 : 0) | (backupEligible ? 8 : 0) | (backedUp ? 16 : 0)
    const rest = Buffer.alloc(5)
    rest[0] = flags
    rest.writeUInt32BE(counter, 1)
    return joined(sha256(rpId), rest, attested)
  }
}

const ATTESTED = 0x40

export const sha256 = (bytes: Uint8Array | string) => new Uint8Array(createHash('sha256').update(bytes).digest())
export const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')

export function makeKey(algorithm: Algorithm) {
  if (algorithm === 'EdDSA') return generateKeyPairSync('ed25519')
  if (algorithm === 'RS256') return generateKeyPairSync('rsa', { modulusLength: 2048 })
  return generateKeyPairSync('ec', { namedCurve: algorithm === 'ES256' ? 'P-256' : 'P-384' })
}

export function signBy(key: KeyObject, algorithm: Algorithm, bytes: Uint8Array): Uint8Array {
  const hash = { ES256: 'sha256', ES384: 'sha384', RS256: 'sha256', EdDSA: undefined }[algorithm]
  return new Uint8Array(sign(hash, bytes, key))
}

/** COSE_Key: RFC 9053 section 7 and RFC 8230 section 4. */
export function coseKey(key: KeyObject, algorithm: Algorithm): Uint8Array {
  const jwk = key.export({ format: 'jwk' })
  const bytes = (member: string | undefined): Item => new Uint8Array(Buffer.from(member ?? '', 'base64url'))
  const alg = [3, ALGORITHM_IDS[algorithm]] as const
  if (algorithm === 'RS256') return cbor(new Pairs([1, 3], alg, [-1, bytes(jwk.n)], [-2, bytes(jwk.e)]))
  if (algorithm === 'EdDSA') return cbor(new Pairs([1, 1], alg, [-1, 6], [-2, bytes(jwk.x)]))
  const curve = algorithm === 'ES256' ? 1 : 2
  return cbor(new Pairs([1, 2], alg, [-1, curve], [-2, bytes(jwk.x)], [-3, bytes(jwk.y)]))
}

function browserSays(type: string, challenge: string, origin: string, more: object): Uint8Array {
  return new Uint8Array(Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false, ...more })))
}
