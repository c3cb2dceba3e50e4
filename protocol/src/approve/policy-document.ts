/** The signed policy document of a device type: what the app enforces and how it looks (approve protocol, section 5). */
import { type Static, Type } from 'typebox'
import { approvalAlgorithms } from './public-key.ts'
import { compact, time } from './text.ts'

export const POLICY_TYPE = 'cs-policy+jwt'

const keyPolicy = Type.Object({
  algorithm: Type.Enum(approvalAlgorithms),
  /** The first is the positive one. */
  statuses: Type.Array(Type.String({ minLength: 1, maxLength: 32 }), { minItems: 1, maxItems: 8 }),
})

export const passwordProtection = Type.Object({
  min_length: Type.Integer({ minimum: 4, maximum: 64 }),
  max_length: Type.Integer({ minimum: 4, maximum: 64 }),
  digits_only: Type.Boolean(),
  max_attempts: Type.Integer({ minimum: 3, maximum: 20 }),
  lock_seconds: Type.Integer({ minimum: 30, maximum: 86_400 }),
})
export type PasswordProtection = Static<typeof passwordProtection>

export const protection = Type.Union([
  Type.Object({ kind: Type.Literal('device') }),
  Type.Object({ kind: Type.Literal('password'), password: passwordProtection }),
])
export type Protection = Static<typeof protection>

export const policyDocument = Type.Object({
  tenant: Type.String({ maxLength: 64 }),
  device_type: Type.String({ maxLength: 32 }),
  version: Type.Integer({ minimum: 0 }),
  iat: time,
  service: Type.Object({
    name: Type.String({ maxLength: 50 }),
    colour: Type.Optional(Type.String({ pattern: '^#[0-9a-f]{6}$' })),
  }),
  protection,
  keys: Type.Object({ logon: keyPolicy, action: keyPolicy }),
  /** Names of the fields of a transaction signature, three at most. */
  labels: Type.Array(Type.String({ maxLength: 40 }), { maxItems: 3 }),
  /** Texts of Direct Client Signatures, with {name} for values. */
  templates: Type.Record(Type.String({ maxLength: 32 }), Type.String({ maxLength: 512 })),
  renew_after_days: Type.Integer({ minimum: 1, maximum: 3650 }),
})
export type PolicyDocument = Static<typeof policyDocument>

export const policyAnswer = Type.Object({ policy: compact(16_384), server_time: time })
