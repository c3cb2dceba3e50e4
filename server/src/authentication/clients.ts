/**
 * Clients prove themselves with a secret that we made (256 random bits, kept as SHA-256): comparing it is fast, and
 * failures never lock it (anyone may know a client_id). Failures are counted per client and source and slowed down.
 */
import type { ClientBook, KnownClient } from '#authentication/client-book.ts'
import type { AuthenticationNeeds } from '#authentication/needs.ts'
import { openSession } from '#authentication/open-session.ts'
import type { Grant } from '#authentication/proof.ts'
import type { SprayWatch } from '#authentication/spray-watch.ts'
import type { Throttle } from '#authentication/throttle.ts'
import type { ClientDocument } from '#domain/client.ts'
import { decide, STALE } from '#domain/deciding-unit.ts'
import { first, type Query, type Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

export interface ClientProof {
  readonly clientId: string
  readonly secret: string
  readonly source: string
  readonly correlation: string
}

export interface ClientNeeds extends AuthenticationNeeds {
  readonly book: ClientBook
  readonly throttle: Throttle
  readonly watch: SprayWatch
  /** Whether this secret is the one whose SHA-256 is kept; the same work when nothing is kept. */
  secretFits(proof: Uint8Array | null | undefined, secret: string): boolean
}

type Outcome<T> = { readonly accepted: T } | { readonly rejected: string }

/** What follows for a client that proved itself: more rows of the same unit, or a refusal that writes nothing. */
type Next<T> = (tenant: Tenant, client: KnownClient) => Refusal | { queries: readonly Query[]; value: T }

export class Clients {
  readonly #needs: ClientNeeds

  constructor(needs: ClientNeeds) {
    this.#needs = needs
  }

  /** `client_credentials`, RFC 6749 section 4.4: proves the client and opens its session in one unit. */
  token(tenant: Tenant, proof: ClientProof, scope: string | undefined): Promise<Grant> {
    return this.#settled(tenant, proof, (current, client) => {
      const policy = current.configuration.findPolicy(client.document.ownPolicy)
      if (!policy || !client.document.grantTypes.includes('client_credentials')) {
        return new Refusal('unauthorized_client')
      }
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
      return { queries: [...event.queries, ...opened.queries], value: opened.grant }
    })
  }

  /** Proves the client for a grant that goes on to do something else. */
  prove(tenant: Tenant, proof: ClientProof): Promise<KnownClient> {
    return this.#settled(tenant, proof, (_, client) => ({ queries: [], value: client }))
  }

  async #settled<T>(tenant: Tenant, proof: ClientProof, next: Next<T>): Promise<T> {
    const { throttle, watch, book } = this.#needs
    const subject = `${tenant.number} ${proof.clientId} ${proof.source}`
    throttle.admit(subject)
    const outcome = await decide<Outcome<T> | Refusal>(
      this.#needs,
      tenant,
      current => this.#unit(current, proof, next),
      current => book.load(current, proof.clientId),
    )
    if (outcome instanceof Refusal) throw outcome
    if ('accepted' in outcome) return outcome.accepted
    throttle.failed(subject)
    if (outcome.rejected === 'wrong') await watch.secretFailed(tenant.number, proof.clientId)
    throw new Refusal('invalid_client', undefined, { reason: outcome.rejected })
  }

  *#unit<T>(tenant: Tenant, proof: ClientProof, next: Next<T>): Unit<Outcome<T> | Refusal | typeof STALE> {
    const version = yield* first(this.#needs.proofs.tenantVersion(tenant.number))
    if (version === undefined || version.version > tenant.version) return STALE
    const client = this.#needs.book.find(tenant, proof.clientId)
    const fits = this.#needs.secretFits(client?.secretProof, proof.secret)
    const obstacle = client ? (client.obstacle ?? (fits ? undefined : 'wrong')) : 'unknown'
    if (!client || obstacle) {
      yield this.#failure(tenant, proof, client, obstacle ?? 'unknown')
      return { rejected: obstacle ?? 'unknown' }
    }
    const done = next(tenant, client)
    if (done instanceof Refusal) return done
    if (done.queries.length > 0) yield done.queries
    return { accepted: done.value }
  }

  #failure(tenant: Tenant, proof: ClientProof, client: KnownClient | null | undefined, reason: string) {
    return this.#needs.recorder.record(tenant.number, {
      action: 'clientToken',
      result: 'FAILURE',
      reason,
      actor: { kind: 'anonymous' },
      ...(client ? { user: client.user } : {}),
      parameters: { COI: proof.correlation },
    }).queries
  }
}

/** Missing scope means all of the client's; an unknown one is refused. RFC 6749 section 3.3. */
export function grantedScope(document: ClientDocument, asked: string | undefined): string | undefined {
  if (!asked) return document.scopes.join(' ')
  const words = asked.split(' ').filter(word => word !== '')
  return words.every(word => document.scopes.includes(word)) ? words.join(' ') : undefined
}
