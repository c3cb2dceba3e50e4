/** The secrets of offline codes as they come to an app, inside a JWE for its sealing key (approve protocol, sections 4 and 9). */
import { type Static, Type } from 'typebox'
import { base64url } from './text.ts'

export const codeKey = Type.Object({
  use: Type.Union([Type.Literal('otp'), Type.Literal('challenge'), Type.Literal('signing')]),
  credential: Type.String({ maxLength: 20 }),
  algorithm: Type.Union([Type.Literal('HOTP'), Type.Literal('TOTP'), Type.Literal('OCRA')]),
  hash: Type.Union([Type.Literal('SHA1'), Type.Literal('SHA256'), Type.Literal('SHA512')]),
  digits: Type.Integer({ minimum: 6, maximum: 10 }),
  step_seconds: Type.Integer({ minimum: 0, maximum: 172_800 }),
  suite: Type.Optional(Type.String({ maxLength: 64 })),
  joiner: Type.Optional(Type.String({ maxLength: 1 })),
  question_length: Type.Optional(Type.Integer({ minimum: 4, maximum: 10 })),
  secret: base64url(128),
})
export type CodeKey = Static<typeof codeKey>
export const codeKeys = Type.Array(codeKey, { maxItems: 8 })
