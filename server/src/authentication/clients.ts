/**
 * Clients prove themselves: with a secret that we made (256 random bits, kept as SHA-256), or with an assertion signed by a key
 * that they registered. Both are fast, and failures never lock a client (anyone may know a client_id): they are counted per
 * client and source and slowed down. How a client may prove itself is what it registered, RFC 7591 section 2.
 */

import { judgeAssertion, type UsedAssertion } from '#authentication/client-assertion.ts'
import type { ClientBook, KnownClient } from '#authentication/client-book.ts'
import { readClientJws } from '#authentication/client-signature.ts'
import type { AuthenticationNeeds } from '#authentication/needs.ts'
import { openSession } from '#authentication/open-session.ts'
import type { Grant } from '#authentication/proof.ts'
import type { SprayWatch } from '#authentication/spray-watch.ts'
import type { Throttle } from '#authentication/throttle.ts'
import type { ClientAuthMethod, ClientDocument } from '#domain/client.ts'
import { decide, STALE } from '#domain/deciding-unit.ts'
import type { AssertionQueries } from '#domain/ports/assertion-queries.ts'
import { first, type Query, type Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

/** What a client shows; with `none` only who it says it is. */
export type ShownProof =
  | { readonly by: 'secret-basic' | 'secret-post'; readonly secret: string }
  /** Audiences: the names of us that the assertion may be meant for. */
  | { readonly by: 'assertion'; readonly assertion: string; readonly audiences: readonly string[] }
  | { readonly by: 'none' }

export type ClientProof = ShownProof & {
  readonly clientId: string
  readonly source: string
  readonly correlation: string
}

export interface ClientNeeds extends AuthenticationNeeds {
  readonly book: ClientBook
  readonly assertions: AssertionQueries
  readonly throttle: Throttle
  readonly watch: SprayWatch
  /** Whether this secret is the one whose SHA-256 is kept; the same work when nothing is kept. */
  secretFits(proof: Uint8Array | null | undefined, secret: string): boolean
}

/** A client registered for Basic may also send its secret in the body, as the reference allows; nothing else is bent. */
const accepted: Readonly<Record<ClientAuthMethod, readonly ShownProof['by'][]>> = {
  client_secret_basic: ['secret-basic', 'secret-post'],
  client_secret_post: ['secret-post'],
  private_key_jwt: ['assertion'],
  none: ['none'],
}

const USUAL_KEY_POLICY = 'AT_JWT'

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
      const { ownPolicy, keyPolicy = USUAL_KEY_POLICY } = client.document
      const policy = current.configuration.findPolicy(proof.by === 'assertion' ? keyPolicy : ownPolicy)
      // RFC 6749 section 4.4: for confidential clients only.
      if (!policy || proof.by === 'none' || !client.document.grantTypes.includes('client_credentials')) {
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
        amr: [proof.by === 'assertion' ? 'pop' : 'pwd'],
        scope: granted,
        device: null,
        event: event.id,
        now_ms: clock.now(),
      })
      return { queries: [...event.queries, ...opened.queries], value: opened.grant }
    })
  }

  /** Proves the client for a grant that goes on to do something else. Nothing is written where it is right at once. */
  async prove(tenant: Tenant, proof: ClientProof): Promise<KnownClient> {
    const known = await this.#recognised(tenant, proof)
    return known ?? this.#settled(tenant, proof, (_, client) => ({ queries: [], value: client }))
  }

  /** A client known by heart that shows its secret. An assertion is used up, a failure is counted: that takes a unit. */
  async #recognised(tenant: Tenant, proof: ClientProof): Promise<KnownClient | undefined> {
    const { store, proofs, throttle, book } = this.#needs
    if (proof.by !== 'secret-basic' && proof.by !== 'secret-post') return undefined
    throttle.admit(subjectOf(tenant, proof))
    const client = book.find(tenant, proof.clientId)
    const judged = this.#judge(client, proof)
    if (!client || judged !== undefined) return undefined
    const now = await store.read(tenant.number, () => first(proofs.tenantVersion(tenant.number)))
    return now !== undefined && now.version <= tenant.version ? client : undefined
  }

  async #settled<T>(tenant: Tenant, proof: ClientProof, next: Next<T>): Promise<T> {
    const { throttle, watch, book } = this.#needs
    const subject = subjectOf(tenant, proof)
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
    if (outcome.rejected === 'wrong' || outcome.rejected === 'assertion_signature')
      await watch.secretFailed(tenant.number, proof.clientId)
    throw new Refusal('invalid_client', undefined, { reason: outcome.rejected })
  }

  *#unit<T>(tenant: Tenant, proof: ClientProof, next: Next<T>): Unit<Outcome<T> | Refusal | typeof STALE> {
    const version = yield* first(this.#needs.proofs.tenantVersion(tenant.number))
    if (version === undefined || version.version > tenant.version) return STALE
    const client = this.#needs.book.find(tenant, proof.clientId)
    const judged = this.#judge(client, proof)
    if (!client || typeof judged === 'string') {
      const reason = typeof judged === 'string' ? judged : 'unknown'
      yield this.#failure(tenant, proof, client, reason)
      return { rejected: reason }
    }
    if (judged) {
      const { jti, expiresAt_ms } = judged
      const [spent] = yield [this.#needs.assertions.useAssertion(tenant.number, client.clientId, jti, expiresAt_ms)]
      if (!spent?.length) {
        yield this.#failure(tenant, proof, client, 'replayed')
        return { rejected: 'replayed' }
      }
    }
    const done = next(tenant, client)
    if (done instanceof Refusal) return done
    if (done.queries.length > 0) yield done.queries
    return { accepted: done.value }
  }

  /** Why the client has not proved itself, as a code; or the assertion that it used up, if it showed one. */
  #judge(client: KnownClient | null | undefined, proof: ClientProof): string | UsedAssertion | undefined {
    const secret = proof.by === 'secret-basic' || proof.by === 'secret-post' ? proof.secret : undefined
    // The same work for a client that is not there.
    const fits = secret === undefined || this.#needs.secretFits(client?.secretProof, secret)
    if (!client) return 'unknown'
    if (client.obstacle) return client.obstacle
    if (!accepted[client.document.authMethod ?? 'client_secret_basic'].includes(proof.by)) return 'method'
    if (proof.by !== 'assertion') return fits ? undefined : 'wrong'
    const assertion = readClientJws(proof.assertion)
    if (!assertion) return 'assertion_unreadable'
    return judgeAssertion(assertion, client, proof.audiences, this.#needs.clock.now())
  }

  #failure(tenant: Tenant, proof: ClientProof, client: KnownClient | null | undefined, reason: string) {
    return this.#needs.recorder.record(tenant.number, {
      action: 'clientToken',
      result: 'FAILURE',
      reason,
      actor: { kind: 'anonymous' },
      ...(client && client.user > 0 ? { user: client.user } : {}),
      parameters: { COI: proof.correlation },
    }).queries
  }
}

const subjectOf = (tenant: Tenant, { clientId, source }: ClientProof) => `${tenant.number} ${clientId} ${source}`

/** Missing scope means all of the client's; an unknown one is refused. RFC 6749 section 3.3. */
export function grantedScope(document: ClientDocument, asked: string | undefined): string | undefined {
  if (!asked) return document.scopes.join(' ')
  const words = asked.split(' ').filter(word => word !== '')
  return words.every(word => document.scopes.includes(word)) ? words.join(' ') : undefined
}
