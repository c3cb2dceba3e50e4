/**
 * SMS gateway on the wire: `/configuration/{tenant}/v2/DeliveryGateway/Sms`; ours. A provider is described by templates of one HTTP
 * request, begun from a preset when one is named. Placeholders: `{$to}`, `{$text}`, `{$sender}`, `{$secret.NAME}`, and in headers
 * `{$basic.USER.PASSWORD}` (Base64 of two secrets with a colon between). Secrets are written and never shown.
 */
import { type Static, Type } from 'typebox'
import { configurationMeta } from './meta.ts'

export const SMS_GATEWAY = 'urn:hid:scim:api:idp:2.0:DeliveryGateway:Sms'

const priority = Type.Integer({ minimum: 0, maximum: 1000, description: 'The smallest is tried first.' })
const method = Type.Union([Type.Literal('POST'), Type.Literal('GET')])
const headers = Type.Record(Type.String({ maxLength: 64 }), Type.String({ maxLength: 1000 }))
const contentType = Type.Union(
  [Type.Literal('application/json'), Type.Literal('application/x-www-form-urlencoded'), Type.Literal('text/plain')],
  { description: 'Says how values are encoded in the body.' },
)
const success = Type.Object({
  status: Type.Array(Type.Integer({ minimum: 200, maximum: 299 }), { minItems: 1, maxItems: 20 }),
  contains: Type.Optional(
    Type.String({ minLength: 1, maxLength: 200, description: 'A text that the answer must hold.' }),
  ),
})

export const smsGatewayWire = Type.Object({
  schemas: Type.Array(Type.String()),
  id: Type.String(),
  name: Type.String(),
  notes: Type.Optional(Type.String()),
  readOnly: Type.Boolean(),
  meta: Type.Optional(configurationMeta),
  enabled: Type.Boolean(),
  priority,
  preset: Type.Optional(Type.String()),
  url: Type.String(),
  method,
  headers,
  body: Type.String(),
  contentType,
  sender: Type.Optional(Type.String()),
  success,
  secretsSet: Type.Array(Type.String(), { description: 'Names of the secrets there are; they are never shown.' }),
})
export type SmsGatewayWire = Static<typeof smsGatewayWire>

const text = (most: number) => Type.String({ maxLength: most })

/** POST and PUT. Members that are given stand in the place of those before; null takes an optional one or a secret away. */
export const smsGatewayWrite = Type.Object(
  {
    id: Type.Optional(text(100)),
    preset: Type.Optional(Type.String({ maxLength: 40, description: 'POST only: form-basic or json-bearer.' })),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    notes: Type.Optional(Type.Union([text(1000), Type.Null()])),
    enabled: Type.Optional(Type.Boolean()),
    priority: Type.Optional(priority),
    url: Type.Optional(text(2000)),
    method: Type.Optional(method),
    headers: Type.Optional(headers),
    body: Type.Optional(text(4000)),
    contentType: Type.Optional(contentType),
    sender: Type.Optional(Type.Union([text(40), Type.Null()])),
    secrets: Type.Optional(
      Type.Record(Type.String({ maxLength: 40 }), Type.Union([Type.String({ maxLength: 1000 }), Type.Null()])),
    ),
    success: Type.Optional(success),
    meta: Type.Optional(Type.Object({ version: Type.Optional(Type.Integer()) })),
  },
  { additionalProperties: true },
)
export type SmsGatewayWrite = Static<typeof smsGatewayWrite>
