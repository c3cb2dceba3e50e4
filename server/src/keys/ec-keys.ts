/**
 * A tenant's ES256 keys by purpose: made on first use, off the event loop, kept sealed, loaded once a while. Two nodes may both
 * make a key; the row that was written first is used by both. Surprise: a working key is followed by the next one by itself, when
 * it is loaded within the last sixty days of its statement.
 */
import { createPrivateKey, generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import type { TenantNumber } from '#domain/ids.ts'
import type { Clock } from '#domain/ports/clock.ts'
import type { EcKeyQueries, EcKeyRow, EcPurpose } from '#domain/ports/ec-key-queries.ts'
import type { Place, Sealer } from '#domain/ports/sealer.ts'
import type { PublishedEcKey } from '#domain/ports/signer.ts'
import { first, rowsOf, type Store, type Unit } from '#domain/ports/store.ts'
import { Fault, Refusal } from '#domain/refusal.ts'
import { currentKey, LEAD_MS, RELOAD_MS } from '#keys/current-key.ts'
import { type EcKey, ecKeyOf, thumbprintOf } from '#keys/ec-key.ts'
import { Shelf } from '#keys/shelf.ts'
import { type Standing, standingOf, workingStatement } from '#keys/working-statement.ts'

export interface EcKeyNeeds {
  readonly store: Store
  readonly rows: EcKeyQueries
  readonly loadSealer: (tenant: TenantNumber) => Promise<Sealer>
  /** The tenant's public name, which statements carry. */
  readonly nameOf: (tenant: TenantNumber) => Promise<string>
  readonly clock: Clock
  /** Tenants kept in memory, for each purpose. */
  readonly capacity?: number
}

export interface ApproveKeys {
  readonly root: EcKey
  readonly working: EcKey
  /** About every working key that may still have signed something, the newest first. */
  readonly statements: readonly string[]
}

interface Book {
  readonly key: EcKey
  readonly published: readonly EcKeyRow[]
}

/** What was signed with the old key must have expired before it leaves the JWKS. */
const PUBLISHED_ON_MS = 30 * 86_400_000
const makePair = promisify(generateKeyPair)

export class EcKeys {
  readonly #needs: EcKeyNeeds
  readonly #books: Readonly<Record<EcPurpose, Shelf<Book>>>

  constructor(needs: EcKeyNeeds) {
    this.#needs = needs
    const shelf = () => new Shelf<Book>(needs.clock, { capacity: needs.capacity ?? 2048, life_ms: RELOAD_MS })
    this.#books = { 'approve-root': shelf(), 'approve-working': shelf(), 'id-token': shelf(), vapid: shelf() }
  }

  async load(tenant: TenantNumber, purpose: EcPurpose): Promise<EcKey> {
    return (await this.#load(tenant, purpose)).key
  }

  async approveKeys(tenant: TenantNumber): Promise<ApproveKeys> {
    const [root, working] = [await this.load(tenant, 'approve-root'), await this.#load(tenant, 'approve-working')]
    return { root, working: working.key, statements: working.published.flatMap(({ statement }) => statement ?? []) }
  }

  /** For the JWKS, the newest first: what stands in the store now, so that no other node's new key is missing. Makes none. */
  async published(tenant: TenantNumber): Promise<readonly PublishedEcKey[]> {
    const { store, rows, clock } = this.#needs
    const kept = await store.read(tenant, () => rowsOf(rows.ecKeys(tenant, 'id-token', clock.now())))
    return kept.map(publishedOf)
  }

  /** Makes the successor, which signs a minute later on every node. Answers its `kid`. */
  async rotate(tenant: TenantNumber, purpose: 'approve-working' | 'id-token'): Promise<string> {
    const { store, rows, clock } = this.#needs
    const [newest] = await store.read(tenant, () => rowsOf(rows.ecKeys(tenant, purpose, clock.now())))
    if (!newest) return (await this.load(tenant, purpose)).kid
    const now = clock.now()
    const standing = purpose === 'id-token' ? undefined : await this.#standing(tenant, newest)
    const ends = { retiredAt: now + LEAD_MS, publishedUntil: standing?.end_ms ?? now + PUBLISHED_ON_MS }
    const made = await this.#succeed(tenant, purpose, newest, ends)
    this.#books[purpose].forget(tenant)
    if (!made.won) throw new Refusal('temporarily_unavailable')
    return made.kid
  }

  #load(tenant: TenantNumber, purpose: EcPurpose): Promise<Book> {
    return this.#books[purpose].load(tenant, () => this.#loadBook(tenant, purpose))
  }

  async #loadBook(tenant: TenantNumber, purpose: EcPurpose): Promise<Book> {
    const { store, rows, clock, loadSealer } = this.#needs
    const kept = () => store.read(tenant, () => rowsOf(rows.ecKeys(tenant, purpose, clock.now())))
    const [newest] = await kept()
    if (!newest) await this.#succeed(tenant, purpose, undefined, undefined)
    else if (purpose === 'approve-working') await this.#followed(tenant, newest)
    const published = await kept()
    const current = currentKey(published, clock.now())
    if (!current) throw new Fault(`tenant ${tenant} has no key ${purpose}`)
    return { published, key: opened(await loadSealer(tenant), purpose, current) }
  }

  async #followed(tenant: TenantNumber, newest: EcKeyRow): Promise<void> {
    const standing = await this.#standing(tenant, newest)
    if (!standing.foreign && !standing.ageing) return
    const now = this.#needs.clock.now()
    const ends = standing.foreign
      ? { retiredAt: now, publishedUntil: now }
      : { retiredAt: Math.min(now + LEAD_MS, standing.end_ms), publishedUntil: standing.end_ms }
    await this.#succeed(tenant, 'approve-working', newest, ends)
  }

  async #standing(tenant: TenantNumber, row: EcKeyRow): Promise<Standing> {
    const [root, name] = [await this.load(tenant, 'approve-root'), await this.#needs.nameOf(tenant)]
    return standingOf(row, root, name, this.#needs.clock.now())
  }

  /** Writes the next key unless another node did. `won` tells whether this one is it. */
  async #succeed(
    tenant: TenantNumber,
    purpose: EcPurpose,
    newest: EcKeyRow | undefined,
    ends: { readonly retiredAt: number; readonly publishedUntil: number } | undefined,
  ): Promise<{ readonly kid: string; readonly won: boolean }> {
    const { store, rows, clock } = this.#needs
    const { key, row } = await this.#mint(tenant, purpose, newest?.id)
    const won = await store.write(tenant, function* (): Unit<boolean> {
      const found = yield* first(rows.ecKeys(tenant, purpose, clock.now()))
      if (found?.id !== newest?.id) return false
      if (newest && ends) yield [rows.retireEcKey(tenant, purpose, newest.id, ends.retiredAt, ends.publishedUntil)]
      return (yield* first(rows.addEcKey(tenant, purpose, row))) !== undefined
    })
    return { kid: key.kid, won }
  }

  async #mint(tenant: TenantNumber, purpose: EcPurpose, before = 0): Promise<{ key: EcKey; row: EcKeyRow }> {
    const { loadSealer, nameOf, clock } = this.#needs
    const sealer = await loadSealer(tenant)
    const { privateKey } = await makePair('ec', { namedCurve: 'P-256' })
    const key = ecKeyOf(privateKey)
    const id = Math.max(clock.now(), before + 1)
    const statement =
      purpose === 'approve-working'
        ? workingStatement(await this.load(tenant, 'approve-root'), await nameOf(tenant), key, clock.now())
        : null
    const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' })
    const sealed = sealer.seal(placeOf(purpose, id), pkcs8)
    pkcs8.fill(0)
    const publicKey = JSON.stringify(key.publicJwk)
    return { key, row: { id, privateKey: sealed, publicKey, statement, retiredAt: null, publishedUntil: null } }
  }
}

function placeOf(purpose: EcPurpose, id: number): Place {
  return { table: 'ec_key', column: 'private_key', row: `${purpose}.${id}` }
}

function opened(sealer: Sealer, purpose: EcPurpose, { id, privateKey, statement }: EcKeyRow): EcKey {
  const pkcs8 = sealer.unseal(placeOf(purpose, id), privateKey)
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' })
  pkcs8.fill(0)
  return ecKeyOf(key, statement)
}

function publishedOf({ publicKey }: EcKeyRow): PublishedEcKey {
  const jwk = JSON.parse(publicKey) as EcKey['publicJwk']
  return { kty: 'EC', use: 'sig', alg: 'ES256', kid: thumbprintOf(jwk), crv: 'P-256', x: jwk.x, y: jwk.y }
}
