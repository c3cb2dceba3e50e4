/**
 * A page of resources (RFC 7644 section 3.4.2). Surprise: the member is `resources` in lower case, because every client of the
 * reference reads it so; `Resources` is never there. `startIndex` (from 0) and `itemsPerPage` only when the page is not all.
 */
import { type TSchema, Type } from 'typebox'
import { urn } from './urn.ts'

export const listResponse = <T extends TSchema>(resource: T) =>
  Type.Object({
    schemas: Type.Array(Type.String(), { description: urn.listResponse }),
    totalResults: Type.Integer({ description: 'Exact, over all pages' }),
    startIndex: Type.Optional(Type.Integer()),
    itemsPerPage: Type.Optional(Type.Integer()),
    resources: Type.Array(resource),
  })

export interface ListResponse<Resource> {
  readonly schemas: readonly string[]
  readonly totalResults: number
  readonly startIndex?: number
  readonly itemsPerPage?: number
  readonly resources: readonly Resource[]
}
