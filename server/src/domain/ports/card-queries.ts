/** Contactless cards: found by their serial number, which is the external id of their device; made where they are enrolled. */
import type { CredentialId, DeviceId, TenantNumber, UserId } from '#domain/ids.ts'
import type { Candidate } from '#domain/ports/proof-queries.ts'
import type { Query } from '#domain/ports/store.ts'

/** The device, and the key in it where there is one already. */
export interface CardRow extends Omit<Candidate, 'credential'> {
  readonly owner: UserId | null
  readonly deviceVersion: number
  /** Null: it waits for its enrolment. */
  readonly credential: CredentialId | null
}

export interface NewCard {
  readonly credential: CredentialId
  readonly device: DeviceId
  readonly externalId: string
  readonly type: string
  readonly secret: Uint8Array
  readonly at: number
}

export interface CardQueries {
  /** Devices of any type with this serial number, 50 at most. */
  cards(tenant: TenantNumber, csn: string): Query<CardRow>
  /** The credential with its state. */
  addCard(tenant: TenantNumber, card: NewCard): readonly Query[]
}
