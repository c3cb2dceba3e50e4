/**
 * The statement of format `android-key`: Web Authentication Level 3 section 8.4, with the key description of Android's key attestation.
 *
 * Ours, because the library takes the last certificate that came as an anchor, builds the path and asks the addresses named in it,
 * before it looks whether anybody trusts that certificate. Its test vector in the specification has empty authorization lists and
 * is refused here: the section asks for origin and purpose.
 */
import type { KeyObject } from 'node:crypto'
import type { AttestationObject } from '#keys/webauthn/attestation-object.ts'
import { readCertificate } from '#keys/webauthn/chain.ts'
import { children, type DerItem, octetsOf, readDer, wholeOf } from '#keys/webauthn/der-reader.ts'
import { isSignedBy, keyObject } from '#keys/webauthn/key-signature.ts'
import { extensionsOf } from '#keys/webauthn/library.ts'
import { Malformed } from '#keys/webauthn/malformed.ts'

const KEY_DESCRIPTION = '1.3.6.1.4.1.11129.2.1.17'
/** Places in the sequence of the key description. */
const CHALLENGE = 4
const LISTS = [6, 7]
/** Tags of an authorization list. */
const PURPOSE = 1
const ALL_APPLICATIONS = 600
const ORIGIN = 702
const PURPOSE_SIGN = 2
const ORIGIN_GENERATED = 0

const wrong = (detail: string) => new Malformed(`${detail} (android-key)`, 'attestation_invalid')

export async function verifyAndroidKey(object: AttestationObject, clientDataHash: Uint8Array): Promise<void> {
  const { statement, chain, authenticatorData, authenticatorDataBytes } = object
  const leaf = chain[0] && readCertificate(chain[0])
  const { attested } = authenticatorData
  const signature = statement.get('sig')
  if (!leaf || !attested || statement.get('alg') !== attested.algorithm || !(signature instanceof Uint8Array)) {
    throw wrong('the statement lacks a member')
  }
  const key = keyObject(attested.publicKey)
  if (!sameKey(key, leaf.publicKey)) throw wrong('the certificate is of another key')
  const signed = Buffer.concat([authenticatorDataBytes, clientDataHash])
  if (!(await isSignedBy(attested.publicKey, signed, signature))) throw wrong('the signature is wrong')
  const extension = (await extensionsOf(leaf)).find(({ type }) => type === KEY_DESCRIPTION)
  if (!extension) throw wrong('the certificate describes no key')
  checkDescription(readDer(extension.value), clientDataHash)
}

function checkDescription(description: DerItem, clientDataHash: Uint8Array): void {
  const parts = children(description)
  const challenge = octetsOf(parts[CHALLENGE])
  if (!challenge || !Buffer.from(challenge).equals(clientDataHash)) throw wrong('made for another challenge')
  const lists = LISTS.flatMap(at => (parts[at] ? children(parts[at]) : []))
  const tagged = (tag: number) => lists.filter(item => item.tag === tag).flatMap(children)
  if (lists.some(({ tag }) => tag === ALL_APPLICATIONS)) throw wrong('the key is for all applications')
  const origins = tagged(ORIGIN).map(wholeOf)
  if (origins.length === 0 || origins.some(origin => origin !== ORIGIN_GENERATED))
    throw wrong('the key was not made there')
  const purposes = tagged(PURPOSE).flatMap(children).map(wholeOf)
  if (purposes.length === 0 || purposes.some(purpose => purpose !== PURPOSE_SIGN))
    throw wrong('the key is not for signing')
}

const sameKey = (one: KeyObject, other: KeyObject): boolean =>
  one.export({ type: 'spki', format: 'der' }).equals(other.export({ type: 'spki', format: 'der' }))
