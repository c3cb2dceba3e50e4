/**
 * The calls by which somebody signs in, from a page of ours or of an application: `par`, `login`, `flow`, `theme`, `code`, `consent`. The
 * reference publishes `password`, `code_request` and `fido_challenge`; all other names of grants and parameters are ours and
 * stand here only, so that they can follow when the reference's become known.
 */
import { type Static, Type } from 'typebox'

/** `grant_type` of POST `code`. */
export const SIGN_IN_GRANTS = {
  /** A factor is proved: password, one-time code, activation code; push is started and asked after. */
  prove: 'password',
  /** Options for a passkey: the answer is PublicKeyCredentialRequestOptions as JSON. */
  askPasskey: 'fido_challenge',
  /** A challenge for a contactless card (class CARD) whose application asks for a proof; ours. */
  askCard: 'card_challenge',
  /** A code is sent (class OOB). */
  send: 'oob',
  change: 'password_change',
  askReset: 'password_reset_request',
  reset: 'password_reset',
  /** Ends the login: the authorization code comes in the answer. */
  end: 'code_request',
  /** The person gives up; the client is told `access_denied`. */
  cancel: 'cancel',
} as const

export const CSRF = 'server-csrf-token'

const text = (maxLength: number, description: string) => Type.Optional(Type.String({ maxLength, description }))
const uri = Type.String({ maxLength: 64, description: '`urn:hid:` and a UUID, from `par` or `login`.' })

export const loginQuery = Type.Object({ request_uri: text(64, 'From `par`.') }, { additionalProperties: true })

export const flowQuery = Type.Object(
  { request_uri: uri, username: text(255, 'What the person signs in with.') },
  { additionalProperties: true },
)
export const themeQuery = Type.Object(
  { request_uri: uri, theme_id: text(128, 'Missing means that of the workflow or the client.') },
  { additionalProperties: true },
)
export const requestQuery = Type.Object({ request_uri: uri }, { additionalProperties: true })

export const codeRequest = Type.Object(
  {
    request_uri: uri,
    grant_type: Type.String({ maxLength: 64, description: Object.values(SIGN_IN_GRANTS).join(', ') }),
    username: text(255, 'What the person signs in with.'),
    authType: text(64, 'The policy of the factor: `AT_CUSTPWD`.'),
    password: Type.Optional(
      Type.Union(
        [
          Type.String({ maxLength: 8192 }),
          Type.Record(Type.String({ maxLength: 64 }), Type.Unknown(), { maxProperties: 16 }),
        ],
        {
          description:
            'Password, one-time code or activation code, 512 characters at most; not for push. Of a passkey its assertion, of a card `{csn, type, application}` and its answer: as an object or as JSON text.',
        },
      ),
    ),
    device_id: text(20, 'Push: the device that is asked. Missing means the one used last.'),
    oob_method: text(16, '`email` or `sms`.'),
    action_id: text(128, 'Of the workflow: `action.change_password`.'),
    method: text(16, 'How the code of a reset is sent: `email` or `sms`.'),
    old_password: text(512, 'Change of a password.'),
    new_password: text(512, 'Change or reset of a password.'),
    reset_code: text(64, 'What was sent.'),
    [CSRF]: text(64, 'Of pages without scripts, in the place of the header.'),
  },
  { additionalProperties: true },
)
export type CodeRequest = Static<typeof codeRequest>

export const consentRequest = Type.Object(
  {
    request_uri: uri,
    username: text(255, 'Not looked at.'),
    sharings: Type.Optional(
      Type.Union([
        Type.String({ maxLength: 8192, description: 'JSON text of a list of `{scope, status, exp}`.' }),
        Type.Array(Type.Unknown(), { maxItems: 100 }),
      ]),
    ),
    [CSRF]: text(64, 'Of pages without scripts, in the place of the header.'),
  },
  { additionalProperties: true },
)
export type ConsentRequest = Static<typeof consentRequest>

export const sharing = Type.Object(
  {
    scope: Type.String({ maxLength: 128 }),
    status: Type.String({ maxLength: 16, description: '`accepted` or `refused` (also `denied`).' }),
    exp: Type.Optional(
      Type.Union([Type.Integer(), Type.String({ maxLength: 12 })], { description: 'Seconds; -1: without end.' }),
    ),
  },
  { additionalProperties: true },
)

/** What the page is to do now; ours, beside the lists of the reference. */
export const progressAnswer = Type.Object({
  step: Type.String({ description: '`first`, `second`, `consent`, `ready` or `failed`.' }),
  username: Type.Optional(Type.String()),
  first: Type.Optional(Type.String({ description: 'The first factor that was proved.' })),
  protection: Type.Optional(
    Type.String({ description: 'What protects an enrolment and was proved, while that counts.' }),
  ),
  error: Type.Optional(Type.String()),
  error_description: Type.Optional(Type.String()),
})

const shown = Type.Record(Type.String(), Type.Unknown())
export const flowAnswer = Type.Object({
  actions: Type.Array(shown),
  firstFactors: Type.Array(shown),
  secondFactors: Type.Array(shown),
  enrollActions: Type.Array(shown),
  enrollProtectionFactors: Type.Optional(Type.Array(shown, { description: 'What protects these; ours.' })),
  progress: progressAnswer,
})
export type FlowAnswer = Static<typeof flowAnswer>

export const codeAnswer = Type.Object(
  {
    expires_in: Type.Optional(Type.Integer({ description: 'Seconds until the authenticator expires.' })),
    sent: Type.Optional(Type.String({ description: 'By which road a code is on its way.' })),
    to: Type.Optional(Type.String({ description: 'Where to, masked.' })),
    code: Type.Optional(Type.String()),
    id_token: Type.Optional(Type.String()),
    state: Type.Optional(Type.String()),
    redirect_uri: Type.Optional(Type.String()),
    iss: Type.Optional(Type.String()),
  },
  { additionalProperties: true },
)

export const consentAnswer = Type.Object({
  consents: Type.Array(
    Type.Object({
      clientid: Type.String(),
      sharing_duration: Type.Integer(),
      description: Type.String(),
      sharings: Type.Array(Type.Object({ scope: Type.String(), description: Type.String(), status: Type.String() })),
    }),
  ),
})

export const parAnswer = Type.Object({
  request_uri: Type.String(),
  expires_in: Type.Integer({ description: 'Seconds until the login must have begun.' }),
})
