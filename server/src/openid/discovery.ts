/**
 * GET /{tenant}/authn/.well-known/openid-configuration: what this tenant offers, true for what exists.
 * OpenID Connect Discovery 1.0. The issuer stands under the prefix the caller used (`/idp` or none), as section 4.3 demands.
 */
import { discoveryAnswer } from '@countersign/protocol/openid/discovery.ts'
import { RESPONSE_MODES, RESPONSE_TYPES } from '#domain/login.ts'
import type { Tenant } from '#domain/tenant.ts'
import { anyone, endpoint, type Situation } from '#http/endpoint.ts'
import { grants } from '#openid/grants/grants.ts'
import { issuerOf } from '#openid/issuer.ts'
import { assertionAlgorithms, authMethods } from '#openid/register-metadata.ts'
import { requestAlgorithms } from '#openid/register-sign-in.ts'

const claims = [
  ...['sub', 'iss', 'aud', 'iat', 'exp', 'auth_time', 'nonce', 'acr', 'amr', 'at_hash', 'c_hash'],
  ...['preferred_username', 'given_name', 'family_name', 'email', 'phone_number', 'groupids', 'roles'],
]

export const discovery = endpoint({
  method: 'GET',
  path: '/{tenant}/authn/.well-known/openid-configuration',
  summary: 'The metadata of the tenant as an OpenID provider.',
  access: anyone('metadata is public by its standard'),
  answers: { status: 200, shape: discoveryAnswer },
  refusals: ['not_found'],

  async handle(_, { tenant, origin }: Situation<Tenant>) {
    const issuer = issuerOf(origin, tenant)
    return {
      body: {
        issuer,
        token_endpoint: `${issuer}/token`,
        userinfo_endpoint: `${issuer}/userinfo`,
        jwks_uri: `${issuer}/jwks`,
        backchannel_authentication_endpoint: `${issuer}/bcauthorize`,
        registration_endpoint: `${issuer}/register`,
        authorization_endpoint: `${issuer}/login`,
        pushed_authorization_request_endpoint: `${issuer}/par`,
        hid_code_endpoint: `${issuer}/code`,
        hid_consent_endpoint: `${issuer}/consent`,
        hid_flow_endpoint: `${issuer}/flow`,
        hid_theme_endpoint: `${issuer}/theme`,
        grant_types_supported: [...grants.keys()],
        token_endpoint_auth_methods_supported: authMethods,
        token_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
        scopes_supported: ['openid', 'profile', 'email', 'phone', 'hid-tx-sign'],
        response_types_supported: RESPONSE_TYPES,
        response_modes_supported: RESPONSE_MODES,
        code_challenge_methods_supported: ['S256'],
        prompt_values_supported: ['login', 'consent', 'select_account'],
        request_parameter_supported: true,
        // Those that `par` gave are no addresses; none is fetched.
        request_uri_parameter_supported: false,
        request_object_signing_alg_values_supported: requestAlgorithms,
        authorization_response_iss_parameter_supported: true,
        subject_types_supported: ['public'],
        userinfo_signing_alg_values_supported: ['RS256'],
        id_token_signing_alg_values_supported: ['RS256', 'ES256'],
        id_token_encryption_alg_values_supported: ['RSA-OAEP-256'],
        id_token_encryption_enc_values_supported: ['A128CBC-HS256', 'A256GCM'],
        backchannel_token_delivery_modes_supported: ['poll', 'ping', 'push'],
        claims_supported: claims,
      },
    }
  },
})
