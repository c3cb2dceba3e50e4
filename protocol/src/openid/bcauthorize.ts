/**
 * `POST /{tenant}/authn/bcauthorize`: what may be sent, what is answered. CIBA Core 1.0 section 7, with `login_hint_token` as the
 * reference has it: an unsigned JWT of parameters.
 */
import { type Static, Type } from 'typebox'

const text = (maxLength: number, description: string) => Type.Optional(Type.String({ maxLength, description }))

export const bcauthorizeRequest = Type.Object(
  {
    scope: text(1024, '`openid`; `hid-tx-sign` adds what the user signed to the id_token.'),
    acr_values: text(1024, 'Not looked at.'),
    login_hint_token: text(32_768, 'A JWT of parameters: usercode, deviceid, authpol, channel, tds, createSession …'),
    login_hint: text(255, 'What the user signs in with.'),
    id_token_hint: text(8192, 'An id_token of ours for the user.'),
    binding_message: text(4000, 'The text to be approved.'),
    client_notification_token: text(1024, 'Bearer of the callback, for ping and push.'),
    requested_expiry: Type.Optional(Type.Union([Type.String({ maxLength: 6 }), Type.Integer()])),
    client_id: text(128, 'With a proof of the client in the body.'),
    client_secret: text(512, 'Never in the query string.'),
    client_assertion: text(8192, 'RFC 7523.'),
    client_assertion_type: text(128, 'RFC 7523.'),
  },
  { additionalProperties: true },
)
export type BcauthorizeRequest = Static<typeof bcauthorizeRequest>

/** Claims of `login_hint_token`; everything else in it is not looked at. */
export const hintClaims = Type.Object({
  usercode: text(255, 'What the user signs in with.'),
  deviceid: Type.Optional(Type.Union([Type.String({ maxLength: 20 }), Type.Integer()])),
  authpol: text(32, 'The policy: `AT_PASA` for log-ons, `AT_TDS` for actions.'),
  channel: text(32, '`CH_DIRECT`; missing means that of the client.'),
  tds: text(4000, 'The text to be approved.'),
  createSession: Type.Optional(Type.Union([Type.String({ maxLength: 5 }), Type.Integer(), Type.Boolean()])),
  mode: text(32, '`userid_less`: whoever scans the code answers.'),
  device_type: text(32, 'With mode userid_less.'),
  cal: text(256, 'With mode userid_less: a subset of the statuses, joined by `|`.'),
  RMSInfo: text(8192, 'An unsigned JWT for a risk service.'),
})
export type HintClaims = Static<typeof hintClaims>

export const bcauthorizeAnswer = Type.Object({
  auth_req_id: Type.String(),
  interval: Type.Integer({ description: 'Seconds between polls.' }),
  expires_in: Type.Integer({ description: 'Seconds for the user to answer.' }),
  number: Type.Optional(
    Type.String({ description: 'To be shown to the user, who types it; for clients registered with number_matching.' }),
  ),
  txid: Type.Optional(Type.String({ description: 'With mode userid_less: the text of the QR code.' })),
})

export const deliveriesAnswer = Type.Object({
  deliveries: Type.Array(
    Type.Object({
      kind: Type.String({ description: 'wake, result, ping or registration.' }),
      attempt: Type.Integer(),
      at: Type.String(),
      outcome: Type.String(),
      status: Type.Union([Type.Integer(), Type.Null()]),
    }),
  ),
})
