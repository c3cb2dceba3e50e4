/**
 * The self-signed X.509 certificate (RFC 5280) that stands as `x5c` beside a published signing key. It adds no trust: clients
 * take the key from the JWKS. It exists because the reference shows one, with a subject that names tenant and use and with a
 * validity of five years. Key usage: digital signature only, and no authority.
 */
import { createPublicKey, type KeyObject, sign } from 'node:crypto'
import { promisify } from 'node:util'
import { der } from '#keys/der.ts'

export interface CertificateFacts {
  readonly privateKey: KeyObject
  readonly subject: string
  /** Also the serial number, as it names the key. */
  readonly made_at: number
}

const VALID_YEARS = 5
const SHA256_WITH_RSA = '1.2.840.113549.1.1.11'
const COMMON_NAME = '2.5.4.3'
const KEY_USAGE = '2.5.29.15'
const BASIC_CONSTRAINTS = '2.5.29.19'
const DIGITAL_SIGNATURE = 0x80
const VERSION_3 = 2
const signOffLoop = promisify<string, Uint8Array, KeyObject, Buffer>(sign)

/** Answers the certificate's DER bytes. */
export async function selfSigned({ privateKey, subject, made_at }: CertificateFacts): Promise<Uint8Array> {
  const algorithm = der.sequence(der.oid(SHA256_WITH_RSA), der.nothing())
  const name = der.sequence(der.set(der.sequence(der.oid(COMMON_NAME), der.utf8(subject))))
  const start = Math.floor(made_at / 1000) * 1000
  const end = new Date(start)
  end.setUTCFullYear(end.getUTCFullYear() + VALID_YEARS)
  const facts = der.sequence(
    der.explicit(0, der.integer(VERSION_3)),
    der.integer(made_at),
    algorithm,
    name,
    der.sequence(der.time(start), der.time(end.getTime())),
    name,
    createPublicKey(privateKey).export({ type: 'spki', format: 'der' }),
    der.explicit(3, der.sequence(keyUsage(), basicConstraints())),
  )
  const signature = await signOffLoop('sha256', facts, privateKey)
  return der.sequence(facts, algorithm, der.bits(signature))
}

function keyUsage(): Uint8Array {
  const usage = der.bits(Uint8Array.of(DIGITAL_SIGNATURE), 7)
  return der.sequence(der.oid(KEY_USAGE), der.boolean(true), der.octets(usage))
}

function basicConstraints(): Uint8Array {
  return der.sequence(der.oid(BASIC_CONSTRAINTS), der.boolean(true), der.octets(der.sequence()))
}
