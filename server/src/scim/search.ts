/**
 * A search as clients send it: the body of `.search` (RFC 7644 section 3.4.3) or the query of a GET, the same members in both. What is
 * forgiven: no `schemas`, numbers as text, absent members, names in any case (tolerance T6). What is not: a parameter that
 * looks like a filter but is none (`?userName=x`), since ignoring it would answer more than was asked for (rule A4).
 * Surprise: `startIndex` counts from 0, and more than 100 resources are never given at once.
 */
import { Refusal } from '#domain/refusal.ts'
import type { SearchPlan } from '#domain/search.ts'
import { isSelector } from '#http/selector.ts'
import type { FindAttribute } from '#scim/filter/attributes.ts'
import { parseFilter } from '#scim/filter/parse.ts'
import { planFilter } from '#scim/filter/plan.ts'
import { type Members, membersOf } from '#scim/members.ts'
import { readSelection, type Selection } from '#scim/select.ts'
import type { Selectable } from '#scim/selectable.ts'

export const MAX_COUNT = 100
const MAX_FILTER = 20_000
const wholeNumber = /^[+-]?\d{1,9}$/

export interface Search {
  readonly plan: SearchPlan
  readonly selection: Selection
}

const known: ReadonlySet<string> = new Set([
  'schemas',
  'filter',
  'sortby',
  'sortorder',
  'startindex',
  'count',
  'attributes',
  'excludedattributes',
])

/** `written` is the body or the query; refuses what cannot be obeyed. */
export function readSearch(written: unknown, find: FindAttribute, selectable: Selectable): Search {
  const members = membersOf(written)
  for (const name of Object.keys(written as object)) assertNoHiddenFilter(name, find)
  const where = filterOf(members, find)
  return {
    plan: {
      ...(where === undefined ? {} : { where }),
      sort: sortOf(members, find),
      offset: wholeOf(members, 'startIndex', 0),
      count: Math.min(wholeOf(members, 'count', MAX_COUNT), MAX_COUNT),
    },
    selection: readSelection(selectable, members.any('attributes'), members.any('excludedAttributes')),
  }
}

function assertNoHiddenFilter(name: string, find: FindAttribute): void {
  const lower = name.trim().toLowerCase()
  if (known.has(lower) || !(isSelector(lower) || find(lower) !== undefined)) return
  throw new Refusal('invalid_value', `${name.slice(0, 40)} is no parameter of a search; write it as a filter.`)
}

function filterOf(members: Members, find: FindAttribute) {
  const text = members.any('filter')
  if (text === undefined) return undefined
  if (typeof text !== 'string' || text.length > MAX_FILTER) throw new Refusal('invalid_filter')
  return text.trim() === '' ? undefined : planFilter(parseFilter(text), find)
}

function sortOf(members: Members, find: FindAttribute): SearchPlan['sort'] {
  const name = members.text('sortBy', 256) || 'id'
  const order = (members.text('sortOrder', 16) || 'ascending').toLowerCase()
  if (order !== 'ascending' && order !== 'descending') {
    throw new Refusal('invalid_value', 'sortOrder is ascending or descending.')
  }
  const attribute = find(name)
  if (attribute === undefined || !attribute.sortable) {
    throw new Refusal('invalid_path', `${name.slice(0, 40)} is no attribute that can be sorted by.`)
  }
  return { column: attribute.column, descending: order === 'descending' }
}

/** A number, or text that is one. Below zero counts as zero (RFC 7644 section 3.4.2.4). */
function wholeOf(members: Members, name: string, absent: number): number {
  const text = members.text(name, 16)
  if (text === undefined || text === '') return absent
  if (!wholeNumber.test(text)) throw new Refusal('invalid_value', `${name} is not a whole number.`)
  return Math.max(0, Number(text))
}
