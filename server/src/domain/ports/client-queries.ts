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

/** What a client registered, as it is kept. */
export interface ClientRegistration {
  readonly user: UserId
  readonly document: string
  readonly createdAt: number
}

export interface NewClient {
  readonly clientId: string
  readonly user: UserId
  /** `machine`: 256 random bits that we made, kept as SHA-256 and never locked. `none`: it proves itself otherwise, or not at all. */
  readonly secretKind: 'machine' | 'none'
  readonly secretProof: Uint8Array | null
  readonly document: string
  readonly createdAt: number
}

export interface ClientQueries {
  client(tenant: TenantNumber, clientId: string): Query<HeldClient>
  registration(tenant: TenantNumber, clientId: string): Query<ClientRegistration>
  addClient(tenant: TenantNumber, client: NewClient): Query
  /** What it registered anew; its secret stays. */
  rewriteClient(tenant: TenantNumber, clientId: string, document: string): Query
  setSecret(tenant: TenantNumber, clientId: string, secret: Pick<NewClient, 'secretKind' | 'secretProof'>): Query
}
