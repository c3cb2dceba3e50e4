/**
 * Which makers' keys a tenant trusts: `GET` and `PUT /configuration/{tenant}/v2/Fido/Policy`, and what is known of one model:
 * `GET …/Fido/Models/{aaguid}`; ours. A policy that is put stands in the place of the one before.
 */
import { type Static, Type } from 'typebox'
import { configurationMeta } from './meta.ts'

export const FIDO_POLICY = 'urn:hid:scim:api:idp:2.0:FidoPolicy'
export const FIDO_MODEL = 'urn:hid:scim:api:idp:2.0:FidoModel'

const UUID = '^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$'

const refusedStatuses = Type.Array(Type.String({ pattern: '^[A-Za-z0-9_]{1,64}$' }), {
  maxItems: 50,
  description: 'Statuses of the FIDO metadata, as in REVOKED; a model that has one of them is refused.',
})
const allowUntrustedDirect = Type.Boolean({
  description: 'Whether attestation "direct" without a list of models takes keys that nobody vouches for.',
})
const certificate = Type.String({ maxLength: 16_384, description: 'A certificate, PEM.' })
const aaguids = Type.Array(Type.String({ pattern: UUID }), {
  minItems: 1,
  maxItems: 100,
  description: 'The models that it vouches for.',
})

export const fidoPolicyWire = Type.Object({
  schemas: Type.Array(Type.String()),
  refusedStatuses,
  anchors: Type.Array(
    Type.Object({ certificate, aaguids, subject: Type.String(), validTo: Type.String({ format: 'date-time' }) }),
  ),
  allowUntrustedDirect,
  meta: Type.Optional(configurationMeta),
})
export type FidoPolicyWire = Static<typeof fidoPolicyWire>

export const fidoPolicyWrite = Type.Object(
  {
    refusedStatuses: Type.Optional(refusedStatuses),
    anchors: Type.Optional(
      Type.Array(Type.Object({ certificate, aaguids }, { additionalProperties: true }), { maxItems: 50 }),
    ),
    allowUntrustedDirect: Type.Optional(allowUntrustedDirect),
    meta: Type.Optional(Type.Object({ version: Type.Optional(Type.Integer()) })),
  },
  { additionalProperties: true },
)
export type FidoPolicyWrite = Static<typeof fidoPolicyWrite>

export const fidoModelWire = Type.Object({
  schemas: Type.Array(Type.String()),
  id: Type.String({ description: 'The AAGUID.' }),
  description: Type.Optional(Type.String({ description: 'The name of the model in the FIDO metadata.' })),
  statuses: Type.Array(
    Type.Object({
      status: Type.String(),
      effectiveDate: Type.Optional(Type.String()),
      oneCertificate: Type.Boolean({ description: 'It concerns keys with one attestation certificate only.' }),
      refused: Type.Boolean({ description: 'Refused by the policy of this tenant.' }),
    }),
  ),
  anchors: Type.Object({
    metadata: Type.Integer({ description: 'Certificates of the FIDO metadata.' }),
    policy: Type.Integer({ description: 'Certificates of the policy.' }),
  }),
  usable: Type.Boolean({ description: 'Whether a genuine key of this model passes a list of models that names it.' }),
  reason: Type.Optional(Type.String({ description: 'Why not, as the audit says it.' })),
  meta: Type.Optional(configurationMeta),
})
export type FidoModelWire = Static<typeof fidoModelWire>
