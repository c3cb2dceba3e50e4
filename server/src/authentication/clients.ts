/**
 * Clients prove themselves with a secret that we made (256 random bits, kept as SHA-256): comparing it is fast, and
 * failures never lock it (anyone may know a client_id). Failures are counted per client and source and slowed down.
 */
import { decide, STALE } from '#authentication/decide.ts'
import type { AuthenticationNeeds } from '#authentication/needs.ts'
import { openSession } from '#authentication/open-session.ts'
import type { Grant } from '#authentication/proof.ts'
import type { SprayWatch } from '#authentication/spray-watch.ts'
import type { Throttle } from '#authentication/throttle.ts'
import type { ClientDocument } from '#domain/client.ts'
import type { HeldClient } from '#domain/ports/client-queries.ts'
import { type Query, together, type Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

export interface ClientProof {
  readonly clientId: string
  readonly secret: string
  readonly source: string
  readonly correlation: string
}

export interface ClientNeeds extends AuthenticationNeeds {
  readonly throttle: Throttle
  readonly watch: SprayWatch
  /** Whether this secret is the one whose SHA-256 is kept; the same work when nothing is kept. */
  secretFits(proof: Uint8Array | null | undefined, secret: string): boolean
}

export interface ProvenClient {
  readonly clientId: string
  readonly user: number
  readonly document: ClientDocument
  readonly roles: readonly string[]
}

type Outcome<T> = { readonly accepted: T } | { readonly rejected: string }

export class Clients {
  readonly #needs: ClientNeeds

  constructor(needs: ClientNeeds) {
    this.#needs = needs
  }

  /** `client_credentials`, RFC 6749 section 4.4: proves the client and opens its session in one unit. */
  async token(tenant: Tenant, proof: ClientProof, scope: string | undefined): Promise<{ grant: Grant; scope: string }> {
    return this.#settled(tenant, proof, (current, client) => {
      const policy = current.configuration.findPolicy(client.document.ownPolicy)
      if (!policy || !client.document.grantTypes.includes('client_credentials'))
        return new Refusal('unauthorized_client')
      const granted = grantedScope(client.document, scope)
      if (granted === undefined) return new Refusal('invalid_scope')
      const { recorder, clock } = this.#needs
      const event = recorder.record(current.number, {
        action: 'clientToken',
        result: 'SUCCESS',
        actor: { kind: 'client', id: client.clientId },
        user: client.user,
        parameters: { ATC: policy.code, COI: proof.correlation },
      })
      const opened = openSession(this.#needs, current, {
        user: client.user,
        client: client.clientId,
        policy,
        amr: ['pwd'],
        scope: granted,
        device: null,
        event: event.id,
        now_ms: clock.now(),
      })
      return { queries: [...event.queries, ...opened.queries], value: { grant: opened.grant, scope: granted } }
    })
  }

  /** Proves the client for a grant that goes on to do something else. */
  async prove(tenant: Tenant, proof: ClientProof): Promise<ProvenClient> {
    return this.#settled(tenant, proof, (_, client) => ({ queries: [], value: client }))
  }

  async #settled<T>(
    tenant: Tenant,
    proof: ClientProof,
    then: (tenant: Tenant, client: ProvenClient) => Refusal | { queries: readonly Query[]; value: T },
  ): Promise<T> {
    const subject = `${tenant.number} ${proof.clientId} ${proof.source}`
    this.#needs.throttle.admit(subject)
    const unit = (current: Tenant) => this.#unit(current, proof, then)
    const outcome = await decide<Outcome<T> | Refusal>(this.#needs, tenant, unit)
    if (outcome instanceof Refusal) throw outcome
    if ('accepted' in outcome) return outcome.accepted
    this.#needs.throttle.failed(subject)
    if (outcome.rejected === 'wrong') await this.#needs.watch.secretFailed(tenant.number, proof.clientId)
    throw new Refusal('invalid_client', undefined, { reason: outcome.rejected })
  }

  *#unit<T>(
    tenant: Tenant,
    proof: ClientProof,
    then: (tenant: Tenant, client: ProvenClient) => Refusal | { queries: readonly Query[]; value: T },
  ): Unit<Outcome<T> | Refusal | typeof STALE> {
    const { proofs, clients } = this.#needs
    const [versions, rows] = yield* together(
      proofs.tenantVersion(tenant.number),
      clients.client(tenant.number, proof.clientId),
    )
    if (versions[0] === undefined || versions[0].version > tenant.version) return STALE
    const row = rows[0]
    const fits = this.#needs.secretFits(row?.secretProof, proof.secret)
    const obstacle = clientObstacle(row) ?? (fits ? undefined : 'wrong')
    if (!row || obstacle) {
      yield this.#failure(tenant, proof, row, obstacle ?? 'unknown')
      return { rejected: obstacle ?? 'unknown' }
    }
    const done = then(tenant, provenClient(row))
    if (done instanceof Refusal) return done
    if (done.queries.length > 0) yield done.queries
    return { accepted: done.value }
  }

  #failure(tenant: Tenant, proof: ClientProof, row: HeldClient | undefined, reason: string) {
    return this.#needs.recorder.record(tenant.number, {
      action: 'clientToken',
      result: 'FAILURE',
      reason,
      actor: { kind: 'anonymous' },
      ...(row ? { user: row.user } : {}),
      parameters: { COI: proof.correlation },
    }).queries
  }
}

export function clientObstacle(client: HeldClient | undefined): string | undefined {
  if (!client) return 'unknown'
  if (client.status !== 'ACTIVE') return 'client_disabled'
  return client.userActive ? undefined : 'user_disabled'
}

const provenClient = (row: HeldClient): ProvenClient => ({
  clientId: row.clientId,
  user: row.user,
  document: JSON.parse(row.document) as ClientDocument,
  roles: row.roles ? row.roles.split(' ') : [],
})

/** Missing scope means all of the client's; an unknown one is refused. RFC 6749 section 3.3. */
export function grantedScope(document: ClientDocument, asked: string | undefined): string | undefined {
  if (!asked) return document.scopes.join(' ')
  const words = asked.split(' ').filter(word => word !== '')
  return words.every(word => document.scopes.includes(word)) ? words.join(' ') : undefined
}
