/**
 * A tenant's own configuration documents: made, changed, removed, one mechanism for all kinds. Each write is one unit: what it is
 * judged by, the row, the tenant's version, the audit event. Stock documents are read-only. A draft may be made several
 * times: it is given the configuration that the unit decides upon.
 */
import { type Administrator, change, isStale } from '#administration/change.ts'
import type { Circumstances, DocumentKind, OwnDocument } from '#administration/document-kind.ts'
import type { Configuration } from '#domain/configuration.ts'
import { type DecidingNeeds, STALE } from '#domain/deciding-unit.ts'
import type { Clock } from '#domain/ports/clock.ts'
import type { DocumentQueries } from '#domain/ports/document-queries.ts'
import type { LoginQueries } from '#domain/ports/login-queries.ts'
import type { ProofQueries } from '#domain/ports/proof-queries.ts'
import type { Recorder } from '#domain/ports/recorder.ts'
import { first, type Query, type Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

export interface DocumentsNeeds extends DecidingNeeds {
  readonly documents: DocumentQueries
  readonly proofs: Pick<ProofQueries, 'tenantVersion'>
  readonly logins: Pick<LoginQueries, 'pinWorkflow'>
  readonly recorder: Recorder
  readonly clock: Clock
  /** What a tenant without documents of its own has. */
  readonly stock: Configuration
}

/** Which document, and in which version the caller believes it to be. */
export interface DocumentTarget {
  readonly code: string
  readonly version?: number | undefined
}

type Verb = 'create' | 'update' | 'delete'
type Answer<T> = Unit<T | Refusal | typeof STALE>

const MOST_OF_A_KIND = 200

export class Documents {
  readonly #needs: DocumentsNeeds

  constructor(needs: DocumentsNeeds) {
    this.#needs = needs
  }

  create<T extends OwnDocument>(
    tenant: Tenant,
    kind: DocumentKind<T>,
    draft: (configuration: Configuration) => T,
    by: Administrator,
  ): Promise<T> {
    return this.#changed(tenant, current => this.#create(current, kind, draft, by))
  }

  update<T extends OwnDocument>(
    tenant: Tenant,
    kind: DocumentKind<T>,
    target: DocumentTarget,
    draft: (before: T, configuration: Configuration) => T,
    by: Administrator,
  ): Promise<T> {
    return this.#changed(tenant, current => this.#update(current, kind, target, draft, by))
  }

  async remove<T extends OwnDocument>(
    tenant: Tenant,
    kind: DocumentKind<T>,
    target: DocumentTarget,
    by: Administrator,
  ): Promise<void> {
    await this.#changed(tenant, current => this.#remove(current, kind, target, by))
  }

  /** Whoever wrote reads his document at once, where other nodes may take two seconds. */
  async #changed<T>(tenant: Tenant, unit: (tenant: Tenant) => Answer<T>): Promise<T> {
    const answer = await change<T>(this.#needs, tenant, unit)
    await this.#needs.reload(tenant)
    return answer
  }

  *#create<T extends OwnDocument>(
    tenant: Tenant,
    kind: DocumentKind<T>,
    draft: (configuration: Configuration) => T,
    by: Administrator,
  ): Answer<T> {
    const { configuration } = tenant
    if (yield* this.#stale(tenant)) return STALE
    const made = drafted(() => draft(configuration))
    if (made instanceof Refusal) return made
    if (kind.find(configuration, made.code)) return new Refusal('uniqueness', `There is a ${kind.noun} with this id.`)
    if (configuration.findAbsence(made.code)) return new Refusal('algorithm_absent')
    const own = kind.all(configuration).filter(({ version }) => version !== undefined).length
    if (own >= (kind.most ?? MOST_OF_A_KIND)) return new Refusal('limit_reached')
    const document: T = { ...made, version: 1 }
    const refusal = kind.refusalOf(document, { configuration, before: undefined, inUse: false })
    if (refusal) return refusal
    const row = this.#needs.documents.addOverride(tenant.number, rowOf(kind, document))
    return yield* this.#written(tenant, row, this.#event(tenant, kind, 'create', document.code, by), document)
  }

  *#update<T extends OwnDocument>(
    tenant: Tenant,
    kind: DocumentKind<T>,
    target: DocumentTarget,
    draft: (before: T, configuration: Configuration) => T,
    by: Administrator,
  ): Answer<T> {
    const { configuration } = tenant
    const found = yield* this.#found(tenant, kind, target)
    if (found === STALE || found instanceof Refusal) return found
    const { before, inUse } = found
    const made = drafted(() => draft(before, configuration))
    if (made instanceof Refusal) return made
    const document: T = { ...made, version: (before.version ?? 0) + 1 }
    const refusal = kind.refusalOf(document, { configuration, before, inUse })
    if (refusal) return refusal
    const { documents } = this.#needs
    const write = before.version === undefined ? documents.addOverride : documents.replaceOverride
    const event = this.#event(tenant, kind, 'update', document.code, by, changedMembers(before, document))
    const beside = [...this.#kept(tenant, kind, before), ...event]
    return yield* this.#written(tenant, write(tenant.number, rowOf(kind, document)), beside, document)
  }

  *#remove<T extends OwnDocument>(
    tenant: Tenant,
    kind: DocumentKind<T>,
    target: DocumentTarget,
    by: Administrator,
  ): Answer<true> {
    const { configuration } = tenant
    const found = yield* this.#found(tenant, kind, target)
    if (found === STALE || found instanceof Refusal) return found
    const { before, inUse } = found
    if (before.version === undefined) return new Refusal('immutable', `A stock ${kind.noun} cannot be removed.`)
    if (inUse) return new Refusal('action_not_possible', `The ${kind.noun} is in use.`)
    const uncovered = kind.find(this.#needs.stock, target.code)
    const refusal =
      kind.refusalOfRemoval?.(before, configuration) ??
      (uncovered && kind.refusalOf(uncovered, { configuration, before, inUse }))
    if (refusal) return refusal
    const row = this.#needs.documents.removeOverride(tenant.number, kind.list, target.code)
    const event = this.#event(tenant, kind, 'delete', target.code, by)
    return yield* this.#written(tenant, row, [...this.#kept(tenant, kind, before), ...event], true)
  }

  #kept<T extends OwnDocument>(tenant: Tenant, kind: DocumentKind<T>, before: T): readonly Query[] {
    const { logins, clock } = this.#needs
    return kind.keepReplaced ? [kind.keepReplaced(logins, tenant.number, before, clock.now())] : []
  }

  /** The document that is to be changed, of the version the caller means. */
  *#found<T extends OwnDocument>(
    tenant: Tenant,
    kind: DocumentKind<T>,
    { code, version }: DocumentTarget,
  ): Unit<(Pick<Circumstances<T>, 'inUse'> & { readonly before: T }) | Refusal | typeof STALE> {
    if (yield* this.#stale(tenant)) return STALE
    const before = kind.find(tenant.configuration, code)
    if (!before) return new Refusal('not_found', `There is no ${kind.noun} with this id.`)
    if (before.version === undefined && !kind.coversStock)
      return new Refusal('immutable', `A stock ${kind.noun} cannot be changed; copy it.`)
    if (version !== undefined && version !== (before.version ?? 1)) return new Refusal('version_mismatch')
    const use = kind.use?.(this.#needs.documents, tenant.number, code)
    return { before, inUse: use !== undefined && (yield* first(use)) !== undefined }
  }

  *#stale(tenant: Tenant): Unit<boolean> {
    const [versions = []] = yield [this.#needs.proofs.tenantVersion(tenant.number)]
    return isStale(tenant, versions as readonly { readonly version: number }[])
  }

  /** Answers what was made; nothing is written before the version, so who came second simply looks again. */
  *#written<T>(tenant: Tenant, row: Query, event: readonly Query[], made: T): Unit<T | typeof STALE> {
    const { documents } = this.#needs
    const raised = yield* first(documents.raiseVersionFrom(tenant.number, tenant.version))
    if (!raised) return STALE
    yield [row, ...event]
    return made
  }

  #event<T extends OwnDocument>(
    tenant: Tenant,
    { event, parameter }: DocumentKind<T>,
    verb: Verb,
    code: string,
    by: Administrator,
    members?: string,
  ): readonly Query[] {
    return this.#needs.recorder.record(tenant.number, {
      action: `${verb}${event}`,
      result: 'SUCCESS',
      actor: by.actor,
      parameters: { [parameter]: code, COI: by.correlation, ...(members === undefined ? {} : { TEXT1: members }) },
    }).queries
  }
}

const rowOf = <T extends OwnDocument>({ list }: DocumentKind<T>, document: T) => ({
  kind: list,
  code: document.code,
  document: JSON.stringify(document),
})

/** A unit hands a refusal back; a draft, which is written by a door, throws it. */
function drafted<T>(draft: () => T): T | Refusal {
  try {
    return draft()
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

/** Names only: values may be texts of the tenant. */
function changedMembers(before: object, after: object): string {
  const one = new Map(Object.entries(before))
  const other = new Map(Object.entries(after))
  const names = new Set([...one.keys(), ...other.keys()])
  names.delete('version')
  return [...names].filter(name => JSON.stringify(one.get(name)) !== JSON.stringify(other.get(name))).join(' ')
}
