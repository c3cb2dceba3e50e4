/**
 * What a card is judged by: the master key of its application, or its own public key, which stands sealed in its credential. A card of an
 * application that proves, without the key that was enrolled, is judged by nobody's: the same work, and never right.
 */
import type { CardApplication } from '#domain/card-application.ts'
import { secretPlace } from '#domain/gateway.ts'
import type { CardRow } from '#domain/ports/card-queries.ts'
import type { Tenant } from '#domain/tenant.ts'
import type { CardKey } from '#factors/card/card.ts'

/** As the credential keeps it. */
interface CardRecord {
  readonly proof: CardKey['proof']
  /** SPKI, base64url. */
  readonly publicKey?: string
}

const placeOf = (credential: number) => ({ table: 'credential', column: 'secret', row: String(credential) })

export function sealedCard({ sealer }: Tenant, credential: number, record: CardRecord): Uint8Array {
  return sealer.seal(placeOf(credential), Buffer.from(JSON.stringify(record)))
}

/** `publicKey` is that of an enrolment, `row` the card that was enrolled. */
export function cardKeyOf(
  { sealer }: Tenant,
  { code, proof, secrets }: CardApplication,
  { publicKey, row }: { readonly publicKey?: Uint8Array | undefined; readonly row?: CardRow | undefined },
): CardKey {
  if (proof === undefined) return { proof: 'none' }
  if (proof === 'cmac') {
    const sealed = Buffer.from(secrets?.masterKey ?? '', 'base64url')
    const hex = Buffer.from(sealer.unseal(secretPlace('cardApplications', code, 'masterKey'), sealed)).toString('utf8')
    return { proof, masterKey: new Uint8Array(Buffer.from(hex, 'hex')) }
  }
  if (publicKey) return { proof, publicKey }
  if (row?.credential == null) return { proof, publicKey: NOBODYS }
  const text = Buffer.from(sealer.unseal(placeOf(row.credential), row.secret)).toString('utf8')
  const record = JSON.parse(text) as CardRecord
  return { proof, publicKey: new Uint8Array(Buffer.from(record.publicKey ?? '', 'base64url')) }
}

/** SPKI of the base point of P-256: its private key is 1, and nothing that fits it is looked at. */
const NOBODYS = new Uint8Array(
  Buffer.from(
    '3059301306072a8648ce3d020106082a8648ce3d03010703420004' +
      '6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296' +
      '4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5',
    'hex',
  ),
)
