/**
 * Applications of contactless cards: `/configuration/{tenant}/v2/Application/CardAuth`. Members are the reference's, of both its shapes
 * (`type` as a list or one text; ids of what belongs to it under either name); `proof` is ours. Without it cards only identify.
 */
import { type Static, Type } from 'typebox'
import { configurationMeta } from './meta.ts'

export const CARD_AUTH = 'urn:hid:scim:api:idp:2.0:application:CardAuth'

const text = (maxLength: number, description?: string) =>
  Type.Optional(Type.String({ maxLength, ...(description === undefined ? {} : { description }) }))
/** A number, also as its decimal text. */
const count = (description: string) =>
  Type.Optional(Type.Union([Type.Integer(), Type.String({ pattern: '^-?[0-9]{1,15}$' })], { description }))
const make = Type.String({ minLength: 1, maxLength: 64, description: 'As a reader names it: `Seos`.' })

const policyNumbers = {
  disableThreshold: count('Consecutive failures that disable.'),
  defaultExpiryThreshold: count('Successful uses; -1 no limit.'),
  sessionTimeout: count('Milliseconds without use that end a session.'),
  sessionValidPeriod: count('Milliseconds after which a session ends.'),
  disabledTimeReset: count('Seconds after which a block lifts itself; 0 never.'),
}

export const cardAuthWrite = Type.Object(
  {
    id: text(64, 'Chosen by the caller: `APP_CARD`.'),
    name: text(100),
    notes: text(500),
    type: Type.Optional(Type.Union([make, Type.Array(make, { minItems: 1, maxItems: 20 })])),
    deviceType: Type.Optional(
      Type.Object(
        { name: text(100), notes: text(500), maximumDevicePerUser: count('-1 no limit.') },
        { additionalProperties: true },
      ),
    ),
    authenticatorPolicy: Type.Optional(
      Type.Object({ ...policyNumbers, levelOfAssurance: text(200) }, { additionalProperties: true }),
    ),
    proof: Type.Optional(
      Type.Object(
        {
          type: Type.Union([Type.Literal('cmac'), Type.Literal('ecdsa')]),
          masterKey: Type.Optional(
            Type.String({
              pattern: '^[0-9A-Fa-f]{32}$',
              description: 'cmac: AES-128, hexadecimal. Never shown again.',
            }),
          ),
        },
        { additionalProperties: false, description: 'What cards compute over a challenge: docs/card-protocol.md.' },
      ),
    ),
  },
  { additionalProperties: true },
)
export type CardAuthWrite = Static<typeof cardAuthWrite>

export const cardAuthWire = Type.Object({
  schemas: Type.Array(Type.String()),
  id: Type.String(),
  name: Type.String(),
  notes: Type.Optional(Type.String()),
  type: Type.Array(Type.String()),
  deviceType: Type.Object({
    devicetypeId: Type.String(),
    id: Type.String(),
    name: Type.String(),
    notes: Type.Optional(Type.String()),
    maximumDevicePerUser: Type.Integer(),
  }),
  credentialType: Type.Object({ id: Type.String() }),
  authenticatorPolicy: Type.Object({
    authenticatorPolicyId: Type.String(),
    id: Type.String(),
    disableThreshold: Type.Integer(),
    defaultExpiryThreshold: Type.Integer(),
    sessionTimeout: Type.Integer(),
    sessionValidPeriod: Type.Integer(),
    disabledTimeReset: Type.Integer(),
    levelOfAssurance: Type.String(),
  }),
  proof: Type.Optional(Type.Object({ type: Type.String() })),
  meta: Type.Optional(configurationMeta),
})
export type CardAuthWire = Static<typeof cardAuthWire>
