/**
 * Message template on the wire: `/configuration/{tenant}/v2/MessageTemplate`; ours, as the reference has texts only inside workflows.
 * Placeholders: `{$secret}`, `{$validity}`, `{$application}`, `{$link}`.
 */
import { type Static, Type } from 'typebox'
import { configurationMeta } from './meta.ts'

export const MESSAGE_TEMPLATE = 'urn:hid:scim:api:idp:2.0:MessageTemplate'

const purpose = Type.Union(
  [
    Type.Literal('oob'),
    Type.Literal('activation'),
    Type.Literal('reset'),
    Type.Literal('transaction'),
    Type.Literal('invitation'),
  ],
  { description: 'What the message is for.' },
)
const method = Type.Union([Type.Literal('email'), Type.Literal('sms')])

export const messageTemplateWire = Type.Object({
  schemas: Type.Array(Type.String()),
  id: Type.String(),
  name: Type.String(),
  notes: Type.Optional(Type.String()),
  readOnly: Type.Boolean(),
  meta: Type.Optional(configurationMeta),
  purpose,
  method,
  language: Type.String({ description: 'A language tag in lower case: en, de-ch.' }),
  subject: Type.Optional(Type.String()),
  text: Type.String(),
  html: Type.Optional(Type.String()),
})
export type MessageTemplateWire = Static<typeof messageTemplateWire>

/** POST and PUT. Members that are given stand in the place of those before; null takes an optional one away. */
export const messageTemplateWrite = Type.Object(
  {
    id: Type.Optional(Type.String({ maxLength: 100 })),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    notes: Type.Optional(Type.Union([Type.String({ maxLength: 1000 }), Type.Null()])),
    purpose: Type.Optional(purpose),
    method: Type.Optional(method),
    language: Type.Optional(Type.String({ maxLength: 35 })),
    subject: Type.Optional(Type.Union([Type.String({ minLength: 1, maxLength: 200 }), Type.Null()])),
    text: Type.Optional(Type.String({ minLength: 1, maxLength: 4000 })),
    html: Type.Optional(Type.Union([Type.String({ minLength: 1, maxLength: 32_768 }), Type.Null()])),
    meta: Type.Optional(Type.Object({ version: Type.Optional(Type.Integer()) })),
  },
  { additionalProperties: true },
)
export type MessageTemplateWrite = Static<typeof messageTemplateWrite>
