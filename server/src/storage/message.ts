/** Where people can be reached. */
import type { Addresses, MessageQueries } from '#domain/ports/message-queries.ts'
import { sql } from '#storage/sql.ts'

export const messageQueries: MessageQueries = {
  addresses: (tenant, user) => sql<Addresses>`
    select (select value from user_attribute
            where tenant_number = ${tenant} and user_id = ${user} and name = 'ATR_EMAIL') as "email",
           (select value from user_attribute
            where tenant_number = ${tenant} and user_id = ${user} and name = 'ATR_MOBILE') as "mobile",
           (select value from user_attribute
            where tenant_number = ${tenant} and user_id = ${user} and name = 'LANGUAGE') as "language"`,
}
