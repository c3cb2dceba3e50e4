/** Clients by id, with what decides whether they may act. */
import type { TenantNumber, UserId } from '#domain/ids.ts'
import type { Query } from '#domain/ports/store.ts'

export interface HeldClient {
  readonly clientId: string
  readonly user: UserId
  readonly status: string
  readonly secretProof: Uint8Array | null
  readonly document: string
  readonly userActive: number
  /** Role codes joined by blanks. */
  readonly roles: string | null
}

export interface NewClient {
  readonly clientId: string
  readonly user: UserId
  /** 256 random bits that we made, kept as SHA-256 and never locked. */
  readonly secretKind: 'machine'
  readonly secretProof: Uint8Array | null
  readonly document: string
  readonly createdAt: number
}

export interface ClientQueries {
  client(tenant: TenantNumber, clientId: string): Query<HeldClient>
  addClient(tenant: TenantNumber, client: NewClient): Query
}
