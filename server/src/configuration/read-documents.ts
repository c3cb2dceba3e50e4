/**
 * The two reads that every kind of configuration document offers: GET of the collection and GET of one by its code.
 * A list comes whole, ordered by code, unless `startIndex` (from 0) and `count` cut it. A code that the reference has and
 * this server cannot (an unpublished algorithm) is refused as such; any other unknown code is not found.
 */
import { documentList, LIST_RESPONSE } from '@countersign/protocol/configuration/document-list.ts'
import { documentQuery, documentSelection } from '@countersign/protocol/configuration/document-query.ts'
import { type TSchema, Type } from 'typebox'
import { selected } from '#configuration/selected.ts'
import type { Configuration } from '#domain/configuration.ts'
import { Refusal } from '#domain/refusal.ts'
import { bearerMay, type Endpoint, endpoint, type Situation } from '#http/endpoint.ts'

/** What this door knows of a tenant. */
export interface ConfiguredTenant {
  readonly name: string
  readonly configuration: Configuration
}

interface Kind<T extends { readonly code: string }> {
  /** `/configuration/{tenant}/v2/Device/Type` */
  readonly path: string
  /** In the singular, for the description: `device type`. */
  readonly noun: string
  readonly shape: TSchema
  list(configuration: Configuration): readonly T[]
  find(configuration: Configuration, code: string): T | undefined
  onWire(document: T, location: string): object
}

const byCode = (one: { readonly code: string }, other: { readonly code: string }) =>
  one.code < other.code ? -1 : Number(one.code > other.code)

export function readDocuments<T extends { readonly code: string }>(kind: Kind<T>): readonly Endpoint[] {
  const onWire = (document: T, { origin, tenant }: Situation<ConfiguredTenant>) =>
    kind.onWire(document, `${origin}${kind.path.replace('{tenant}', tenant.name)}/${document.code}`)

  const all = endpoint({
    method: 'GET',
    path: kind.path,
    summary: `Lists every ${kind.noun} of the tenant.`,
    access: bearerMay('configuration.read'),
    query: documentQuery,
    answers: { status: 200, shape: documentList(kind.shape) },
    refusals: ['invalid_value', 'invalid_filter'],
    async handle({ query }, situation: Situation<ConfiguredTenant>) {
      if (query.filter !== undefined) {
        throw new Refusal('invalid_filter', 'Lists of the configuration take no filter.')
      }
      const choose = selected(query)
      const documents = [...kind.list(situation.tenant.configuration)].sort(byCode)
      const start = Number(query.startIndex ?? 0)
      const shown = documents.slice(start, start + Number(query.count ?? documents.length))
      return {
        body: {
          schemas: [LIST_RESPONSE],
          totalResults: documents.length,
          resources: shown.map(document => choose(onWire(document, situation))),
        },
      }
    },
  })

  const one = endpoint({
    method: 'GET',
    path: `${kind.path}/{id}`,
    summary: `Shows one ${kind.noun} by its code.`,
    access: bearerMay('configuration.read'),
    params: Type.Object({ id: Type.String({ maxLength: 100 }) }),
    query: documentSelection,
    answers: { status: 200, shape: kind.shape },
    refusals: ['invalid_value', 'not_found', 'algorithm_absent'],
    async handle({ path, query }, situation: Situation<ConfiguredTenant>) {
      const { configuration } = situation.tenant
      const document = kind.find(configuration, path.id)
      if (document === undefined) {
        throw new Refusal(configuration.findAbsence(path.id) === undefined ? 'not_found' : 'algorithm_absent')
      }
      return { body: selected(query)(onWire(document, situation)) }
    },
  })

  return [all, one]
}
