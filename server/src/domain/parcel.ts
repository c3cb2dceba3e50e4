/**
 * What leaves the house, ready to be sent: made once by the room that knows what to say, kept sealed, sent by delivery. Every
 * retry sends the same bytes.
 */
export type Parcel = CallbackParcel | WebPushParcel | MessageParcel

export type MessageMethod = 'email' | 'sms'

/** POST of JSON with a bearer to a client's address. */
export interface CallbackParcel {
  readonly kind: 'callback'
  readonly url: string
  readonly bearer: string
  /** JSON text. */
  readonly body: string
  /** Also when the address is not registered: a `cb_url` on loopback in a tenant that allows it. */
  readonly registered: boolean
}

/** RFC 8030 message, encrypted by RFC 8291 when it is sent. */
export interface WebPushParcel {
  readonly kind: 'web-push'
  readonly endpoint: string
  readonly p256dh: string
  readonly auth: string
  /** JSON text of at most 2 kB. */
  readonly message: string
  readonly ttl_seconds: number
}

/** A text for a person, by mail or as a short message. */
export interface MessageParcel {
  readonly kind: 'message'
  readonly method: MessageMethod
  /** Absent: a decoy, never sent. It is written so that rows are no different for people whom nobody knows (security.md E1). */
  readonly to?: string
  /** Of mail. */
  readonly subject?: string
  readonly text: string
  /** Of mail: the same as a page. */
  readonly html?: string
  /** Codes of the gateways to be tried, in their order; absent: all of the tenant, by their own priority. */
  readonly gateways?: readonly string[]
}

/** A message as the inbox of the demo keeps it. */
export interface InboxMessage {
  readonly to: string
  readonly kind: MessageMethod
  readonly subject?: string
  readonly text: string
  /** When it arrived, RFC 3339. */
  readonly at: string
}

/** Takes messages of tenants that have no gateway: in the demo. */
export interface InboxDoorway {
  take(message: InboxMessage): void
}
