/** Models of authenticators, of the store as a whole: what the FIDO metadata says of each. */
import type { FidoMetadataQueries } from '#domain/ports/fido-metadata.ts'
import { manyRows } from '#storage/many-rows.ts'
import { sql } from '#storage/sql.ts'

export const fidoMetadataQueries: FidoMetadataQueries = {
  model: aaguid => sql<{ document: string }>`select document from fido_model where aaguid = ${aaguid}`,

  removeAll: () => sql`delete from fido_model`,

  addAll: manyRows<{ readonly aaguid: string; readonly document: string }>({
    name: 'fido_model',
    before: 'insert into fido_model (aaguid, document) values',
    after: 'on conflict (aaguid) do update set document = excluded.document',
    width: 2,
    values: ({ aaguid, document }) => [aaguid, document],
  }),
}
