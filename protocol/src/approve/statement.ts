/** Who a service is, and the statements of its approve root about working keys and its successor (approve protocol, section 3). */
import { type Static, Type } from 'typebox'
import { ecKey } from './public-key.ts'
import { base64url, compact, time } from './text.ts'

export const STATEMENT_TYPE = 'cs-statement+jwt'

export const statementPayload = Type.Object({
  use: Type.Union([Type.Literal('working'), Type.Literal('successor')]),
  jwk: ecKey,
  tenant: Type.String({ maxLength: 64 }),
  iat: time,
  exp: time,
})
export type Statement = Static<typeof statementPayload>

export const service = Type.Object({
  service: Type.String({ maxLength: 512 }),
  tenant: Type.String({ maxLength: 64 }),
  root: ecKey,
  statements: Type.Array(compact(2048), { maxItems: 16 }),
  server_time: time,
  /** The key that a Web Push subscription is made for (RFC 8292): an uncompressed P-256 point. Absent when the tenant sends none. */
  vapid: Type.Optional(base64url(87)),
  capabilities: Type.Array(Type.String({ maxLength: 16 }), { maxItems: 16 }),
})
export type ServiceAnswer = Static<typeof service>
