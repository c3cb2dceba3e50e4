/**
 * `POST /{tenant}/authn/register`: what a client says about itself, and what it is told. RFC 7591 section 2, OpenID Connect Registration
 * 1.0, CIBA Core section 4, and members of the reference (`hid_…`) and of ours. Values are checked by the server and not by
 * this shape, so that a wrong one is refused as `invalid_client_metadata`; members that nobody knows are kept and shown again.
 */
import { Type } from 'typebox'

const member = (description: string) => Type.Optional(Type.Unknown({ description }))

export const registerRequest = Type.Object(
  {
    client_name: member('Shown to users: 1 to 100 characters.'),
    redirect_uris: member(
      'Up to 20 absolute URIs: https, or http on a loopback host; native ones also com.example.app:/…',
    ),
    application_type: member('`web` (default) or `native`.'),
    token_endpoint_auth_method: member(
      '`client_secret_basic` (default), `client_secret_post`, `private_key_jwt`, `none`.',
    ),
    token_endpoint_auth_signing_alg: member('The one algorithm of its assertions: `RS256`, `PS256` or `ES256`.'),
    grant_types: member('`client_credentials`, `password`, `authorization_code`, `urn:openid:params:grant-type:ciba`.'),
    response_types: member('`code`, `code id_token`, `id_token`.'),
    scope: member('Blank-separated: `openid profile email phone offline_access hid-tx-sign`.'),
    hid_client_scopes: member('The same as JSON in a text: `{"scopes":["openid"]}`.'),
    jwks: member('At most ten public keys: RSA of 2048 bits and more, or P-256.'),
    id_token_signed_response_alg: member('`RS256` (default) or `ES256`.'),
    id_token_encrypted_response_alg: member('`RSA-OAEP-256`; needs a key with `use` `enc`.'),
    id_token_encrypted_response_enc: member('`A128CBC-HS256` (default) or `A256GCM`.'),
    hid_client_channel: member('A channel of the tenant.'),
    hid_user_channel: member('Channel of its users: `CH_EXTRAPP`.'),
    hid_user_authn_policy: member('Policy when a call names none: `AT_STDPWD`.'),
    hid_client_pwd_policy: member('Policy of its own sessions: `AT_SYSLOG`.'),
    hid_client_consentprompt: member('`true`: people are asked before anything about them is shared.'),
    hid_client_pki_policy: member('Policy of the sessions that it opens by an assertion: `AT_JWT`.'),
    workflow_id: member('The workflow by which its users sign in; one of the tenant.'),
    theme_id: member('How the portal looks for them; one of the tenant.'),
    request_object_signing_alg: member('The one algorithm of its request objects: `RS256`, `PS256` or `ES256`.'),
    require_signed_request_object: member('`true`: only what its request objects say counts.'),
    require_pushed_authorization_requests: member('`true`: its requests come by `par`.'),
    userinfo_signed_response_alg: member('`RS256` (default); empty or `none`: plain JSON.'),
    hid_ciba_callback_format_plain: member('`True`: id_tokens of results are not signed.'),
    hid_callback_uris: member('Further addresses that may be called back.'),
    backchannel_token_delivery_mode: member('`push` (default), `ping` or `poll`.'),
    backchannel_client_notification_endpoint: member('Where results are sent to.'),
    number_matching: member('Users type two digits that the client shows. False when nothing is said.'),
    userless_silent: member(
      'User-less requests may be signed without asking. As the registering client when nothing is said.',
    ),
    dcs: member('Devices may start signatures for it. As the registering client when nothing is said.'),
    dcs_free_text: member('… with text of their own. As the registering client when nothing is said.'),
  },
  { additionalProperties: true },
)

export const clientInformation = Type.Object(
  {
    client_id: Type.String({ description: 'Decimal digits.' }),
    client_secret: Type.Optional(Type.String({ description: 'Shown this once.' })),
    client_secret_expires_at: Type.Optional(Type.Integer({ description: '0: it does not expire.' })),
    client_id_issued_at: Type.Integer({ description: 'Seconds since 1970.' }),
    registration_client_uri: Type.String({ description: 'Where it is read and deleted.' }),
  },
  { additionalProperties: true },
)
