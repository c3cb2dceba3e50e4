/**
 * A road by which a device is woken (DeliveryGateway/Push of the configuration API). Its secrets are kept elsewhere, sealed,
 * and never shown. A device that no gateway reaches still finds its requests when it asks.
 */
export interface Gateway {
  readonly code: string
  readonly name: string
  readonly notes?: string
  /** A stock document: it can be replaced by one of the tenant's own, not deleted. */
  readonly readOnly: boolean
  /** Counts the changes of a document of the tenant's own; a stock document has none. */
  readonly version?: number
  readonly type: 'WEB_PUSH'
  readonly enabled: boolean
  /** How long the push service keeps a message for a device that is off; 0: one try. */
  readonly ttl_seconds: number
  /** Whom a push service may tell about trouble (RFC 8292 section 2.1): `mailto:…` or `https://…`. */
  readonly contact?: string
}
