/**
 * What the customer signed, checked by the bank itself, without trusting the server's word for it: `JWS` (RFC 7515, compact) by the key
 * `PUK` (SubjectPublicKeyInfo in base64), both claims of the id_token. Only when every line of this holds is money moved.
 */
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto'

export interface Expected {
  readonly text: string
  readonly number: string
  /** The customer's phones as the bank knows them, by their id at the server. */
  readonly keys: Map<string, PinnedKey>
}

export interface PinnedKey {
  readonly thumbprint: string
  /** The highest that was used. */
  readonly counter: number
}

export interface Statement {
  readonly text: string
  readonly counter: number
  readonly algorithm: string
  readonly thumbprint: string
  readonly device: string
  /** Whole, for the archive. */
  readonly jws: string
}

const ALGORITHMS: Readonly<Record<string, { readonly key: string; readonly digest: string }>> = {
  RS512: { key: 'rsa', digest: 'sha512' },
  ES256: { key: 'ec', digest: 'sha256' },
}
/** Throws in words what does not fit. */
export function checkStatement(claims: Readonly<Record<string, unknown>>, expected: Expected): Statement {
  const { JWS: jws, PUK: puk } = claims
  if (typeof jws !== 'string' || typeof puk !== 'string') throw new Error('nothing was signed')
  const key = createPublicKey({ key: Buffer.from(puk, 'base64'), format: 'der', type: 'spki' })
  const { header, payload } = opened(jws, key)
  const names = Object.keys(payload).join()
  if (names !== 'clientapprovalstatus,tds,txcounter') throw new Error('the statement has other members')
  if (payload.clientapprovalstatus !== 'accept') throw new Error('the statement is no approval')
  if (payload.tds !== expected.text) throw new Error('another text was signed')
  if (header.purpose !== 'action') throw new Error('it was signed for another purpose')
  if (header.number !== expected.number) throw new Error('another number was signed')
  const { device = '', alg: algorithm = '' } = header
  if (device !== String(claims.deviceid)) throw new Error('another phone signed')
  const thumbprint = thumbprintOf(key)
  // Pinned when the phone was enrolled here, else on its first use: from then on it cannot be exchanged unseen.
  const known = expected.keys.get(device)
  if (known && known.thumbprint !== thumbprint) throw new Error('the key is not the one that this phone had')
  const counter = Number(payload.txcounter)
  if (!Number.isSafeInteger(counter) || counter <= (known?.counter ?? -1))
    throw new Error('the counter was used before')
  expected.keys.set(device, { thumbprint, counter })
  return { text: expected.text, counter, algorithm, thumbprint, device, jws }
}

type Members = Readonly<Record<string, string | undefined>>

function opened(jws: string, key: KeyObject): { readonly header: Members; readonly payload: Members } {
  const [head = '', body = '', signature = '', ...rest] = jws.split('.')
  if (rest.length > 0) throw new Error('the statement is no JWS')
  const header = JSON.parse(Buffer.from(head, 'base64url').toString('utf8')) as Members
  const how = ALGORITHMS[header.alg ?? '']
  if (!how || how.key !== key.asymmetricKeyType) throw new Error('algorithm and key do not belong together')
  const by = { key, dsaEncoding: 'ieee-p1363' } as const
  if (!verify(how.digest, Buffer.from(`${head}.${body}`), by, Buffer.from(signature, 'base64url'))) {
    throw new Error('the signature is wrong')
  }
  return { header, payload: JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as Members }
}

/** RFC 7638: SHA-256 over the members that are required, in this order. */
export function thumbprintOf(key: KeyObject): string {
  const { kty, crv, x, y, e, n } = key.export({ format: 'jwk' })
  const members = kty === 'RSA' ? { e, kty, n } : { crv, kty, x, y }
  return createHash('sha256').update(JSON.stringify(members)).digest('base64url')
}
