/**
 * Parameters of an authorization request, as `par` and `login` take them. RFC 6749 section 4.1.1, OpenID Connect Core section 3.1.2.1,
 * RFC 7636, RFC 9101, RFC 9126. Values are checked by the server and not by this shape; names that nobody knows are ignored.
 */
import { Type } from 'typebox'

const text = (maxLength: number, description: string) => Type.Optional(Type.String({ maxLength, description }))

export const authorizationParameters = {
  client_id: text(128, 'Of the client that asks.'),
  response_type: text(64, '`code`, `code id_token` or `id_token`; a comma does as well as a blank.'),
  response_mode: text(64, '`query`, `fragment` or `form_post`.'),
  redirect_uri: text(2000, 'One of those that the client registered, byte for byte.'),
  scope: text(1024, 'Blank-separated; missing means all scopes of the client.'),
  state: text(2048, 'Comes back as it is.'),
  nonce: text(1024, 'Comes back in the id_token; needed where that comes through the browser.'),
  code_challenge: text(128, 'PKCE; needed of public clients.'),
  code_challenge_method: text(16, '`S256`.'),
  acr_values: text(1024, 'Classes of assurance that will do.'),
  login_hint: text(255, 'What the user signs in with.'),
  id_token_hint: text(8192, 'An id_token of ours: its subject is to sign in.'),
  prompt: text(64, '`login`, `consent`, `select_account`; `none` never succeeds.'),
  max_age: Type.Optional(Type.Union([Type.String({ maxLength: 9 }), Type.Integer()])),
  ui_locales: text(256, 'Languages of the page, the best first.'),
  request: text(8192, 'The same parameters in a JWT signed by the client: RS256, PS256 or ES256.'),
}

export const parRequest = Type.Object(
  {
    ...authorizationParameters,
    client_secret: text(512, 'Never in the query string.'),
    client_assertion: text(8192, 'RFC 7523.'),
    client_assertion_type: text(128, 'RFC 7523.'),
  },
  { additionalProperties: true },
)
