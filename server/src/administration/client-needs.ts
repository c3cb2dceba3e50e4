/** What changes of clients need beyond this corridor's needs, and a client as it is kept. */
import type { AdministrationNeeds } from '#administration/needs.ts'
import type { ClientDocument } from '#domain/client.ts'
import type { ClientQueries } from '#domain/ports/client-queries.ts'

export interface ClientsNeeds extends AdministrationNeeds {
  readonly clients: ClientQueries
  makeSecret(): { readonly text: string; readonly proof: Uint8Array }
}

export interface StoredClient {
  readonly clientId: string
  readonly document: ClientDocument
  readonly createdAt_ms: number
}
