/**
 * The two reads that every kind of configuration document offers: GET of the collection and GET of one by its code.
 * A list comes whole, ordered by code unless `sortBy` says otherwise, and `startIndex` (from 0) and `count` cut it. A code that
 * the reference has and this server cannot (an unpublished algorithm) is refused as such; any other unknown code is not found.
 */
import { documentList, LIST_RESPONSE } from '@countersign/protocol/configuration/document-list.ts'
import { documentQuery, documentSelection } from '@countersign/protocol/configuration/document-query.ts'
import { type TSchema, Type } from 'typebox'
import { documentOrder } from '#configuration/document-order.ts'
import { readParameters, wholeNumberIn } from '#configuration/parameters.ts'
import { selected } from '#configuration/selected.ts'
import type { Configuration } from '#domain/configuration.ts'
import type { Permission } from '#domain/permission.ts'
import { Refusal } from '#domain/refusal.ts'
import { bearerMay, type Endpoint, endpoint, type Situation } from '#http/endpoint.ts'

/** What this door knows of a tenant. */
export interface ConfiguredTenant {
  readonly name: string
  readonly configuration: Configuration
}

interface Document {
  readonly code: string
  readonly name?: string | undefined
}

export interface Kind<T extends Document> {
  /** `/configuration/{tenant}/v2/Device/Type` */
  readonly path: string
  /** In the singular, for the description: `device type`. */
  readonly noun: string
  readonly shape: TSchema
  list(configuration: Configuration): readonly T[]
  find(configuration: Configuration, code: string): T | undefined
  onWire(document: T, location: string, configuration: Configuration): object
  /** An extension that only the document itself shows. */
  readonly notInLists?: string
  /** Of the permission table; those of the configuration where nothing is said. */
  readonly permissions?: {
    readonly read: Permission
    readonly create: Permission
    readonly update: Permission
    readonly remove: Permission
  }
}

/** The address at which a document can be fetched. */
export const locationOf = (
  { path }: { readonly path: string },
  { code }: Document,
  { origin, tenant }: Situation<{ readonly name: string }>,
) => `${origin}${path.replace('{tenant}', tenant.name)}/${code}`

export function readDocuments<T extends Document>(kind: Kind<T>): readonly Endpoint[] {
  const access = bearerMay(kind.permissions?.read ?? 'configuration.read')
  const onWire = (document: T, here: Situation<ConfiguredTenant>) =>
    kind.onWire(document, locationOf(kind, document, here), here.tenant.configuration)
  const listed = (document: T, here: Situation<ConfiguredTenant>) =>
    Object.fromEntries(Object.entries(onWire(document, here)).filter(([member]) => member !== kind.notInLists))

  const all = endpoint({
    method: 'GET',
    path: kind.path,
    summary: `Lists every ${kind.noun} of the tenant.`,
    access,
    query: documentQuery,
    answers: { status: 200, shape: documentList(kind.shape) },
    refusals: ['invalid_value', 'invalid_filter', 'invalid_path'],
    async handle({ query }, situation: Situation<ConfiguredTenant>) {
      const parameters = readParameters(query)
      if (parameters.has('filter')) {
        throw new Refusal('invalid_filter', 'Lists of the configuration take no filter.')
      }
      const choose = selected(parameters, kind.shape)
      const documents = [...kind.list(situation.tenant.configuration)].sort(documentOrder(parameters))
      const start = wholeNumberIn(parameters, 'startIndex') ?? 0
      const shown = documents.slice(start, start + (wholeNumberIn(parameters, 'count') ?? documents.length))
      return {
        body: {
          schemas: [LIST_RESPONSE],
          totalResults: documents.length,
          resources: shown.map(document => choose(listed(document, situation))),
        },
      }
    },
  })

  const one = endpoint({
    method: 'GET',
    path: `${kind.path}/{id}`,
    summary: `Shows one ${kind.noun} by its code.`,
    access,
    params: Type.Object({ id: Type.String({ maxLength: 100 }) }),
    query: documentSelection,
    answers: { status: 200, shape: kind.shape },
    refusals: ['invalid_value', 'invalid_path', 'not_found', 'algorithm_absent'],
    async handle({ path, query }, situation: Situation<ConfiguredTenant>) {
      const choose = selected(readParameters(query), kind.shape)
      const { configuration } = situation.tenant
      const document = kind.find(configuration, path.id)
      if (document === undefined) {
        throw new Refusal(configuration.findAbsence(path.id) === undefined ? 'not_found' : 'algorithm_absent')
      }
      return { body: choose(onWire(document, situation)) }
    },
  })

  return [all, one]
}
