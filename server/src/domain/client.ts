import type { ResponseType } from '#domain/login.ts'

/** As on the wire; about 40 decimal digits. */
export type ClientId = string

/** An application that calls us: what it registered. Every client is also a user (in `UG_CLIENTID`), whose roles say what it may do. */
export interface ClientDocument {
  readonly name: string
  readonly grantTypes: readonly string[]
  readonly scopes: readonly string[]
  /** Policy of the client's own secret: lifetimes of its tokens. */
  readonly ownPolicy: string
  /** … of those it opens by an assertion; `AT_JWT` when nothing was said. */
  readonly keyPolicy?: string
  /** Defaults for the users it authenticates. */
  readonly userPolicy: string
  readonly userChannel: string
  /** How it proves itself (RFC 7591 section 2); `client_secret_basic` when nothing was said. */
  readonly authMethod?: ClientAuthMethod
  /** The one algorithm of its assertions; any of ours when nothing was said. */
  readonly authAlgorithm?: ClientAlgorithm
  /** Public keys it registered: it signs assertions with them, we encrypt id_tokens to them (RFC 7517). */
  readonly jwks?: { readonly keys: readonly Readonly<Record<string, unknown>>[] }
  /** How results of push operations reach it (CIBA Core section 4); `push` when nothing was said. */
  readonly delivery?: 'poll' | 'ping' | 'push'
  /** `backchannel_client_notification_endpoint`; the attribute ATR_CIBACB of its user says the same. */
  readonly notificationEndpoint?: string
  /** Further addresses that may be called back: `hid_callback_uris`. */
  readonly callbacks?: readonly string[]
  /** `hid_ciba_callback_format_plain`: id_tokens of results are not signed. */
  readonly callbackPlain?: boolean
  readonly idTokenAlgorithm?: 'RS256' | 'ES256'
  readonly idTokenEncryption?: { readonly alg: 'RSA-OAEP-256'; readonly enc: 'A128CBC-HS256' | 'A256GCM' }
  /** Its requests carry a number that the user types. */
  readonly numberMatching?: boolean
  /** May have user-less requests signed without asking. */
  readonly userlessSilent?: boolean
  /** May be named by devices that sign requests of their own; with free text instead of a template. */
  readonly dcs?: boolean
  readonly dcsFreeText?: boolean
  /** Where people are sent back to, compared byte by byte. */
  readonly redirectUris?: readonly string[]
  /** `code` when nothing was said. */
  readonly responseTypes?: readonly ResponseType[]
  /** Native applications may be sent back to any port of a registered loopback address (RFC 8252 section 7.3). */
  readonly applicationType?: 'web' | 'native'
  /** The workflow by which its users sign in; the default one when nothing was said. */
  readonly workflowId?: string
  readonly themeId?: string
  /** People are asked before anything about them is shared. */
  readonly consentPrompt?: boolean
  /** The one algorithm of its request objects (RFC 9101); any of ours when nothing was said. */
  readonly requestAlgorithm?: ClientAlgorithm
  /** Its requests come as signed request objects, and nothing beside them counts. */
  readonly requiresSigned?: boolean
  /** Its requests come by `par` (RFC 9126 section 6). */
  readonly requiresPushed?: boolean
  /** Userinfo is plain JSON for it, and no JWT. */
  readonly userinfoPlain?: boolean
  /** What it registered, as it wrote it, to be read back. */
  readonly metadata?: Readonly<Record<string, unknown>>
}

export type ClientAuthMethod = 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt' | 'none'

/** By which clients sign: assertions and request objects. */
export type ClientAlgorithm = 'RS256' | 'PS256' | 'ES256'
