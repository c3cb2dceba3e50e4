/**
 * Query parameters of a read in the configuration API. `attributes` and `excludedAttributes` (RFC 7644 section 3.9) name
 * members, separated by commas, and exclude one another. Lists are short and come whole unless `count` is given, by `id`
 * unless `sortBy` says `name`; `startIndex` counts from 0, as everywhere in this API. A filter is refused, not ignored.
 */
import { type Static, Type } from 'typebox'

const names = Type.String({ maxLength: 2000, description: 'Names of top-level members, separated by commas.' })
const number = Type.String({ maxLength: 20, pattern: '^ *[0-9]+ *$' })

export const documentSelection = Type.Object({
  attributes: Type.Optional(names),
  excludedAttributes: Type.Optional(names),
})
export type DocumentSelection = Static<typeof documentSelection>

export const documentQuery = Type.Object({
  attributes: Type.Optional(names),
  excludedAttributes: Type.Optional(names),
  startIndex: Type.Optional(number),
  count: Type.Optional(number),
  sortBy: Type.Optional(Type.String({ maxLength: 200, description: 'id or name.' })),
  sortOrder: Type.Optional(Type.String({ maxLength: 20, description: 'ascending or descending.' })),
  filter: Type.Optional(Type.String({ maxLength: 2000, description: 'Not offered: refused.' })),
})
export type DocumentQuery = Static<typeof documentQuery>
