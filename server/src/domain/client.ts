/** An application that calls us: what it registered. Every client is also a user (in `UG_CLIENTID`), whose roles say what it may do. */
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
