/** An invitation as a door shows it; nothing of its secret is there to be shown. */
import type { ProvisionId, TenantNumber } from '#domain/ids.ts'
import type { ProvisionQueries, ProvisionRow } from '#domain/ports/provision-queries.ts'
import { rowsOf, type Unit } from '#domain/ports/store.ts'
import type { Provision } from '#domain/provision.ts'

export interface ProvisionView extends Provision {
  readonly userExternalId: string
}

/** In the order of the ids; at most 100. */
export function* loadProvisions(
  { provisions }: { readonly provisions: ProvisionQueries },
  tenant: TenantNumber,
  ids: readonly ProvisionId[],
): Unit<readonly ProvisionView[]> {
  if (ids.length === 0) return []
  const rows = yield* rowsOf(provisions.provisions(tenant, ids))
  const byId = new Map(rows.map(row => [row.id, row]))
  return ids.flatMap(id => {
    const row = byId.get(id)
    return row === undefined ? [] : [viewOf(row)]
  })
}

function viewOf({ createdAt, expiresAt, processedAt, userExternalId, ...row }: ProvisionRow): ProvisionView {
  return {
    ...row,
    userExternalId: userExternalId ?? '',
    createdAt_ms: createdAt,
    expiresAt_ms: expiresAt,
    processedAt_ms: processedAt,
  }
}
