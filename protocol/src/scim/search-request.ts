/**
 * The body of `POST …/.search` (RFC 7644 section 3.4.3), as loose as clients send it: without `schemas`, with only a filter, with
 * numbers as text, with names as a list or comma separated. Surprise: `startIndex` counts from 0, unlike the RFC.
 */
import { type Static, Type } from 'typebox'

const number = Type.Union([Type.Integer(), Type.String({ maxLength: 16 }), Type.Null()])
const text = (maxLength: number) => Type.Union([Type.String({ maxLength }), Type.Null()])
const names = Type.Union([
  Type.Array(Type.String({ maxLength: 256 }), { maxItems: 100 }),
  Type.String({ maxLength: 8192 }),
  Type.Null(),
])

export const searchRequest = Type.Object({
  schemas: Type.Optional(Type.Unknown()),
  filter: Type.Optional(text(20_000)),
  sortBy: Type.Optional(text(256)),
  sortOrder: Type.Optional(text(16)),
  startIndex: Type.Optional(number),
  count: Type.Optional(number),
  attributes: Type.Optional(names),
  excludedAttributes: Type.Optional(names),
})
export type SearchRequest = Static<typeof searchRequest>
