/**
 * The calls by which somebody enrols a key of his own while he signs in: `enroll/code` (what protects it), `enroll/fido`, `enroll/card`.
 * The reference publishes their names, the two steps and most parameters.
 */
import { Type } from 'typebox'
import { presentedCard } from '../card/presented.ts'
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

export const enrolCodeAnswer = Type.Object(
  { expires_in: Type.Optional(Type.Integer({ description: 'Seconds until the authenticator expires.' })) },
  { additionalProperties: true },
)

/** The steps of `enroll/fido` (the first and the last) and of `enroll/card` (the last two; `challenge` is ours). */
export const ENROL_STEPS = {
  options: 'getcredentialoptions',
  challenge: 'getchallenge',
  register: 'registercredential',
} as const

const anything = Type.Record(Type.String({ maxLength: 64 }), Type.Unknown(), { maxProperties: 16 })

export const enrolPasskeyRequest = Type.Object(
  {
    request_uri: uri,
    enroll_step: Type.String({ maxLength: 32, description: `${ENROL_STEPS.options}, ${ENROL_STEPS.register}` }),
    username: text(255, 'What the person signs in with.'),
    authType: text(64, 'The policy of the enrolment: `AT_FIDO`.'),
    enroll_id: text(128, 'Of the workflow, where more than one enrolment is of this policy.'),
    credential: Type.Optional(anything),
    friendly_name: text(64, 'How its owner calls it; missing means the name of its model.'),
  },
  { additionalProperties: true },
)

export const enrolPasskeyAnswer = Type.Object(
  {
    publicKeyCredentialOptions: Type.Optional(anything),
    device_id: Type.Optional(Type.String({ description: 'Of the device that it became.' })),
    friendly_name: Type.Optional(Type.String()),
  },
  { additionalProperties: true },
)

export const enrolCardRequest = Type.Object(
  {
    request_uri: uri,
    enroll_step: Type.String({ maxLength: 32, description: `${ENROL_STEPS.challenge}, ${ENROL_STEPS.register}` }),
    username: text(255, 'What the person signs in with.'),
    authType: text(64, '`AT_CARD`, the policy of the application, or the code of the enrolment.'),
    enroll_id: text(128, 'Of the workflow, where more than one enrolment fits.'),
    application: text(64, 'With `getchallenge`: which one; missing means each that is allowed.'),
    credential: Type.Optional(presentedCard),
  },
  { additionalProperties: true },
)

/** What `getchallenge` and `card_challenge` answer. */
export const cardChallengeAnswer = {
  challenge: Type.Optional(Type.String({ description: '32 bytes, base64url.' })),
  use: Type.Optional(Type.String({ description: '`enrol` or `sign-in`: goes into what the card computes over.' })),
  expires_in: Type.Optional(Type.Integer()),
  applications: Type.Optional(
    Type.Array(
      Type.Object({
        application: Type.String(),
        types: Type.Array(Type.String()),
        proof: Type.String({ description: '`none`, `cmac` or `ecdsa`.' }),
      }),
    ),
  ),
}

export const enrolCardAnswer = Type.Object(
  { ...cardChallengeAnswer, device_id: Type.Optional(Type.String({ description: 'Of the device that it became.' })) },
  { additionalProperties: true },
)
