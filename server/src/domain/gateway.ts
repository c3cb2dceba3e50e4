/**
 * Roads by which people are reached (DeliveryGateway of the configuration API): devices are woken by Push, codes and links go
 * out by Mail and Sms. Secrets of a gateway are sealed to their document and never shown. A device that no gateway reaches
 * still finds its requests when it asks.
 */
import type { Place } from '#domain/ports/sealer.ts'

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

interface MessageGateway {
  readonly code: string
  /** Counts the changes; a tenant has no stock gateways of this kind. */
  readonly version?: number
  readonly name: string
  readonly notes?: string
  readonly enabled: boolean
  /** The smallest is tried first. */
  readonly priority: number
  /** By name, each sealed to its `secretPlace`, in base64url. */
  readonly secrets?: Readonly<Record<string, string>>
}

/** A mail server (SMTP, RFC 5321). Its one secret is `password`. */
export interface MailGateway extends MessageGateway {
  readonly host: string
  readonly port: number
  /** `tls` from the first byte, `starttls` or nothing is sent, `none` for a server on this machine. */
  readonly security: 'tls' | 'starttls' | 'none'
  readonly user?: string
  /** `Name <address>` or an address. */
  readonly from: string
  readonly replyTo?: string
}

/**
 * A provider that takes short messages over HTTP. `url`, `headers` and `body` are templates: `{$to}`, `{$text}`, `{$sender}`, and
 * `{$secret.NAME}` for a secret; values are encoded for the place where they stand. `{$basic.USER.PASSWORD}` in a header is two
 * secrets with a colon between, in Base64 (RFC 7617): `Basic {$basic.user.password}`.
 */
export interface SmsGateway extends MessageGateway {
  /** The preset it began as. */
  readonly preset?: string
  readonly url: string
  readonly method: 'POST' | 'GET'
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Says how values are encoded in `body`. */
  readonly contentType: 'application/json' | 'application/x-www-form-urlencoded' | 'text/plain'
  readonly sender?: string
  /** What an answer must look like for the message to count as taken. */
  readonly success: {
    readonly status: readonly number[]
    /** A text that the body must hold. */
    readonly contains?: string
  }
}

export type GatewayList = 'mailGateways' | 'smsGateways'
/** Lists of documents with secrets in them. */
export type SecretsList = GatewayList | 'cardApplications'

/** Where a secret of a document stands: it opens nowhere else. */
export const secretPlace = (list: SecretsList, code: string, name: string): Place => ({
  table: 'configuration_override',
  column: `document.secrets.${name}`,
  row: `${list}.${code}`,
})

/** Those to be tried, in this order: what the policy names when it names any of them, else all; never one that is off. */
export function inOrder<G extends MessageGateway>(gateways: readonly G[], named: readonly string[] = []): readonly G[] {
  const usable = gateways.filter(({ enabled }) => enabled)
  const chosen = named.map(code => usable.find(one => one.code === code)).filter(one => one !== undefined)
  const isNamed = gateways.some(({ code }) => named.includes(code))
  return isNamed ? chosen : [...usable].sort((a, b) => a.priority - b.priority || (a.code < b.code ? -1 : 1))
}
