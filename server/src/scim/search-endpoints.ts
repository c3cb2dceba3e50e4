/**
 * The two searches that every kind of resource offers: GET of the collection and POST of its `.search` (RFC 7644 sections 3.4.2 and
 * 3.4.3). Both take the same members; `.search` takes them from its query too, each once.
 */
import { listResponse } from '@countersign/protocol/scim/list-response.ts'
import { searchRequest } from '@countersign/protocol/scim/search-request.ts'
import type { TSchema } from 'typebox'
import type { SearchPlan, SearchResource } from '#domain/search.ts'
import type { Tenant } from '#domain/tenant.ts'
import { bearerMay, type Endpoint, endpoint, type Situation } from '#http/endpoint.ts'
import { attributesOf } from '#scim/filter/attributes.ts'
import { listOf } from '#scim/list.ts'
import { type Site, siteOf } from '#scim/location.ts'
import { assertQuery } from '#scim/resource-request.ts'
import { readSearch } from '#scim/search.ts'
import { searchMembers } from '#scim/search-body.ts'
import { type Selection, select } from '#scim/select.ts'
import { selectable } from '#scim/selectable.ts'

interface Asked {
  readonly tenant: Tenant
  readonly site: Site
  readonly plan: SearchPlan
  readonly selection: Selection
}

interface Kind<Needs> {
  /** `/scim/{tenant}/v2/Device` */
  readonly path: string
  /** For the description: `devices`. */
  readonly plural: string
  readonly permission: string
  readonly resource: SearchResource
  readonly shape: TSchema
  /** Resources as on the wire, whole; what was not selected is taken away here. */
  page(asked: Asked, needs: Needs): Promise<{ readonly total: number; readonly resources: readonly object[] }>
}

export function searchEndpoints<Needs>(kind: Kind<Needs>): readonly Endpoint<Needs>[] {
  const search = async (query: object, body: object, here: Situation<Tenant>, needs: Needs) => {
    assertQuery(query)
    const { tenant } = here
    const find = attributesOf(kind.resource, code => tenant.configuration.findAttributeType(code) !== undefined)
    const { plan, selection } = readSearch(searchMembers(query, body), find, selectable[kind.resource])
    const { total, resources } = await kind.page({ tenant, site: siteOf(here), plan, selection }, needs)
    const shown = resources.map(one => select(one, selection))
    return { body: listOf(total, shown, plan.offset) }
  }
  const shared = {
    access: bearerMay(kind.permission),
    query: searchRequest,
    answers: { status: 200, shape: listResponse(kind.shape) },
    refusals: ['invalid_value', 'invalid_filter', 'invalid_path', 'too_long'],
  } as const

  const list = endpoint({
    ...shared,
    method: 'GET',
    path: kind.path,
    summary: `Lists ${kind.plural}, all or those that a filter names.`,
    handle: ({ query }, here: Situation<Tenant>, needs: Needs) => search(query, {}, here, needs),
  })

  const byBody = endpoint({
    ...shared,
    method: 'POST',
    path: `${kind.path}/.search`,
    summary: `Searches ${kind.plural}; the body holds what a list has in its query.`,
    accepts: { as: 'json', shape: searchRequest },
    handle: ({ query, body }, here: Situation<Tenant>, needs: Needs) => search(query, body, here, needs),
  })

  return [list, byBody]
}
