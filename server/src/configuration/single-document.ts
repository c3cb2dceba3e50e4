/**
 * The two calls for a kind of document of which a tenant has exactly one, as `/configuration/{tenant}/v2/CorsOrigins`: GET shows it, the
 * stock one where none was put; PUT says it anew. A version is checked when the caller names one.
 */
import { type TSchema, Type } from 'typebox'
import { administratorOf } from '#administration/administrator.ts'
import type { DocumentKind } from '#administration/document-kind.ts'
import type { Documents } from '#administration/documents.ts'
import type { ConfiguredTenant } from '#configuration/read-documents.ts'
import { versionIn } from '#configuration/write-documents.ts'
import type { Configuration } from '#domain/configuration.ts'
import type { Tenant } from '#domain/tenant.ts'
import { bearerMay, type Endpoint, endpoint, type Situation } from '#http/endpoint.ts'
import { assertNoSelector } from '#http/selector.ts'

interface Needs {
  readonly documents: Documents
}

interface SingleDocument<T extends { readonly code: string; readonly version?: number }, Body> {
  readonly path: string
  readonly rules: DocumentKind<T>
  readonly schema: string
  readonly resourceType: string
  readonly shape: TSchema
  readonly writeShape: TSchema
  /** Bytes of a body. */
  readonly maxBytes: number
  /** Behind "Shows" and "Says anew" in the description. */
  readonly what: string
  of(configuration: Configuration): T
  /** Members of the answer beside `schemas` and `meta`. */
  onWire(document: T): object
  /** What a PUT says; throws what is wrong with it. */
  said(body: Body): Omit<T, 'code' | 'version'>
}

const query = Type.Object({}, { additionalProperties: true })

export function singleDocument<
  T extends { readonly code: string; readonly version?: number },
  Body extends { readonly meta?: { readonly version?: number } },
>(kind: SingleDocument<T, Body>): readonly Endpoint[] {
  const { path, rules } = kind
  const answer = (document: T, { origin, tenant }: Pick<Situation<ConfiguredTenant>, 'origin' | 'tenant'>) => {
    const location = `${origin}${path.replace('{tenant}', tenant.name)}`
    const meta = { resourceType: kind.resourceType, location, version: document.version ?? 1 }
    return { body: { schemas: [kind.schema], ...kind.onWire(document), meta } }
  }

  return [
    endpoint({
      method: 'GET',
      path,
      summary: `Shows ${kind.what}.`,
      access: bearerMay('configuration.read'),
      query,
      answers: { status: 200, shape: kind.shape },
      refusals: ['invalid_value'],
      async handle(request, here: Situation<ConfiguredTenant>) {
        assertNoSelector(request.query)
        return answer(kind.of(here.tenant.configuration), here)
      },
    }),

    endpoint({
      method: 'PUT',
      path,
      summary: `Says anew ${kind.what}.`,
      access: bearerMay('configuration.update'),
      query,
      accepts: { as: 'json', shape: kind.writeShape, maxBytes: kind.maxBytes },
      answers: { status: 200, shape: kind.shape },
      refusals: ['invalid_value', 'version_mismatch'],
      async handle(request, here: Situation<Tenant>, { documents }: Needs) {
        assertNoSelector(request.query)
        const body = request.body as Body
        const said = kind.said(body)
        const target = { code: kind.of(here.tenant.configuration).code, version: versionIn(here, body) }
        const draft = (before: T): T => ({ ...before, ...said })
        return answer(await documents.update(here.tenant, rules, target, draft, administratorOf(here)), here)
      },
    }),
  ]
}
