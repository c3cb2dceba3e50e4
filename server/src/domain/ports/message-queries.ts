/** Where a person can be reached. */
import type { TenantNumber, UserId } from '#domain/ids.ts'
import type { Query } from '#domain/ports/store.ts'

export interface Addresses {
  /** ATR_EMAIL. */
  readonly email: string | null
  /** ATR_MOBILE. */
  readonly mobile: string | null
  /** LANGUAGE, a language tag. */
  readonly language: string | null
}

export interface MessageQueries {
  /** One row always: all null for somebody who is not there. */
  addresses(tenant: TenantNumber, user: UserId): Query<Addresses>
}
