/** `POST /{tenant}/authn/token`: what may be sent, what is answered. RFC 6749 sections 4.3, 4.4 and 5.1, plus `hid` members. */
import { Type } from 'typebox'

const text = (maxLength: number, description: string) => Type.Optional(Type.String({ maxLength, description }))

export const tokenRequest = Type.Object(
  {
    grant_type: Type.String({
      maxLength: 128,
      description:
        '`client_credentials`, `password`, `authorization_code`, `urn:openid:params:grant-type:ciba`, `ciba_delete` or `api_otp`.',
    }),
    client_id: text(128, 'With `client_secret`: the client proves itself in the body.'),
    client_secret: text(512, 'Never in the query string.'),
    client_assertion: text(8192, 'A JWT signed by the client, instead of its secret. RFC 7523.'),
    client_assertion_type: text(128, '`urn:ietf:params:oauth:client-assertion-type:jwt-bearer`.'),
    scope: text(1024, 'Blank-separated; missing means all scopes of the client.'),
    username: text(255, 'What the user signs in with.'),
    password: text(
      512,
      'Password, one-time code, response or signature; under a policy of codes by mail and SMS the activation code or `null`, which sends one.',
    ),
    authType: text(32, 'Authentication policy, `AT_OTP`; missing means the default of the client.'),
    mode: text(16, '`SYNCHRONOUS` (one-time code), `ASYNCHRONOUS` (response to a challenge) or `SIGNING`.'),
    device_id: text(20, 'Internal id of the device that answered.'),
    channel: text(32, '`CH_EXTRAPP`; missing means the default of the client.'),
    context: text(
      2048,
      '`sign1:1122:false sign2:3344:false sign3:5566:false`; of a code for a transaction `txID:…:false correlationId:…:false`.',
    ),
    code: text(512, 'What the login handed out; good once.'),
    redirect_uri: text(2000, 'That of the authorization request; may be left out where `code_verifier` stands.'),
    code_verifier: text(128, 'PKCE; needed exactly when the request carried a `code_challenge`.'),
    auth_req_id: text(128, 'Of a push request, or the id of a provision.'),
    noToken: text(5, '`1` only validates: no session, no token.'),
  },
  { additionalProperties: true },
)

export const tokenAnswer = Type.Object({
  access_token: Type.Optional(Type.String({ description: 'Opaque, 40 characters; `IA==` when `noToken` was 1.' })),
  token_type: Type.Optional(Type.Literal('Bearer', { description: 'Beside every `access_token`.' })),
  expires_in: Type.Optional(Type.Integer({ description: 'Seconds; absent when `noToken` was 1.' })),
  context: Type.Optional(
    Type.Record(Type.String(), Type.String(), {
      description: '`AUTHENTICATION_OOB_SENT` when a code was asked for that goes out by mail or SMS.',
    }),
  ),
  otp: Type.Optional(Type.String({ description: 'With `api_otp`: the code, for the caller to bring to the user.' })),
  scope: Type.Optional(Type.String()),
  id_token: Type.Optional(Type.String()),
  auth_req_id: Type.Optional(Type.String()),
  deviceid: Type.Optional(Type.String({ description: 'Of a registration.' })),
  usercode: Type.Optional(Type.String({ description: 'Of a registration.' })),
  response: Type.Optional(Type.String({ description: 'Of a registration.' })),
  key_thumbprint: Type.Optional(Type.String({ description: 'Of a registration.' })),
})
