/** A push gateway on the wire and back. A private key of its own cannot be set: the server makes one for each tenant. */
import {
  PUSH_GATEWAY,
  type PushGatewayWire,
  type PushGatewayWrite,
} from '@countersign/protocol/configuration/push-gateway.ts'
import { merged } from '#configuration/merged.ts'
import type { Gateway } from '#domain/gateway.ts'
import { Refusal } from '#domain/refusal.ts'

const TYPE = 'WEB_PUSH'
const codeForm = /^[A-Za-z][A-Za-z0-9_-]{2,19}$/
/** Members by which a caller would choose what signs and where messages go. */
const ABSENT = ['vapidPrivateKey', 'hub', 'connectionString']

export function gatewayOnWire(gateway: Gateway, location: string): PushGatewayWire {
  const { code, name, notes, readOnly, version, type, enabled, ttl_seconds, contact } = gateway
  return {
    schemas: [PUSH_GATEWAY],
    id: code,
    name,
    ...(notes === undefined ? {} : { notes }),
    readOnly,
    meta: { resourceType: 'Push Delivery Gateway', location, version: version ?? 1 },
    type,
    enabled,
    timeToLive: ttl_seconds,
    ...(contact === undefined ? {} : { contact }),
  }
}

export function newGateway(body: PushGatewayWrite): Gateway {
  const { id: code = '', type = TYPE, name } = body
  if (!codeForm.test(code)) throw new Refusal('invalid_value', 'id is a letter and 2 to 19 letters, digits, _ or -.')
  if (type !== TYPE) throw new Refusal('unsupported_value', `type is ${TYPE}.`)
  return changedGateway(
    { code, name: name ?? code, readOnly: false, type: TYPE, enabled: true, ttl_seconds: 120 },
    body,
  )
}

/** A stock gateway that is changed becomes one of the tenant's own under the same code. */
export function changedGateway(before: Gateway, body: PushGatewayWrite): Gateway {
  const absent = ABSENT.find(name => (body as Record<string, unknown>)[name] !== undefined)
  if (absent) throw new Refusal('unsupported_value', `${absent} cannot be set; the server makes a key for each tenant.`)
  if (body.type !== undefined && body.type !== before.type)
    throw new Refusal('immutable', 'The type of a gateway stays.')
  const { name, notes, enabled, timeToLive: ttl_seconds, contact } = body
  return {
    ...merged<Gateway>(before, { name, notes, enabled, ttl_seconds, contact } as Partial<Gateway>),
    readOnly: false,
  }
}
