/**
 * Whether a chain of attestation certificates leads to an anchor: RFC 5280 section 6, as far as chains of authenticators use it.
 *
 * A certificate in the chain never becomes an anchor, self-signed or not: only one that was configured is. An anchor is either above
 * the chain or stands in it byte for byte, which the FIDO metadata allows for the attestation certificate itself. Revocation lists are
 * not fetched: their addresses are a stranger's; what is compromised is told by the metadata's status reports.
 */
import { X509Certificate } from 'node:crypto'
import { children, readDer, wholeOf } from '#keys/webauthn/der-reader.ts'
import { extensionsOf } from '#keys/webauthn/library.ts'
import { Malformed } from '#keys/webauthn/malformed.ts'

const BASIC_CONSTRAINTS = '2.5.29.19'
/** Basic constraints, key usage, extended key usage, subject alternative name: what this file and the formats look at. */
const UNDERSTOOD = [BASIC_CONSTRAINTS, '2.5.29.15', '2.5.29.37', '2.5.29.17']

/** `chain` has the leaf first. Nothing may stand behind the anchor: who shows a certificate wants it to count. */
export async function leadsToAnchor(
  chain: readonly Uint8Array[],
  anchors: readonly Uint8Array[],
  now_ms: number,
): Promise<boolean> {
  const shown = chain.map(readCertificate)
  const roots = anchors.map(readAnchor).filter(one => one !== undefined)
  for (const [below, current] of shown.entries()) {
    if (!isValidAt(current, now_ms) || !(await isUnderstood(current))) return false
    const rest = shown.slice(below + 1)
    if (roots.some(root => isSame(root, current))) return rest.length === 0
    for (const root of roots) {
      const isEnd = rest.length <= 1 && rest.every(one => standsFor(one, root))
      if (isEnd && isValidAt(root, now_ms) && (await hasIssued(root, current, below))) return true
    }
    const [next] = rest
    if (!next || !(await hasIssued(next, current, below))) return false
  }
  return false
}

/** The root itself, or what another authority said of the same key: makers show both. */
function standsFor(one: X509Certificate, root: X509Certificate): boolean {
  return one.subject === root.subject && spki(one).equals(spki(root))
}

const spki = ({ publicKey }: X509Certificate) => publicKey.export({ type: 'spki', format: 'der' })

const isSame = (one: X509Certificate, other: X509Certificate) => one.raw.equals(other.raw)

export function readCertificate(der: Uint8Array): X509Certificate {
  try {
    return new X509Certificate(der)
  } catch {
    throw new Malformed('a certificate of the chain cannot be read', 'attestation_invalid')
  }
}

/** What a maker once published may use what this machine cannot read; it then vouches for nobody. */
function readAnchor(der: Uint8Array): X509Certificate | undefined {
  try {
    return new X509Certificate(der)
  } catch {
    return undefined
  }
}

/** `below`: certificates between the issued one and the leaf, the issued one among them, the leaf not. */
async function hasIssued(issuer: X509Certificate, issued: X509Certificate, below: number): Promise<boolean> {
  if (!issuer.ca || !issued.checkIssued(issuer)) return false
  try {
    if (!issued.verify(issuer.publicKey)) return false
  } catch {
    return false
  }
  const most = await pathLengthOf(issuer)
  return most === undefined || below <= most
}

/** Basic constraints: RFC 5280 section 4.2.1.9. */
async function pathLengthOf(certificate: X509Certificate): Promise<number | undefined> {
  const constraints = (await extensionsOf(certificate)).find(({ type }) => type === BASIC_CONSTRAINTS)
  const [, most] = constraints ? children(readDer(constraints.value)) : []
  return most && wholeOf(most)
}

async function isUnderstood(certificate: X509Certificate): Promise<boolean> {
  return (await extensionsOf(certificate)).every(({ critical, type }) => !critical || UNDERSTOOD.includes(type))
}

function isValidAt({ validFrom, validTo }: X509Certificate, now_ms: number): boolean {
  return Date.parse(validFrom) <= now_ms && now_ms <= Date.parse(validTo)
}
