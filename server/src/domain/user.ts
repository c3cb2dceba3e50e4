/** Whom we know: an end user, an administrator, or the user that stands for an OpenID client. SCIM Users. */
import type { UserId } from '#domain/ids.ts'

export interface User {
  readonly id: UserId
  readonly externalId: string
  readonly userName: string
  readonly group: string
  readonly active: boolean
  readonly familyName: string | null
  readonly givenName: string | null
  readonly title: string | null
  readonly createdAt_ms: number
  readonly version: number
}

/** Names are compared without regard to case; this is the compared form. */
export const nameKey = (name: string): string => name.normalize('NFC').toLowerCase()
