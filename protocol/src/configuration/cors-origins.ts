/**
 * The origins whose pages may read a tenant's answers: `GET` and `PUT /configuration/{tenant}/v2/CorsOrigins`; ours. A list that is
 * put stands in the place of the one before.
 */
import { type Static, Type } from 'typebox'
import { configurationMeta } from './meta.ts'

export const CORS_ORIGINS = 'urn:hid:scim:api:idp:2.0:CorsOrigins'

const origins = Type.Array(
  Type.String({
    maxLength: 300,
    description: 'As a browser writes it: https://portal.example, http on this machine only.',
  }),
  { maxItems: 50 },
)

export const corsOriginsWire = Type.Object({
  schemas: Type.Array(Type.String()),
  origins,
  meta: Type.Optional(configurationMeta),
})

export const corsOriginsWrite = Type.Object(
  { origins, meta: Type.Optional(Type.Object({ version: Type.Optional(Type.Integer()) })) },
  { additionalProperties: true },
)
export type CorsOriginsWrite = Static<typeof corsOriginsWrite>
