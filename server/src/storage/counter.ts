/**
 * Kept totals per tenant and noun: an unfiltered list answers its exact total from here instead of counting a million rows.
 * Changed in the unit that adds or removes the rows; the row of a noun appears with the first of its kind.
 */
import type { TenantNumber } from '#domain/ids.ts'
import type { Query } from '#domain/ports/store.ts'
import type { SearchResource } from '#domain/search.ts'
import { sql } from '#storage/sql.ts'

export const count = (tenant: TenantNumber, noun: Lowercase<SearchResource>, by: number): Query => sql`
    insert into tenant_counter (tenant_number, noun, total) values (${tenant}, ${noun}, ${by})
    on conflict (tenant_number, noun) do update set total = tenant_counter.total + ${by}`
