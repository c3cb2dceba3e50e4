/** The store's own rows: metadata and leased node numbers. */
import type { StoreQueries } from '#domain/ports/store-queries.ts'
import { sql } from '#storage/sql.ts'

export const storeQueries: StoreQueries = {
  meta: name => sql<{ value: string }>`select value as "value" from store_meta where name = ${name}`,

  setMeta: (name, value) => sql`
    insert into store_meta (name, value) values (${name}, ${value})
    on conflict (name) do update set value = excluded.value`,

  leaseNode: ({ node, holder, startedAt, until }, endedBefore) => sql<{ holder: string }>`
    insert into node (node_number, holder, lease_until, started_at) values (${node}, ${holder}, ${until}, ${startedAt})
    on conflict (node_number) do update
      set holder = excluded.holder, lease_until = excluded.lease_until, started_at = excluded.started_at
      where node.lease_until < ${endedBefore}
    returning holder as "holder"`,

  renewNode: (node, holder, until) => sql<{ holder: string }>`
    update node set lease_until = ${until} where node_number = ${node} and holder = ${holder} returning holder as "holder"`,

  releaseNode: (node, holder) => sql`delete from node where node_number = ${node} and holder = ${holder}`,
}
