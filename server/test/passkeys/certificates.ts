/**
 * Certification authorities for tests, RFC 5280: what a maker of authenticators, FIDO or an attacker would issue. Written by hand, so
 * that a test can also issue what no honest authority would.
 */
import { generateKeyPairSync, type KeyObject, randomInt, sign } from 'node:crypto'
import { der } from '#keys/der.ts'
import type { Attester } from './attesters.ts'

/** A certificate with its key. */
export interface Holder {
  /** DER. */
  readonly certificate: Uint8Array
  readonly subject: Name
  readonly privateKey: KeyObject
}

export type Name = Readonly<Record<string, string>>

export interface Wanted {
  readonly subject?: Name
  readonly isAuthority?: boolean
  readonly pathLength?: number
  readonly from?: Date
  readonly until?: Date
  readonly extensions?: readonly Uint8Array[]
  /** Of another than a new pair of keys; the holder then has this one. */
  readonly keys?: { readonly publicKey: KeyObject; readonly privateKey: KeyObject }
}

/** As section 8.2.1 of Web Authentication asks of packed attestation. */
const ATTESTATION_SUBJECT: Name = { C: 'SE', O: 'Kestrel', OU: 'Authenticator Attestation', CN: 'Kestrel Key' }
const AAGUID_EXTENSION = '1.3.6.1.4.1.45724.1.1.4'
const LONG_AGO = new Date('2024-01-01T00:00:00Z')
const FAR_OFF = new Date('2124-01-01T00:00:00Z')
const NAMES: Readonly<Record<string, string>> = { CN: '2.5.4.3', C: '2.5.4.6', O: '2.5.4.10', OU: '2.5.4.11' }
const ECDSA_WITH_SHA256 = der.sequence(der.oid('1.2.840.10045.4.3.2'))

/** Signs itself. */
export function makeRoot(wanted: Wanted = {}): Holder {
  return issue(undefined, { subject: { C: 'SE', O: 'Kestrel', CN: 'Kestrel Root' }, isAuthority: true, ...wanted })
}

/** Without an issuer it signs itself. */
export function issue(issuer: Holder | undefined, wanted: Wanted = {}): Holder {
  const { subject = ATTESTATION_SUBJECT, from = LONG_AGO, until = FAR_OFF } = wanted
  const { publicKey, privateKey } = wanted.keys ?? generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const facts = der.sequence(
    der.explicit(0, der.integer(2)),
    der.integer(randomInt(1, 2 ** 47)),
    ECDSA_WITH_SHA256,
    nameOf(issuer?.subject ?? subject),
    der.sequence(der.time(from.getTime()), der.time(until.getTime())),
    nameOf(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der.explicit(3, der.sequence(...basics(wanted), ...(wanted.extensions ?? []))),
  )
  const signature = sign('sha256', facts, issuer?.privateKey ?? privateKey)
  const certificate = der.sequence(facts, ECDSA_WITH_SHA256, der.bits(signature))
  return { certificate: new Uint8Array(certificate), subject, privateKey }
}

export function extension(oid: string, value: Uint8Array, critical = false): Uint8Array {
  return der.sequence(der.oid(oid), ...(critical ? [der.boolean(true)] : []), der.octets(value))
}

/** The certificate says which model its holder attests. */
export function aaguidExtension(aaguid: string): Uint8Array {
  return extension(AAGUID_EXTENSION, der.octets(Buffer.from(aaguid.replaceAll('-', ''), 'hex')))
}

/** Subject alternative name: a host. */
export function hostExtension(host: string): Uint8Array {
  return extension('2.5.29.17', der.sequence(Buffer.concat([Uint8Array.of(0x82, host.length), Buffer.from(host)])))
}

/** Who attests with the key of the first, showing all of them. */
export function attester(leaf: Holder, ...above: readonly Holder[]): Attester {
  return { privateKey: leaf.privateKey, chain: [leaf, ...above].map(({ certificate }) => certificate) }
}

export const base64Of = ({ certificate }: Holder): string => Buffer.from(certificate).toString('base64')

export function pemOf(holder: Holder): string {
  const lines = base64Of(holder).match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}

/** Basic constraints and key usage, both critical. */
function basics({ isAuthority = false, pathLength }: Wanted): readonly Uint8Array[] {
  const most = pathLength === undefined ? [] : [der.integer(pathLength)]
  const constraints = isAuthority ? der.sequence(der.boolean(true), ...most) : der.sequence()
  const usage = isAuthority ? der.bits(Uint8Array.of(0x04), 2) : der.bits(Uint8Array.of(0x80), 7)
  return [extension('2.5.29.19', constraints, true), extension('2.5.29.15', usage, true)]
}

function nameOf(name: Name): Uint8Array {
  const parts = Object.entries(name).map(([kind, value]) =>
    der.set(der.sequence(der.oid(NAMES[kind] ?? kind), der.utf8(value))),
  )
  return der.sequence(...parts)
}
