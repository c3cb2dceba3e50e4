/**
 * Mail gateway on the wire: `/configuration/{tenant}/v2/DeliveryGateway/Mail`; ours, as the reference has no such resource. The
 * password is written and never shown; a gateway that leads elsewhere needs it anew.
 */
import { type Static, Type } from 'typebox'
import { configurationMeta } from './meta.ts'

export const MAIL_GATEWAY = 'urn:hid:scim:api:idp:2.0:DeliveryGateway:Mail'

const priority = Type.Integer({ minimum: 0, maximum: 1000, description: 'The smallest is tried first.' })
const port = Type.Integer({ minimum: 1, maximum: 65_535 })
const security = Type.Union([Type.Literal('tls'), Type.Literal('starttls'), Type.Literal('none')], {
  description: 'TLS from the first byte, STARTTLS or no mail, nothing (for a server on this machine).',
})

export const mailGatewayWire = Type.Object({
  schemas: Type.Array(Type.String()),
  id: Type.String(),
  name: Type.String(),
  notes: Type.Optional(Type.String()),
  readOnly: Type.Boolean(),
  meta: Type.Optional(configurationMeta),
  enabled: Type.Boolean(),
  priority,
  host: Type.String(),
  port,
  security,
  user: Type.Optional(Type.String()),
  passwordSet: Type.Boolean({ description: 'Whether there is a password; it is never shown.' }),
  from: Type.String(),
  replyTo: Type.Optional(Type.String()),
})
export type MailGatewayWire = Static<typeof mailGatewayWire>

const text = (most: number) => Type.String({ maxLength: most })
const removable = (most: number) => Type.Optional(Type.Union([text(most), Type.Null()]))

/** POST and PUT. Members that are given stand in the place of those before; null takes an optional one away. */
export const mailGatewayWrite = Type.Object(
  {
    id: Type.Optional(text(100)),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    notes: removable(1000),
    enabled: Type.Optional(Type.Boolean()),
    priority: Type.Optional(priority),
    host: Type.Optional(text(253)),
    port: Type.Optional(port),
    security: Type.Optional(security),
    user: removable(200),
    password: removable(1000),
    from: Type.Optional(text(320)),
    replyTo: removable(320),
    meta: Type.Optional(Type.Object({ version: Type.Optional(Type.Integer()) })),
  },
  { additionalProperties: true },
)
export type MailGatewayWrite = Static<typeof mailGatewayWrite>
