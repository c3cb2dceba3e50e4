/**
 * The blob of the FIDO metadata: a signed JWT (FIDO Metadata Service 3.1 sections 3.1.7 and 3.2), verified against pinned roots and
 * reduced to what decides about keys. Statements without an AAGUID (U2F and UAF) are left out.
 *
 * An entry that is not as the standard says is left out and counted: one maker's mistake must not cost all others their names. No
 * revocation list is fetched: a closed network has none, and the certificate that signs is checked for its name and dates.
 */
import { verify, type X509Certificate } from 'node:crypto'
import type { FidoModel, StatusReport } from '#domain/ports/fido-metadata.ts'
import { Refusal } from '#domain/refusal.ts'
import { leadsToAnchor, readCertificate } from '#keys/webauthn/chain.ts'
import { Malformed } from '#keys/webauthn/malformed.ts'
import { METADATA_SIGNER } from '#keys/webauthn/metadata-roots.ts'

export interface MetadataBlob {
  /** Counts the blobs. */
  readonly no: number
  /** `2026-12-01`. */
  readonly nextUpdate: string
  readonly models: readonly FidoModel[]
  /** Entries that could not be read. */
  readonly skipped: number
}

export const LARGEST_BLOB = 64 * 1024 * 1024
const MOST = { certificates: 8, entries: 20_000, anchors: 200, reports: 200 } as const
const LONGEST = { description: 200, certificate: 16_384 } as const
const AAGUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const DATE = /^\d{4}-\d{2}-\d{2}$/
const STATUS = /^\w{1,64}$/
/** RFC 7518 section 3.1, and how long the two numbers of ECDSA are there. */
const HASHES: Readonly<Record<string, string>> = {
  ...{ ES256: 'sha256', ES384: 'sha384' },
  ...{ RS256: 'sha256', RS384: 'sha384', RS512: 'sha512' },
}
const TWO_NUMBERS: Readonly<Record<string, number>> = { ES256: 64, ES384: 96 }

type Json = Readonly<Record<string, unknown>>

/** Refuses with `invalid_value`, in words for the operator. */
export async function readMetadataBlob(
  text: string,
  roots: readonly Uint8Array[],
  now_ms: number,
): Promise<MetadataBlob> {
  const { signer, payload } = await readSigned(text, roots, now_ms)
  if (!signer.checkHost(METADATA_SIGNER, { subject: 'never' })) throw wrong(`it was not signed by ${METADATA_SIGNER}`)
  return reduced(payload)
}

/** The blob of whomever the roots vouch for. */
export async function readSigned(text: string, roots: readonly Uint8Array[], now_ms: number) {
  if (text.length > LARGEST_BLOB) throw wrong('it is too large')
  const parts = text.trim().split('.')
  const [header = '', payload = '', signature = ''] = parts
  if (parts.length !== 3) throw wrong('it is no JWT in compact form')
  const { alg, x5c } = jsonOf(header)
  const chain = chainOf(x5c)
  const signer = chain[0]
  if (!signer || !(await isTrusted(chain, roots, now_ms))) {
    throw wrong('its certificates lead to no root that is pinned here')
  }
  if (!isSigned(signer, String(alg), `${header}.${payload}`, Buffer.from(signature, 'base64url'))) {
    throw wrong('its signature is wrong')
  }
  return { signer, payload: jsonOf(payload) }
}

/** FIDO's own example has its signature in DER, against RFC 7515: both are read. */
function isSigned({ publicKey }: X509Certificate, algorithm: string, signed: string, signature: Uint8Array): boolean {
  const hash = HASHES[algorithm]
  const dsaEncoding = signature.length === TWO_NUMBERS[algorithm] ? 'ieee-p1363' : 'der'
  return hash !== undefined && verify(hash, Buffer.from(signed), { key: publicKey, dsaEncoding }, signature)
}

/** The part of a payload that decides. */
export function reduced({ no, nextUpdate, entries }: Json): MetadataBlob {
  if (typeof no !== 'number' || !Number.isSafeInteger(no) || no < 0) throw wrong('it has no number')
  if (typeof nextUpdate !== 'string' || !DATE.test(nextUpdate)) throw wrong('it does not say when the next one comes')
  if (!Array.isArray(entries) || entries.length > MOST.entries) throw wrong('it has no list of entries')
  const fido2 = entries.filter(entry => isObject(entry) && entry.aaguid !== undefined)
  const models = new Map(fido2.map(modelOf).flatMap(model => (model ? [[model.aaguid, model]] : [])))
  return { no, nextUpdate, models: [...models.values()], skipped: fido2.length - models.size }
}

function modelOf({ aaguid, metadataStatement, statusReports }: Json): FidoModel | undefined {
  const statement = isObject(metadataStatement) ? metadataStatement : {}
  const { description, attestationRootCertificates: roots } = statement
  const reports = listOf(statusReports, MOST.reports, reportOf)
  const anchors = listOf(roots ?? [], MOST.anchors, certificateOf)
  if (typeof aaguid !== 'string' || !AAGUID.test(aaguid) || !reports || !anchors) return undefined
  if (typeof description !== 'string') return undefined
  return { aaguid, description: plain(description), anchors, reports }
}

function reportOf(report: unknown): StatusReport | undefined {
  if (!isObject(report) || typeof report.status !== 'string' || !STATUS.test(report.status)) return undefined
  const { status, effectiveDate, certificate } = report
  return {
    status,
    ...(typeof effectiveDate === 'string' && DATE.test(effectiveDate) ? { effectiveDate } : {}),
    ...(typeof certificate === 'string' ? { certificate: certificateOf(certificate) ?? '' } : {}),
  }
}

/** Some makers break the lines of their base64. */
function certificateOf(text: unknown): string | undefined {
  if (typeof text !== 'string' || text.length > LONGEST.certificate) return undefined
  return text.replace(/\s+/g, '')
}

/** Undefined when one of them cannot be read: half a list of reports would hide the other half. */
function listOf<T>(list: unknown, most: number, read: (one: unknown) => T | undefined): readonly T[] | undefined {
  if (!Array.isArray(list) || list.length > most) return undefined
  const items = list.map(read).filter(one => one !== undefined)
  return items.length === list.length ? items : undefined
}

/** What people will read as the name of their key. */
function plain(text: string): string {
  return text
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, LONGEST.description)
}

function chainOf(x5c: unknown): readonly X509Certificate[] {
  const good = Array.isArray(x5c) && x5c.length > 0 && x5c.length <= MOST.certificates
  if (!good || !x5c.every(one => typeof one === 'string' && one.length <= LONGEST.certificate)) {
    throw wrong('it brings no chain of certificates')
  }
  try {
    return x5c.map(one => readCertificate(Buffer.from(one, 'base64')))
  } catch (error) {
    if (error instanceof Malformed) throw wrong('it brings no chain of certificates')
    throw error
  }
}

function isTrusted(chain: readonly X509Certificate[], roots: readonly Uint8Array[], now_ms: number): Promise<boolean> {
  return leadsToAnchor(
    chain.map(({ raw }) => raw),
    roots,
    now_ms,
  )
}

function jsonOf(part: string): Json {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    if (isObject(value)) return value
  } catch {
    // Said below, as of any other value.
  }
  throw wrong('it is no JWT in compact form')
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

const wrong = (what: string) => new Refusal('invalid_value', `This is no FIDO metadata that can be trusted: ${what}.`)
