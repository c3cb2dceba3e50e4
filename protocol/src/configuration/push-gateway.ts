/**
 * Push gateway on the wire: `/configuration/{tenant}/v2/DeliveryGateway/Push`. The reference documents gateways of its vendor's hubs;
 * `WEB_PUSH` (RFC 8030) and the members behind `type` are ours. Keys of a gateway are never shown.
 */
import { type Static, Type } from 'typebox'
import { configurationMeta } from './meta.ts'

export const PUSH_GATEWAY = 'urn:hid:scim:api:idp:2.0:DeliveryGateway:Push'

const contact = Type.String({
  maxLength: 200,
  pattern: '^(mailto:[!-~]+@[!-~]+|https://[!-~]+)$',
  description: 'Whom a push service may tell about trouble. RFC 8292 section 2.1.',
})
const timeToLive = Type.Integer({
  minimum: 0,
  maximum: 86_400,
  description: 'Seconds that a push service keeps a message; 0: one try.',
})

export const pushGatewayWire = Type.Object({
  schemas: Type.Array(Type.String()),
  id: Type.String(),
  name: Type.String(),
  notes: Type.Optional(Type.String()),
  readOnly: Type.Boolean(),
  meta: Type.Optional(configurationMeta),
  type: Type.Literal('WEB_PUSH'),
  enabled: Type.Boolean(),
  timeToLive,
  contact: Type.Optional(contact),
})
export type PushGatewayWire = Static<typeof pushGatewayWire>

/** POST and PUT. Members that are given stand in the place of those before; null takes an optional one away. */
export const pushGatewayWrite = Type.Object(
  {
    id: Type.Optional(Type.String({ maxLength: 100 })),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    notes: Type.Optional(Type.Union([Type.String({ maxLength: 1000 }), Type.Null()])),
    type: Type.Optional(Type.String({ maxLength: 40 })),
    enabled: Type.Optional(Type.Boolean()),
    timeToLive: Type.Optional(timeToLive),
    contact: Type.Optional(Type.Union([contact, Type.Null()])),
    meta: Type.Optional(Type.Object({ version: Type.Optional(Type.Integer()) })),
  },
  { additionalProperties: true },
)
export type PushGatewayWrite = Static<typeof pushGatewayWrite>
