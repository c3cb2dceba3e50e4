/** A credential as a door shows it, with the name of its device. Its secret is not read, so it cannot be shown. */
import type { Credential } from '#domain/credential.ts'
import type { CredentialId, TenantNumber } from '#domain/ids.ts'
import type { CredentialQueries, CredentialRow } from '#domain/ports/credential-queries.ts'
import { rowsOf, type Unit } from '#domain/ports/store.ts'

export interface CredentialView extends Credential {
  readonly deviceExternalId: string
}

/** The credentials of these ids in their order; an id that nothing has is left out. At most 100. */
export function* loadCredentials(
  queries: CredentialQueries,
  tenant: TenantNumber,
  ids: readonly CredentialId[],
): Unit<readonly CredentialView[]> {
  if (ids.length === 0) return []
  const rows = yield* rowsOf(queries.credentials(tenant, ids))
  const byId = new Map(rows.map(row => [row.id, row]))
  return ids.flatMap(id => {
    const row = byId.get(id)
    return row === undefined ? [] : viewOf(row)
  })
}

function viewOf({ startAt, expiryAt, createdAt, ...row }: CredentialRow): CredentialView {
  return { ...row, startAt_ms: startAt, expiryAt_ms: expiryAt, createdAt_ms: createdAt }
}
