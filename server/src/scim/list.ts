/**
 * A page of resources (RFC 7644 section 3.4.2) with `resources` in lower case, as clients of the reference read it. Where a page
 * is not everything it also says where it starts, counted from 0, and how many it holds.
 */
import type { ListResponse } from '@countersign/protocol/scim/list-response.ts'
import { urn } from '@countersign/protocol/scim/urn.ts'

export function listOf<Resource>(
  totalResults: number,
  resources: readonly Resource[],
  startIndex = 0,
): ListResponse<Resource> {
  const whole = startIndex === 0 && totalResults === resources.length
  return {
    schemas: [urn.listResponse],
    totalResults,
    ...(whole ? {} : { startIndex, itemsPerPage: resources.length }),
    resources,
  }
}
