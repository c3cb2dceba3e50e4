/**
 * The calls by which somebody enrols a key of his own while he signs in: `enroll/code` (what protects it), `enroll/fido`, `enroll/card`.
 * The reference publishes their names, the two steps and most parameters.
 */
import { type Static, Type } from 'typebox'
import { CSRF } from './sign-in.ts'

const text = (maxLength: number, description: string) => Type.Optional(Type.String({ maxLength, description }))
const uri = Type.String({ maxLength: 64, description: '`urn:hid:` and a UUID, from `par` or `login`.' })

export const enrolCodeRequest = Type.Object(
  {
    request_uri: uri,
    grant_type: Type.String({ maxLength: 64, description: '`password`' }),
    username: text(255, 'What the person signs in with.'),
    authType: text(64, 'The policy of the protection factor: `AT_EMPPWD`.'),
    password: text(512, 'Password or one-time code.'),
    [CSRF]: text(64, 'Of pages without scripts, in the place of the header.'),
  },
  { additionalProperties: true },
)
export type EnrolCodeRequest = Static<typeof enrolCodeRequest>

export const enrolCodeAnswer = Type.Object(
  { expires_in: Type.Optional(Type.Integer({ description: 'Seconds until the authenticator expires.' })) },
  { additionalProperties: true },
)
