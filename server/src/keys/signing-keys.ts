/**
 * A tenant's RS256 keys (RFC 7518 section 3.3), and beside them its ES256 key where one is asked for: made on first use, off the event loop, kept sealed, published with their
 * certificate. After a rotation the successor is published at once, signs a minute later on every node, and the
 * predecessor stays published long enough for what it signed. Signing (0.4 ms) also happens off the loop.
 */
import { createHash, createPrivateKey, createPublicKey, generateKeyPair, type KeyObject, sign } from 'node:crypto'
import { promisify } from 'node:util'
import type { TenantNumber } from '#domain/ids.ts'
import type { Clock } from '#domain/ports/clock.ts'
import type { KeyQueries, SigningKeyRow } from '#domain/ports/key-queries.ts'
import type { Place, Sealer } from '#domain/ports/sealer.ts'
import type { PublishedKey, PublishedRsaKey, Signer, SigningOptions } from '#domain/ports/signer.ts'
import { first, rowsOf, type Store, type Unit } from '#domain/ports/store.ts'
import { Fault, Refusal } from '#domain/refusal.ts'
import { selfSigned } from '#keys/certificate.ts'
import { currentKey, LEAD_MS, RELOAD_MS } from '#keys/current-key.ts'
import type { EcKeys } from '#keys/ec-keys.ts'
import { Shelf } from '#keys/shelf.ts'

export interface SigningKeyNeeds {
  readonly store: Store
  readonly rows: Pick<KeyQueries, 'signingKeys' | 'addSigningKey' | 'retireSigningKey' | 'withdrawSigningKeys'>
  readonly loadSealer: (tenant: TenantNumber) => Promise<Sealer>
  readonly ecKeys: Pick<EcKeys, 'load' | 'published'>
  readonly clock: Clock
  /** Tenants kept in memory. */
  readonly capacity?: number
}

interface Book {
  readonly published: readonly PublishedRsaKey[]
  readonly kid: string
  readonly key: KeyObject
}

/** What was signed with the old key must have expired before it leaves the JWKS. */
const PUBLISHED_ON_MS = 30 * 86_400_000
const MODULUS_BITS = 2048
const makePair = promisify(generateKeyPair)
const signOffLoop = promisify<string, Uint8Array, KeyObject, Buffer>(sign)

export class SigningKeys implements Signer {
  readonly #needs: SigningKeyNeeds
  readonly #books: Shelf<Book>

  constructor(needs: SigningKeyNeeds) {
    this.#needs = needs
    this.#books = new Shelf(needs.clock, { capacity: needs.capacity ?? 2048, life_ms: RELOAD_MS })
  }

  async sign(tenant: TenantNumber, claims: object, options: SigningOptions = {}): Promise<string> {
    if (options.algorithm === 'ES256') {
      const ecKey = await this.#needs.ecKeys.load(tenant, 'id-token')
      return ecKey.signCompact(options.typ === undefined ? {} : { typ: options.typ }, claims)
    }
    const { kid, key } = await this.#load(tenant)
    const header = options.typ === undefined ? { alg: 'RS256', kid } : { alg: 'RS256', kid, typ: options.typ }
    const signed = `${segment(header)}.${segment(claims)}`
    const signature = await signOffLoop('sha256', Buffer.from(signed), key)
    return `${signed}.${signature.toString('base64url')}`
  }

  async jwks(tenant: TenantNumber): Promise<{ readonly keys: readonly PublishedKey[] }> {
    const { published } = await this.#load(tenant)
    return { keys: [...published, ...(await this.#needs.ecKeys.published(tenant))] }
  }

  /** Makes the successor. `withdraw` ends all older keys at once, for a key in wrong hands. Answers the new `kid`. */
  async rotate(tenant: TenantNumber, { withdraw = false } = {}): Promise<string> {
    const { store, rows, clock } = this.#needs
    const newestKey = () => first(rows.signingKeys(tenant, clock.now()))
    const before = await store.read(tenant, newestKey)
    const minted = await this.#mint(tenant, before?.id)
    const outcome = await store.write(tenant, function* (): Unit<string | Refusal> {
      const now = clock.now()
      const newest = yield* newestKey()
      if (newest?.id !== before?.id) return new Refusal('temporarily_unavailable') // somebody else rotates
      if (withdraw) yield [rows.withdrawSigningKeys(tenant, now)]
      else if (newest) yield [rows.retireSigningKey(tenant, newest.id, now + LEAD_MS, now + PUBLISHED_ON_MS)]
      const added = yield* first(rows.addSigningKey(tenant, minted))
      return added ? String(added.id) : new Refusal('temporarily_unavailable')
    })
    this.#books.forget(tenant)
    if (outcome instanceof Refusal) throw outcome
    return outcome
  }

  #load(tenant: TenantNumber): Promise<Book> {
    return this.#books.load(tenant, () => this.#loadBook(tenant))
  }

  async #loadBook(tenant: TenantNumber): Promise<Book> {
    const { store, rows, loadSealer, clock } = this.#needs
    const kept = await store.read(tenant, () => rowsOf(rows.signingKeys(tenant, clock.now())))
    const found = kept.length > 0 ? kept : await this.#makeFirst(tenant)
    const current = currentKey(found, clock.now())
    if (!current) throw new Fault(`tenant ${tenant} has no signing key`)
    const pkcs8 = (await loadSealer(tenant)).unseal(placeOf(current.id), current.privateKey)
    const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' })
    pkcs8.fill(0)
    return { published: found.map(publishedOf), kid: String(current.id), key }
  }

  /** Two nodes may both make a first key; the row that was written first is used by both. */
  async #makeFirst(tenant: TenantNumber): Promise<readonly SigningKeyRow[]> {
    const { store, rows, clock } = this.#needs
    const minted = await this.#mint(tenant)
    return store.write(tenant, function* () {
      yield [rows.addSigningKey(tenant, minted)]
      return yield* rowsOf(rows.signingKeys(tenant, clock.now()))
    })
  }

  async #mint(tenant: TenantNumber, before = 0): Promise<SigningKeyRow> {
    const sealer = await this.#needs.loadSealer(tenant)
    const { privateKey } = await makePair('rsa', { modulusLength: MODULUS_BITS })
    const id = Math.max(this.#needs.clock.now(), before + 1)
    const certificate = await selfSigned({ privateKey, subject: `IDP Signature of tenant ${tenant}`, made_at: id })
    const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' })
    const privateBytes = sealer.seal(placeOf(id), pkcs8)
    pkcs8.fill(0)
    return { id, privateKey: privateBytes, certificate, retiredAt: null, publishedUntil: null }
  }
}

function placeOf(id: number): Place {
  return { table: 'signing_key', column: 'private_key', row: String(id) }
}

function segment(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function publishedOf(row: SigningKeyRow): PublishedRsaKey {
  const certificate = Buffer.from(row.certificate)
  const pem = `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64')}\n-----END CERTIFICATE-----\n`
  const { n = '', e = '' } = createPublicKey(pem).export({ format: 'jwk' })
  const thumbprint = createHash('sha256').update(certificate).digest('base64url')
  return {
    kty: 'RSA',
    use: 'sig',
    alg: 'RS256',
    kid: String(row.id),
    e,
    n,
    x5c: [certificate.toString('base64')],
    'x5t#S256': thumbprint,
  }
}
