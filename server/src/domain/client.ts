/** An application that calls us. Every client is also a user (in `UG_CLIENTID`), whose roles say what it may do. */
import type { UserId } from '#domain/ids.ts'

export interface Client {
  readonly clientId: string
  readonly user: UserId
  readonly active: boolean
  readonly roles: readonly string[]
  /** `machine`: 256 random bits that we made, kept as SHA-256 and never locked. `chosen`: a person's, held by a password authenticator. */
  readonly secretKind: 'machine' | 'chosen'
  readonly secretProof: Uint8Array | null
  readonly document: ClientDocument
}

/** What a client registered, as far as these flows need it. */
export interface ClientDocument {
  readonly name: string
  readonly grantTypes: readonly string[]
  readonly scopes: readonly string[]
  /** Policy of the client's own secret: lifetimes of its tokens. */
  readonly ownPolicy: string
  /** Defaults for the users it authenticates. */
  readonly userPolicy: string
  readonly userChannel: string
}
