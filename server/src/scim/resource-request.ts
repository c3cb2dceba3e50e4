/**
 * What calls on one resource have in common, whatever the resource: its id in the address, what of it is wanted back (RFC 7644
 * section 3.9), the version that the caller believes to change (section 3.14), and the answer that shows it.
 */
import { Type } from 'typebox'
import { idOf } from '#domain/ids.ts'
import { Refusal } from '#domain/refusal.ts'
import type { SearchResource } from '#domain/search.ts'
import type { Answer, Situation } from '#http/endpoint.ts'
import { assertNoSelector } from '#http/selector.ts'
import { assertApiVersion } from '#scim/api-version.ts'
import { membersOf } from '#scim/members.ts'
import { etagOf, expectedVersion } from '#scim/meta.ts'
import { readSelection, type Selection, select } from '#scim/select.ts'
import { selectable } from '#scim/selectable.ts'

/** Of a resource that is named by a number. */
export const numberedPath = Type.Object({ id: Type.String({ maxLength: 20 }) })

/** What `selectionOf` refuses with. */
export const selectionRefusals = ['invalid_value', 'invalid_path', 'too_long'] as const

/** `noun` for the sentence: `device`. */
export function numberIn(path: { readonly id: string }, noun: string): number {
  const id = idOf(path.id)
  if (id === undefined) throw new Refusal('not_found', `There is no ${noun} with this id.`)
  return id
}

/** For calls whose answer shows no resource. */
export function assertQuery(query: object): void {
  assertNoSelector(query)
  assertApiVersion(query as Readonly<Record<string, unknown>>)
}

export function selectionOf(query: object, resource: SearchResource): Selection {
  assertQuery(query)
  const members = membersOf(query)
  return readSelection(selectable[resource], members.any('attributes'), members.any('excludedAttributes'))
}

/** `meta` is that of the body, when there is one. */
export function versionIn({ headers }: Situation<unknown>, meta?: unknown): { readonly version: number | undefined } {
  return { version: expectedVersion(headers['if-match'], meta) }
}

export function shown(wire: object, version: number, selection: Selection): Answer<unknown> {
  return { headers: { etag: etagOf(version) }, body: select(wire, selection) }
}
