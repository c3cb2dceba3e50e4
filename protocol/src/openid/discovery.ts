/** `GET /{tenant}/authn/.well-known/openid-configuration` and `…/jwks`. OpenID Connect Discovery 1.0 section 3, RFC 7517. */
import { Type } from 'typebox'

const list = Type.Array(Type.String())

export const discoveryAnswer = Type.Object({
  issuer: Type.String(),
  token_endpoint: Type.String(),
  userinfo_endpoint: Type.String(),
  jwks_uri: Type.String(),
  registration_endpoint: Type.String(),
  authorization_endpoint: Type.String(),
  pushed_authorization_request_endpoint: Type.String(),
  hid_code_endpoint: Type.String(),
  hid_consent_endpoint: Type.String(),
  hid_flow_endpoint: Type.String(),
  hid_theme_endpoint: Type.String(),
  backchannel_authentication_endpoint: Type.String(),
  backchannel_token_delivery_modes_supported: list,
  grant_types_supported: list,
  token_endpoint_auth_methods_supported: list,
  token_endpoint_auth_signing_alg_values_supported: list,
  scopes_supported: list,
  response_types_supported: list,
  response_modes_supported: list,
  code_challenge_methods_supported: list,
  prompt_values_supported: list,
  request_parameter_supported: Type.Boolean(),
  request_uri_parameter_supported: Type.Boolean(),
  request_object_signing_alg_values_supported: list,
  authorization_response_iss_parameter_supported: Type.Boolean(),
  subject_types_supported: list,
  userinfo_signing_alg_values_supported: list,
  id_token_signing_alg_values_supported: list,
  id_token_encryption_alg_values_supported: list,
  id_token_encryption_enc_values_supported: list,
  claims_supported: list,
})

export const jwksAnswer = Type.Object({
  keys: Type.Array(Type.Object({ kty: Type.String() }, { additionalProperties: true })),
})
